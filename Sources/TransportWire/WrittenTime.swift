package import Kernel

/// A time as people write it: `2026-06-01T08:00`, with or without seconds and offset.
package enum WrittenTime: Hashable, Sendable {
  /// It has an offset.
  case moment(Instant)
  /// It has none: the clocks of some place count.
  case clock(LocalDateTime)

  /// Reads either; nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { return nil }
    let hasSeconds = bytes.count > 16 && bytes[16] == UInt8(ascii: ":")
    let clockEnd = hasSeconds ? 19 : 16
    guard bytes.count >= clockEnd else { return nil }
    let date = String(decoding: bytes[..<10], as: UTF8.self)
    let clock = String(decoding: bytes[11..<clockEnd], as: UTF8.self) + (hasSeconds ? "" : ":00")
    let offset = String(decoding: bytes[clockEnd...], as: UTF8.self)
    // Read as if in UTC to have one reader of dates and times.
    guard let read = try? Instant("\(date)T\(clock)\(offset.isEmpty ? "Z" : offset)") else { return nil }
    self = offset.isEmpty ? .clock(ZoneRules.utc.local(at: read)) : .moment(read)
  }

  /// The moment; of two that a clock shows, the earlier.
  ///
  /// - Parameter zone: whose clocks count where there is no offset.
  /// - Returns: the moment.
  /// - Throws: what finding the zone throws.
  package func moment(_ zone: () throws -> ZoneRules) rethrows -> Instant {
    switch self {
    case .moment(let moment): moment
    case .clock(let local): try zone().moments(of: local).earlier
    }
  }
}

/// A duration as people write it: `90`, `90m`, `2h` or `1h30m`.
package enum WrittenDuration {
  /// Seconds, from a minute to a day; nil for anything else.
  package static func seconds(_ text: String) -> Int? {
    var (seconds, number, isComplete) = (0, "", true)
    for character in text + (text.last.map { "0123456789".contains($0) } ?? true ? "m" : "") {
      if "0123456789".contains(character) {
        number.append(character)
        isComplete = false
      } else if let value = Int(number), value < 10_000, character == "m" || character == "h" {
        seconds += value * (character == "h" ? 3600 : 60)
        (number, isComplete) = ("", true)
      } else {
        return nil
      }
    }
    return isComplete && (60...86_400).contains(seconds) ? seconds : nil
  }
}

extension Instant {
  /// As RFC 3339 writes it with the offset of a zone: `2026-06-01T08:03:00+02:00`.
  package func text(in zone: ZoneRules) -> String {
    let offset = zone.offset(at: self)
    let minutes = abs(offset) / 60
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(zone.local(at: self))\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }
}
