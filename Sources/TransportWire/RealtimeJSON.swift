package import JSON
import Kernel
package import Transport

/// What could be matched of real-time data, for programs.
package struct RealtimeJSON: JSONWritable {
  private let overlay: RealtimeOverlay

  /// Data to be told of.
  package init(overlay: RealtimeOverlay) { self.overlay = overlay }

  /// Writes how much was matched, and examples of what was not.
  package func write(to writer: inout JSONWriter) {
    let report = overlay.report
    writer.object { object in
      object.field("timestamp", ifPresent: overlay.timestamp?.description)
      object.field("updated", report.updated)
      object.field("cancelled", report.cancelled)
      object.field("added", report.added)
      object.array("entities") { array in
        for kind in RealtimeReport.Kind.allCases {
          guard let count = report.counts[kind] else { continue }
          array.object { element in
            element.field("kind", kind.rawValue)
            element.field("count", count.all)
            element.field("matched", count.matched)
          }
        }
      }
      object.array("unmatched") { array in
        for (kind, reason, count) in report.mismatchCounts {
          let examples = report.mismatches.filter { $0.kind == kind && $0.reason == reason }
          array.object { element in
            element.field("kind", kind.rawValue)
            element.field("reason", reason.rawValue)
            element.field("count", count)
            element.field("message", reason.text)
            element.array("examples") { array in
              for example in examples {
                array.object {
                  $0.field("entity", example.entity)
                  $0.field("value", example.value)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The same for people, on one line.
package enum RealtimeText {
  /// One line.
  package static func line(_ overlay: RealtimeOverlay) -> String {
    let report = overlay.report
    var parts = ["\(report.updated) trips updated", "\(report.cancelled) cancelled", "\(report.added) added"]
    let unmatched = report.mismatchCounts.map { "\($0.count) × \($0.kind.rawValue) \($0.reason.rawValue)" }
    if !unmatched.isEmpty { parts.append("not used: \(unmatched.joined(separator: ", "))") }
    return "real time\(overlay.timestamp.map { " of \($0)" } ?? ""): \(parts.joined(separator: ", "))"
  }
}

extension LiveRide {
  /// What programs want to know beside the expected times.
  func write(to object: inout JSONObjectWriter, _ leg: Leg) {
    object.field("realtime", status.rawValue)
    object.field("scheduledDeparture", ifPresent: plannedDeparture?.text(in: leg.from.zone))
    object.field("scheduledArrival", ifPresent: plannedArrival?.text(in: leg.to.zone))
    object.field("departureDelaySeconds", ifPresent: departureDelay(leg.departure))
    object.field("arrivalDelaySeconds", ifPresent: arrivalDelay(leg.arrival))
    if let vehicle {
      object.object("vehicle") { place in
        place.field("lat", vehicle.latitude)
        place.field("lon", vehicle.longitude)
        place.field("at", ifPresent: seenAt?.description)
      }
    }
  }
}

extension LegAlert: JSONWritable {
  /// As programs read it.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", id)
      $0.field("effect", ifPresent: effect)
      $0.field("header", ifPresent: header)
      $0.field("description", ifPresent: details)
      $0.field("url", ifPresent: url)
    }
  }
}
