import Glibc
import Kernel

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
    let wrong = UsageError(
      "\(setting.flag): \"\(text)\" is no time: write it like 2026-06-01T08:00 or 2026-06-01T08:00+02:00")
    let bytes = Array(text.utf8)
    guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { throw wrong }
    let hasSeconds = bytes.count > 16 && bytes[16] == UInt8(ascii: ":")
    let clockEnd = hasSeconds ? 19 : 16
    guard bytes.count >= clockEnd else { throw wrong }
    let date = String(decoding: bytes[..<10], as: UTF8.self)
    let clock = String(decoding: bytes[11..<clockEnd], as: UTF8.self) + (hasSeconds ? "" : ":00")
    let offset = String(decoding: bytes[clockEnd...], as: UTF8.self)
    // Read as if in UTC to have one reader of dates and times.
    guard let local = try? Instant("\(date)T\(clock)\(offset.isEmpty ? "Z" : offset)") else { throw wrong }
    if !offset.isEmpty { return local }
    return try zone().moments(of: ZoneRules.utc.local(at: local)).earlier
  }

  /// `90`, `90m`, `2h` or `1h30m`, in seconds.
  static func duration(_ text: String) throws(UsageError) -> Int {
    var (seconds, number, isComplete) = (0, "", true)
    for character in text + (text.last.map { "0123456789".contains($0) } ?? true ? "m" : "") {
      if "0123456789".contains(character) {
        number.append(character)
        isComplete = false
      } else if let value = Int(number), value < 10_000, character == "m" || character == "h" {
        seconds += value * (character == "h" ? 3600 : 60)
        (number, isComplete) = ("", true)
      } else {
        isComplete = false
        break
      }
    }
    guard isComplete, (60...86_400).contains(seconds) else {
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
