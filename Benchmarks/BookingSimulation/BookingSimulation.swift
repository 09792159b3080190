package import Booking
import Kernel

/// A law that was broken.
package struct Violation: Error, Sendable, CustomStringConvertible {
  package let seed: UInt64
  package let law: String
  /// What happened, second by second.
  package let trace: [String]

  package var description: String { "seed \(seed): \(law)\n" + trace.joined(separator: "\n") }
}

/// How many worlds ended how.
package struct SimulationTally: Sendable {
  package var ends: [BookingPhase: Int] = [:]
  package var calls = 0
  package var crashes = 0
  package var violations: [(seed: UInt64, law: String)] = []

  package init() {}
}

/// Runs worlds.
package enum BookingSimulation {
  /// Runs the worlds of these seeds.
  package static func run(_ seeds: some Sequence<UInt64>) throws(SagaFault) -> SimulationTally {
    var tally = SimulationTally()
    for seed in seeds {
      var schedule = try Schedule(seed: seed)
      schedule.run()
      tally.ends[schedule.saga.phase, default: 0] += 1
      tally.calls += schedule.saga.counts.calls
      tally.crashes += schedule.life - 1
      if let broken = schedule.broken { tally.violations.append((seed, broken)) }
    }
    return tally
  }

  /// Runs one world again and tells all that happens; nil where every law holds.
  package static func replay(_ seed: UInt64) throws(SagaFault) -> Violation? {
    var schedule = try Schedule(seed: seed, keepsTrace: true)
    schedule.run()
    return schedule.broken.map { Violation(seed: seed, law: $0, trace: schedule.trace) }
  }
}
