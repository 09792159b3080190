import Budget
import Catalogue
import Itinerary
import Kernel
import Transport

/// Maps and charts as drawings (SVG) that need nothing from elsewhere.
enum TripDrawing {
  private static let colours = [
    "flight": "#d1495b", "rail": "#00798c", "coach": "#8d6a9f", "ferry": "#30638e", "metro": "#66a182",
    "bus": "#8d6a9f",
    "tram": "#66a182",
  ]

  /// Puts places on paper: as on a flat map around their middle.
  private struct Paper {
    let west: Double
    let north: Double
    let scale: Double
    let squeeze: Double
    let height: Double

    static let width = 640.0
    private static let margin = 36.0

    init(_ places: [Coordinate]) {
      let south = places.map(\.latitude).min() ?? 0
      let north = places.map(\.latitude).max() ?? 1
      let west = places.map(\.longitude).min() ?? 0
      let east = places.map(\.longitude).max() ?? 1
      // A degree of longitude is shorter the farther north: measured on the spot.
      let middle = (south + north) / 2
      let squeeze =
        Coordinate(middle, west).flatMetres(to: Coordinate(middle, west + 0.01))
        / Coordinate(middle, west).flatMetres(to: Coordinate(middle + 0.01, west))
      let span = max((east - west) * squeeze, (north - south) * 1.4, 0.002)
      scale = (Self.width - 2 * Self.margin) / span
      height = max(120, (north - south) * scale + 2 * Self.margin)
      self.west = west - (span - (east - west) * squeeze) / squeeze / 2
      self.north = north
      self.squeeze = squeeze
    }

    func point(_ place: Coordinate) -> String {
      let x = (place.longitude - west) * squeeze * scale + Self.margin
      let y = (north - place.latitude) * scale + Self.margin
      return "\(Self.short(x)),\(Self.short(y))"
    }

    func x(_ place: Coordinate) -> String { String(point(place).prefix { $0 != "," }) }
    func y(_ place: Coordinate) -> String { String(point(place).drop { $0 != "," }.dropFirst()) }

    static func short(_ number: Double) -> String {
      let tenths = Int((number * 10).rounded())
      return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
  }

  /// All journeys of an option, and where one stays.
  static func journeys(_ option: TripOption, from origin: City) -> String {
    let parts = option.legs.flatMap(\.journey.legs).filter { $0.ride != nil && $0.path.count > 1 }
    let stays = [origin.point] + option.stays.map(\.lodging.point)
    let paper = Paper(parts.flatMap(\.path).map { Coordinate($0.latitude, $0.longitude) } + stays)
    var shapes: [String] = []
    for part in parts {
      let points = part.path.map { paper.point(Coordinate($0.latitude, $0.longitude)) }.joined(separator: " ")
      let mode = part.ride?.mode ?? ""
      let dash = mode == "flight" ? #" stroke-dasharray="7 5""# : ""
      shapes.append(
        #"<polyline points="\#(points)" fill="none" stroke="\#(colours[mode] ?? "gray")" stroke-width="2.5"\#(dash)><title>\#("\(mode) \(part.ride?.line ?? "")".asMarkup)</title></polyline>"#
      )
    }
    shapes.append(label(paper, origin.point, origin.name))
    for stay in option.stays { shapes.append(label(paper, stay.lodging.point, stay.city.name)) }
    return svg(paper.height, shapes, title: "the journeys")
  }

  /// The days of a stay: from the lodging from sight to sight and back, a colour a day.
  static func days(_ stay: OptionStay) -> String {
    let paper = Paper([stay.lodging.point] + stay.plan.days.flatMap { $0.visits.map(\.point) })
    let hues = ["#d1495b", "#00798c", "#edae49", "#30638e", "#66a182", "#8d6a9f", "#b56576"]
    var shapes: [String] = []
    for (number, day) in stay.plan.days.enumerated() {
      let way = [stay.lodging.point] + day.visits.map(\.point) + [stay.lodging.point]
      shapes.append(
        #"<polyline points="\#(way.map(paper.point).joined(separator: " "))" fill="none" stroke="\#(hues[number % hues.count])" stroke-width="1.6" opacity=".75"/>"#
      )
      for visit in day.visits {
        shapes.append(
          #"<circle cx="\#(paper.x(visit.point))" cy="\#(paper.y(visit.point))" r="4.5" fill="\#(hues[number % hues.count])"><title>\#("\(day.date) \(ClockTime(visit.start)) \(visit.name)".asMarkup)</title></circle>"#
        )
      }
    }
    shapes.append(label(paper, stay.lodging.point, stay.lodging.name))
    return svg(paper.height, shapes, title: "the days in \(stay.city.name)")
  }

  /// What options cost against what they show: numbers are options.
  static func tradeOffs(_ answer: TripAnswer) -> String {
    let costs = answer.options.map { Double($0.merit.cost) }
    let scores = answer.options.map { Double($0.merit.score) }
    guard let least = costs.min(), let most = costs.max(), let low = scores.min(), let high = scores.max() else {
      return ""
    }
    let (width, height, margin) = (Paper.width, 240.0, 44.0)
    func x(_ cost: Double) -> Double { margin + (cost - least) / max(1, most - least) * (width - 2 * margin) }
    func y(_ score: Double) -> Double { height - margin - (score - low) / max(1, high - low) * (height - 2 * margin) }
    var shapes = [
      #"<line x1="\#(margin)" y1="\#(height - 20)" x2="\#(width - margin)" y2="\#(height - 20)" stroke="silver"/>"#,
      #"<text x="\#(width - margin)" y="\#(height - 4)" text-anchor="end">costs more →</text>"#,
      #"<text x="4" y="16">shows more ↑</text>"#,
    ]
    for (number, option) in answer.options.enumerated() {
      let (cx, cy) = (Paper.short(x(costs[number])), Paper.short(y(scores[number])))
      shapes.append(
        #"<circle cx="\#(cx)" cy="\#(cy)" r="14" fill="teal"><title>\#("\(option.estimate.total), \(option.sightCount) sights".asMarkup)</title></circle><text x="\#(cx)" y="\#(cy)" dy="5" text-anchor="middle" style="fill:white">\#(number + 1)</text>"#
      )
    }
    return svg(height, shapes, title: "cost against experience")
  }

  private static func label(_ paper: Paper, _ place: Coordinate, _ text: String) -> String {
    #"<circle cx="\#(paper.x(place))" cy="\#(paper.y(place))" r="5.5" fill="black"/><text x="\#(paper.x(place))" y="\#(paper.y(place))" dy="-9" text-anchor="middle" class="halo">\#(text.asMarkup)</text>"#
  }

  private static func svg(_ height: Double, _ shapes: [String], title: String) -> String {
    #"<svg viewBox="0 0 \#(Int(Paper.width)) \#(Int(height))" role="img"><title>\#(title.asMarkup)</title>\#(shapes.joined())</svg>"#
  }
}
