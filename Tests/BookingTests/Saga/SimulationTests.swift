import Booking
import BookingSimulation
import TestPace
import Testing

@Suite("Bookings in worlds where everything fails", .heavy)
struct SimulationTests {
  /// `WAYFARE_SEED` is not heeded: the worlds are the same in every run, and `wayfare-bench booking` runs others.
  @Test("in 10,000 worlds no law of money and tickets is broken, and every booking ends", arguments: 0..<4)
  func laws(_ part: UInt64) throws {
    let first = part * 2500 + 1
    let tally = try BookingSimulation.run(first..<first + 2500)
    for (seed, law) in tally.violations.prefix(3) {
      Issue.record("seed \(seed): \(law); wayfare-bench booking --schedules 1 --seed \(seed) tells it again")
    }
    // Worlds in which nothing happens would prove nothing.
    for phase in [BookingPhase.ticketed, .refunded, .lapsed, .cancelled] {
      #expect(tally.ends[phase, default: 0] > 200, "\(phase): \(tally.ends[phase, default: 0])")
    }
    #expect(tally.crashes > 2500)
  }

  @Test("a world told again ends the same")
  func replay() throws {
    for seed in UInt64(1)...20 {
      let one = try BookingSimulation.run([seed])
      let other = try BookingSimulation.run([seed])
      #expect(one.ends == other.ends && one.calls == other.calls && one.crashes == other.crashes)
      #expect(try BookingSimulation.replay(seed) == nil)
    }
  }
}
