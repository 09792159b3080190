/// What `wayfare-bench toptw` and its sisters were asked to do.
struct PlannerOptions {
  /// How long a search or a bound may take.
  static let secondsRange = 0.001...86_400.0

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
    var flags = FlagReader(arguments, of: family.rawValue)
    while let flag = try flags.next() {
      switch flag {
      case "--json": wantsJSON = true
      case "--tours": tours = try flags.count(1...100)
      case "--seed": seed = UInt64(try flags.count(0...1_000_000_000))
      case "--seconds": seconds = try flags.number(PlannerOptions.secondsRange)
      case "--bound": boundSeconds = try flags.number(PlannerOptions.secondsRange)
      default:
        guard !flag.hasPrefix("-"), path.isEmpty else { throw flags.unknown }
        path = flag
      }
    }
    if path.isEmpty { throw .usage("name an instance's file: wayfare-bench \(family.rawValue) FILE") }
  }
}
