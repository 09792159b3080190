/// What `wayfare-bench toptw` and its sisters were asked to do.
struct PlannerOptions {
  let family: PublishedInstance.Family
  private(set) var path = ""
  private(set) var tours: Int?
  private(set) var seconds = 1.0
  private(set) var boundSeconds: Double?
  private(set) var seed: UInt64 = 1
  private(set) var wantsJSON = false

  static func help(_ family: PublishedInstance.Family) -> String {
    """
    Plans a published instance and checks the plan by words of the problem alone.

    USAGE: wayfare-bench \(family.rawValue) FILE [flags]

      --tours M         how many days; files of some families say it themselves (1)
      --seconds S       processor seconds for the search (1)
      --seed K          what chance follows from (1)
      --bound SECONDS   also looks for an upper bound, for so long
      --json            one JSON object

    Exit status: 0 planned, 2 wrong usage, 3 the plan breaks a rule.

    """
  }

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ family: PublishedInstance.Family, _ arguments: [String]) throws(BenchmarkError) {
    self.family = family
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      func value() throws(BenchmarkError) -> String {
        if parts.count == 2 { return parts[1] }
        guard let next = rest.popFirst() else { throw .usage("\(word) wants a value after it") }
        return next
      }
      switch parts[0] {
      case "--json" where parts.count == 1: wantsJSON = true
      case "--tours": tours = try PlannerOptions.whole(value(), word, 1...100)
      case "--seed": seed = UInt64(try PlannerOptions.whole(value(), word, 0...1_000_000_000))
      case "--seconds": seconds = try PlannerOptions.seconds(value(), word)
      case "--bound": boundSeconds = try PlannerOptions.seconds(value(), word)
      default:
        guard !word.hasPrefix("-"), path.isEmpty else {
          throw .usage(
            "wayfare-bench \(family.rawValue) does not know \"\(word)\"; "
              + "wayfare-bench \(family.rawValue) --help lists its flags")
        }
        path = word
      }
    }
    if path.isEmpty { throw .usage("name an instance's file: wayfare-bench \(family.rawValue) FILE") }
  }

  static func whole(_ text: String, _ flag: String, _ range: ClosedRange<Int>) throws(BenchmarkError) -> Int {
    guard text.utf8.allSatisfy({ $0 &- 48 < 10 }), let value = Int(text), range.contains(value) else {
      throw .usage("\(flag) wants a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  static func seconds(_ text: String, _ flag: String) throws(BenchmarkError) -> Double {
    guard let value = Double(text), value > 0, value <= 86_400 else {
      throw .usage("\(flag) wants seconds above 0, as in \(flag) 1.5")
    }
    return value
  }
}
