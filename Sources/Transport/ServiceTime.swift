/// A time of a service day: seconds after its start, which is noon minus twelve hours; may pass 24:00.
package struct ServiceTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let seconds: Int32

  package init(seconds: Int32) {
    self.seconds = seconds
  }

  /// As GTFS writes it: `25:10:00`.
  package var description: String {
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return parts.joined(separator: ":")
  }

  package static func < (left: ServiceTime, right: ServiceTime) -> Bool { left.seconds < right.seconds }
}
