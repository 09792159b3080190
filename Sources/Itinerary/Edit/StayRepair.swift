package import Kernel

/// A stay after a change, and what the change came to.
package struct StayRepair: Sendable {
  /// Something on a day.
  package struct Visit: Hashable, Sendable {
    /// What it is, at its new time.
    package let visit: KeptVisit
    /// How much later it could begin without anything after it falling out, in seconds.
    package let slack: Int
    /// Seconds from the place before.
    package let travelBefore: Int
    /// What the taxi from the place before costs the party; nil where there is none.
    package let taxiBefore: Money?
  }

  /// A day.
  package struct Day: Hashable, Sendable {
    /// Which.
    package let date: LocalDate
    /// What is done, in order.
    package let visits: [Visit]
    /// Seconds from the last visit back.
    package let travelAfter: Int
    /// What the taxi back costs the party; nil where there is none.
    package let taxiAfter: Money?
  }

  /// The days on which something is done.
  package let days: [Day]
  /// What the sights are worth.
  package let score: Int
  /// What their tickets cost the party, in the trip's currency.
  package let tickets: Money
  /// What taxis cost the party, in the trip's currency.
  package let taxis: Money
  /// What stays on its day, by number.
  package let kept: [Int]
  /// What is on another day now.
  package let moved: [Int]
  /// What had to go so that the change was possible.
  package let dropped: [Int]
  /// What came in.
  package let added: [Int]
  /// What the change itself took away.
  package let removed: [Int]
}

/// Why a stay cannot be changed so.
package enum EditError: Error, Sendable, CustomStringConvertible {
  /// Nothing of the trip has this number.
  case noActivity(Int)
  /// The stay leaves no time on this day.
  case noDay(LocalDate, days: [LocalDate])
  /// It is closed on the day.
  case closed(name: String, LocalDate, hours: String)
  /// It is closed on every day of the stay.
  case closedAlways(name: String, hours: String)
  /// It is open on the day, but not then.
  case notOpen(name: String, LocalDate, start: Int, hours: String)
  /// The day begins too late or ends too early for it.
  case outsideDay(name: String, LocalDate, opens: Int, closes: Int)
  /// It does not fit: so many seconds are lacking, if that can be said.
  case noTime(name: String, LocalDate?, lacking: Int?)
  /// Nobody could get there and back on any day.
  case tooFar(name: String)
  /// Something is wanted twice.
  case twice(name: String)
  /// It is on the trip already.
  case already(name: String, activity: Int)
  /// The rest of planning fails.
  case trip(TripError)

  /// One sentence with the mend.
  package var description: String {
    switch self {
    case .noActivity(let number):
      "the trip has no activity a\(number): GET the itinerary, which tells the number of each"
    case .noDay(let date, let days):
      "there is no time for anything on \(date): choose one of \(days.map(\.description).joined(separator: ", "))"
    case .closed(let name, let date, let hours):
      "\(name) is closed on \(date) (\(hours)): choose another day, or leave it out"
    case .closedAlways(let name, let hours):
      "\(name) is closed on all days of the stay (\(hours)): leave it out"
    case .notOpen(let name, let date, let start, let hours):
      "\(name) cannot be visited from \(EditError.clock(start)) on \(date) (\(hours)): choose another time or day, or make the visit shorter"
    case .outsideDay(let name, let date, let opens, let closes):
      "\(name) is not possible between \(EditError.clock(opens)) and \(EditError.clock(closes)), the time there is on \(date): choose another time or day"
    case .noTime(let name, let date, let lacking):
      "\(name) does not fit\(date.map { " on \($0)" } ?? "")\(lacking.map { ": \(($0 + 59) / 60) more minutes are needed" } ?? ""): leave something out, make a visit shorter, or choose another time or day"
    case .tooFar(let name): "\(name) cannot be reached and left again within a day: leave it out"
    case .twice(let name): "\(name) is there twice: name it once"
    case .already(let name, let activity):
      "\(name) is on the trip already, as a\(activity): to move it, PUT the day it is to be on"
    case .trip(let error): error.description
    }
  }

  private static func clock(_ second: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(second / 3600)):\(two(second / 60 % 60))"
  }
}
