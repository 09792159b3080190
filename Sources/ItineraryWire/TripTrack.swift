package import Itinerary
import Catalogue
import Kernel
import Transport

/// An option as tracks and waypoints for maps and watches (GPX 1.1).
package struct TripTrack {
  private let option: TripOption

  /// An option to be written.
  package init(_ option: TripOption) { self.option = option }

  /// The file.
  package var text: String {
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<gpx version="1.1" creator="Wayfare" xmlns="http://www.topografix.com/GPX/1/1">"#,
    ]
    for stay in option.stays {
      lines.append(point(stay.lodging.point, stay.lodging.name, nil))
      for visit in stay.plan.days.flatMap(\.visits) { lines.append(point(visit.point, visit.name, stay.city.name)) }
    }
    for leg in option.legs {
      lines.append("<trk><name>\(leg.modes.joined(separator: ", ").asMarkup)</name>")
      for part in leg.journey.legs where part.path.count > 1 {
        let points = part.path.map { #"<trkpt lat="\#($0.latitude)" lon="\#($0.longitude)"/>"# }
        lines.append("<trkseg>\(points.joined())</trkseg>")
      }
      lines.append("</trk>")
    }
    lines.append("</gpx>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func point(_ place: Coordinate, _ name: String, _ details: String?) -> String {
    let more = details.map { "<desc>\($0.asMarkup)</desc>" } ?? ""
    return #"<wpt lat="\#(place.latitude)" lon="\#(place.longitude)"><name>\#(name.asMarkup)</name>\#(more)</wpt>"#
  }
}
