import Glibc
import Kernel
import TransportWire

/// Times as users type them.
enum TypedTime {
  /// This very second.
  static var now: Instant { Instant(secondsSinceEpoch: Int64(time(nil))) }

  /// `2026-06-01T08:00`, with or without seconds and offset.
  ///
  /// - Parameters:
  ///   - text: as typed.
  ///   - setting: the flag that it was typed after.
  ///   - zone: the clock that counts when there is no offset.
  /// - Returns: the moment; of two that a clock shows, the earlier.
  /// - Throws: `UsageError`, or what finding the zone throws.
  static func moment(_ text: String, _ setting: Setting, _ zone: () throws -> ZoneRules) throws -> Instant {
    guard let time = WrittenTime(text) else {
      throw UsageError(
        "\(setting.flag): \"\(text)\" is no time: write it like 2026-06-01T08:00 or 2026-06-01T08:00+02:00")
    }
    return try time.moment(zone)
  }

  /// `90`, `90m`, `2h` or `1h30m`, in seconds.
  static func duration(_ text: String) throws(UsageError) -> Int {
    guard let seconds = WrittenDuration.seconds(text) else {
      throw UsageError("--window: \"\(text)\" is no duration up to a day: write it like 90m or 2h")
    }
    return seconds
  }

  static func number(_ text: String?, _ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text else { return nil }
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), range.contains(value)
    else {
      throw UsageError(
        "\(setting.flag): \"\(text)\" will not do; write a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return value
  }
}
