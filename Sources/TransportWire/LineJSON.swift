package import JSON
import Kernel
package import Transport

/// A line as programs read it.
package struct LineJSON: JSONWritable {
  private let sheet: LineSheet

  /// A line to be written.
  package init(_ sheet: LineSheet) { self.sheet = sheet }

  /// Writes what it is, and the stops of each direction.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("route", sheet.route)
      object.field("line", ifPresent: sheet.line)
      object.field("name", ifPresent: sheet.name)
      object.field("mode", sheet.mode)
      object.field("agency", sheet.agency)
      object.field("color", ifPresent: sheet.color)
      object.field("url", ifPresent: sheet.url)
      object.array("directions") { array in
        for direction in sheet.directions {
          array.object { object in
            object.field("headsign", ifPresent: direction.headsign)
            object.field("trips", direction.tripCount)
            object.field("firstDeparture", Self.clock(direction.firstDeparture))
            object.field("lastDeparture", Self.clock(direction.lastDeparture))
            object.array("stops") { array in
              for stop in direction.stops {
                array.object {
                  $0.field("stop", stop.stop)
                  $0.field("name", stop.name)
                  $0.field("platform", ifPresent: stop.platform)
                  $0.field("lat", stop.point.latitude)
                  $0.field("lon", stop.point.longitude)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Hours of a service day may pass 24.
  private static func clock(_ second: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(second / 3600)):\(two(second / 60 % 60))"
  }
}

/// What stops around a point, as programs read it.
package struct NearbyJSON: JSONWritable {
  private let nearby: NearbyTransit

  /// Stops to be written.
  package init(_ nearby: NearbyTransit) { self.nearby = nearby }

  /// Writes the stops with their lines, and all lines once.
  package func write(to writer: inout JSONWriter) {
    var lines: [NearbyTransit.Line] = []
    for line in nearby.stops.lazy.flatMap(\.lines) where !lines.contains(line) { lines.append(line) }
    writer.object { object in
      object.array("stops") { array in
        for stop in nearby.stops {
          array.object { object in
            object.field("stop", stop.stop)
            object.field("name", stop.name)
            object.field("platform", ifPresent: stop.platform)
            object.field("lat", stop.point.latitude)
            object.field("lon", stop.point.longitude)
            object.field("metres", stop.metres)
            object.array("lines") { array in for line in stop.lines { array.object { Self.write(line, to: &$0) } } }
          }
        }
      }
      object.array("lines") { array in for line in lines { array.object { Self.write(line, to: &$0) } } }
      object.field("more", nearby.isCut)
    }
  }

  private static func write(_ line: NearbyTransit.Line, to object: inout JSONObjectWriter) {
    object.field("route", line.route)
    object.field("line", ifPresent: line.line)
    object.field("mode", line.mode)
    object.field("headsign", ifPresent: line.headsign)
    object.field("agency", line.agency)
  }
}
