import JSON
import Kernel

/// Money, times and days as sellers write them.
extension JSONNode {
  /// An amount and its currency under two names; nil where they are no money.
  func money(_ amount: StaticString, _ currency: StaticString) -> Money? {
    guard let code = text(currency), let currency = try? Currency(code) else { return nil }
    return money(amount, in: currency)
  }

  /// An amount under a name, in text or as a number.
  func money(_ amount: StaticString, in currency: Currency) -> Money? {
    guard let node = member(amount), let written = (try? node.string) ?? (try? node.decimalText) else { return nil }
    return try? Money(ForeignTime.trimmed(written, to: Int(currency.exponent)), currency)
  }
}

/// Times as sellers write them.
enum ForeignTime {
  /// `2026-06-01T08:00:00` on a place's clock.
  static func moment(_ text: String?, _ zone: ZoneRules) -> Instant? {
    guard let text, text.utf8.count >= 16, let date = try? LocalDate(text.prefix(10)) else { return nil }
    let digits = Array(text.utf8)[11..<16].map { Int($0) - 48 }
    guard digits[0..<2].allSatisfy((0...9).contains), digits[3...4].allSatisfy((0...9).contains) else { return nil }
    let second = (digits[0] * 10 + digits[1]) * 3600 + (digits[3] * 10 + digits[4]) * 60
    guard second < 86_400 else { return nil }
    return zone.moments(of: LocalDateTime(date, secondOfDay: second)).earlier
  }

  /// Seconds of `PT14H25M`; nil for anything else.
  static func seconds(_ text: String?) -> Int64? {
    guard let text, text.hasPrefix("PT") else { return nil }
    var total: Int64 = 0
    var number: Int64?
    for byte in text.utf8.dropFirst(2) {
      switch byte {
      case 48...57 where (number ?? 0) < 100_000: number = (number ?? 0) * 10 + Int64(byte - 48)
      case 72:
        guard let hours = number else { return nil }
        total += hours * 3600
        number = nil
      case 77:
        guard let minutes = number else { return nil }
        total += minutes * 60
        number = nil
      default: return nil
      }
    }
    return number == nil ? total : nil
  }

  /// Without decimals that say nothing: sellers write `12.5000` of what has two.
  static func trimmed(_ text: String, to decimals: Int) -> String {
    guard let point = text.firstIndex(of: ".") else { return text }
    let fraction = text[text.index(after: point)...]
    let kept = fraction.prefix(decimals)
    guard fraction.dropFirst(decimals).allSatisfy({ $0 == "0" }) else { return text }
    return kept.isEmpty ? String(text[..<point]) : text[..<point] + "." + kept
  }
}
