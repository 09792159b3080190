import Booking
import BookingSimulation
import EventLoop

/// What `wayfare-bench booking` was asked to do.
struct BookingOptions {
  private(set) var seed: UInt64 = 1
  private(set) var schedules: UInt64 = 10_000

  static let help = """
    Runs the booking saga through made-up worlds in which everything fails at every step, and checks the laws of money
    and tickets: at most one charge and one ticket, a ledger that sums to zero, every booking ends, money is kept only
    for what is ticketed. A world that breaks a law is told second by second.

    USAGE: wayfare-bench booking [flags]

      --schedules N  so many worlds (10000)
      --seed S       the first one's seed; a world follows from its seed alone (1)

    Exit status: 0 every law held, 2 wrong usage, 3 a law was broken.

    """

  /// Reads flags; `--name value` and `--name=value` are the same.
  ///
  /// - Throws: `BenchmarkError.usage` that names the flag and the mend.
  init(_ arguments: [String]) throws(BenchmarkError) {
    var flags = FlagReader(arguments, of: "booking")
    while let flag = try flags.next() {
      switch flag {
      case "--seed": seed = UInt64(try flags.count(1...1_000_000_000_000))
      case "--schedules": schedules = UInt64(try flags.count(1...1_000_000_000_000))
      default: throw flags.unknown
      }
    }
  }
}

/// Worlds of bookings, and what is told of them.
struct BookingBenchmark {
  /// Worlds between two looks at whether a signal has come.
  private static let portion: UInt64 = 1000

  let options: BookingOptions

  func run() throws {
    let started = EventLoop.nanoseconds
    var whole = SimulationTally()
    var next = options.seed
    let end = options.seed + options.schedules
    while next < end, whole.violations.isEmpty {
      try Interruption.check()
      let last = min(end, next + BookingBenchmark.portion)
      let tally = try BookingSimulation.run(next..<last)
      whole.ends.merge(tally.ends, uniquingKeysWith: +)
      whole.calls += tally.calls
      whole.crashes += tally.crashes
      whole.violations += tally.violations
      next = last
    }
    let seconds = Double(EventLoop.nanoseconds - started) / 1e9
    if let broken = whole.violations.first {
      if let violation = try BookingSimulation.replay(broken.seed) { StandardOutput.write("\(violation)\n") }
      throw BenchmarkError.wrongAnswers(
        "the world of seed \(broken.seed) breaks a law; wayfare-bench booking --schedules 1 --seed \(broken.seed) tells it again"
      )
    }
    let ends = whole.ends.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\"\($0.key.rawValue)\":\($0.value)" }
    StandardOutput.write(
      """
      {"schedules":\(next - options.seed),"seed":\(options.seed),"seconds":\(seconds),"calls":\(whole.calls),\
      "crashes":\(whole.crashes),"violations":0,"ends":{\(ends.joined(separator: ","))}}

      """)
  }
}
