import Foundation

/// Opening hours of the sample world's simple form: `Mo-Fr 09:00-18:00,19:00-20:00; Sa off`.
struct SimpleHours {
  /// For each weekday from Monday on, seconds from and to.
  private var days: [[(Int, Int)]]?

  init(_ text: String) {
    guard !text.isEmpty else { return }
    var days = [[(Int, Int)]](repeating: [], count: 7)
    for rule in text.components(separatedBy: "; ") {
      var words = rule.components(separatedBy: " ")
      var chosen = Array(0..<7)
      if words.count > 1 { chosen = SimpleHours.weekdays(words.removeFirst()) }
      let times = words[0] == "off" ? [] : words[0].components(separatedBy: ",").map(SimpleHours.span)
      for day in chosen { days[day] = times }
    }
    self.days = days
  }

  func isOpen(on weekday: Int, from start: Int, to end: Int) -> Bool {
    guard let days else { return true }
    return days[weekday - 1].contains { $0.0 <= start && end <= $0.1 }
  }

  private static func weekdays(_ text: String) -> [Int] {
    let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    return text.components(separatedBy: ",").flatMap { part -> [Int] in
      let ends = part.components(separatedBy: "-").compactMap { names.firstIndex(of: $0) }
      guard ends.count == 2 else { return ends }
      return ends[0] <= ends[1] ? Array(ends[0]...ends[1]) : Array(ends[0]..<7) + Array(0...ends[1])
    }
  }

  private static func span(_ text: String) -> (Int, Int) {
    let ends = text.components(separatedBy: "-").map { clock -> Int in
      let parts = clock.components(separatedBy: ":").compactMap { Int($0) }
      return parts.count == 2 ? parts[0] * 3600 + parts[1] * 60 : 0
    }
    return ends.count == 2 ? (ends[0], ends[1]) : (0, 0)
  }
}
