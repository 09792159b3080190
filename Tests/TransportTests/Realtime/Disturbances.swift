import Kernel
import TransportOracle

/// What goes otherwise than planned in a random feed, as a message of GTFS-Realtime and as what an oracle reckons with.
///
/// Knows nothing of how the program reads such messages: the rules of the specification are written down here a second
/// time, in the plainest way.
struct Disturbances {
  typealias Call = Oracle.Call

  private(set) var text = RealtimeText()
  /// By trip, day and start: the calls in fact, with times of the service day; nil for cancelled.
  private(set) var changed: [String: [Call]?] = [:]
  /// More runs: the day, and the calls.
  private(set) var added: [(day: Int, calls: [Call])] = []
  private(set) var count = 0

  init(_ feed: RandomFeed, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for (index, trip) in feed.trips.enumerated() {
      let own = trip.calls[0].departure
      let starts = trip.repeats.map { Array(stride(from: $0.start, to: $0.end, by: $0.headway)) } ?? [own]
      for day in RandomFeed.services[trip.service] {
        for start in starts where Int.random(in: 0..<5, using: &random) < 2 {
          let calls = trip.calls.map { call in
            Call(
              stop: call.stop, arrival: call.arrival + start - own, departure: call.departure + start - own,
              mayBoard: call.mayBoard, mayAlight: call.mayAlight)
          }
          disturb(index, day, start, calls, isRepeated: trip.repeats != nil, &random)
        }
      }
    }
  }

  private mutating func disturb(
    _ trip: Int, _ day: Int, _ start: Int, _ calls: [Call], isRepeated: Bool, _ random: inout SeededRandom
  ) {
    count += 1
    let (id, date, clock) = ("T\(trip)", "202603\(day)", isRepeated ? RandomFeed.clock(start) : nil)
    let key = Oracle.key(trip, day, start)
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      text.trip(id, date: date, start: clock, relationship: 3)
      changed[key] = .some(nil)
    case 1:
      // The same once more, some time later.
      let later = Int.random(in: -60...60, using: &random) * 60
      guard start + later >= 0 else { return }
      text.trip(
        id, date: date, start: clock, relationship: 6, duplicate: ("D\(count)", RandomFeed.clock(start + later)))
      let own = calls[0].departure
      added.append((day, calls.map { $0.moved(by: start + later - own) }))
    case 2:
      addNew(day, &random, replacing: nil)
    case 3:
      addNew(day, &random, replacing: (id, date, clock, key))
    default:
      let (said, fact) = Self.late(calls, day, &random)
      text.trip(id, date: date, start: clock, calls: said)
      changed[key] = fact
    }
  }

  /// A trip from anywhere to anywhere.
  private mutating func addNew(
    _ day: Int, _ random: inout SeededRandom, replacing: (id: String, date: String, start: String?, key: String)?
  ) {
    var time = Int.random(in: 0..<90_000, using: &random)
    var calls: [Call] = []
    var said: [RealtimeText.Call] = []
    for _ in 0..<Int.random(in: 2...5, using: &random) {
      let stop = Int.random(in: 0..<RandomFeed.stopCount, using: &random)
      let arrival = time
      time += Int.random(in: 0...200, using: &random)
      calls.append(Call(stop: stop, arrival: arrival, departure: time, mayBoard: true, mayAlight: true))
      let zero = Oracle.dayStart(march: day)
      said.append(
        RealtimeText.Call("P\(stop)").with { call in
          (call.arrival, call.departure) = (zero + arrival, zero + time)
        })
      time += Int.random(in: 0...900, using: &random)
    }
    if let replacing {
      text.trip(replacing.id, date: replacing.date, start: replacing.start, relationship: 5, calls: said)
      changed[replacing.key] = .some(nil)
    } else {
      text.trip("N\(count)", date: "202603\(day)", route: "R", relationship: 1, calls: said)
    }
    added.append((day, calls))
  }

  /// Delays that hold until the next, calls that are left out, other platforms, calls without news.
  private static func late(
    _ calls: [Call], _ day: Int, _ random: inout SeededRandom
  ) -> (said: [RealtimeText.Call], fact: [Call]) {
    var said: [RealtimeText.Call] = []
    var fact: [Call] = []
    var delay: Int?
    var firstKnown: Int?
    for (position, call) in calls.enumerated() {
      var (arrival, departure) = (call.arrival + (delay ?? 0), call.departure + (delay ?? 0))
      var next = call
      var spoken = RealtimeText.Call("P\(call.stop)", sequence: position)
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1, 2:
        let late = Int.random(in: -10...40, using: &random) * 60
        let zero = Oracle.dayStart(march: day)
        (arrival, departure) = (call.arrival + late, call.departure + late)
        if Bool.random(using: &random) {
          spoken.arrivalDelay = late
        } else {
          // The moment counts, whatever the delay says.
          (spoken.arrival, spoken.arrivalDelay) = (zero + call.arrival + late, 7)
        }
        delay = late
        if Bool.random(using: &random) {
          let later = Int.random(in: -5...10, using: &random) * 60
          departure = call.departure + late + later
          spoken.departureDelay = late + later
          delay = late + later
        }
        firstKnown = firstKnown ?? position
      case 3:
        spoken.relationship = 1
        (next.mayBoard, next.mayAlight) = (false, false)
      case 4:
        spoken.relationship = 2
        (delay, arrival, departure) = (nil, call.arrival, call.departure)
      case 5:
        let stop = Int.random(in: 0..<RandomFeed.stopCount, using: &random)
        spoken.platform = "P\(stop)"
        next.stop = stop
      default:
        (next.arrival, next.departure) = (arrival, departure)
        fact.append(next)
        continue
      }
      (next.arrival, next.departure) = (arrival, departure)
      fact.append(next)
      said.append(spoken)
    }
    return (said, ordered(fact, firstKnown: firstKnown ?? 0))
  }

  /// Nobody leaves before he has come, nor comes before he has left the stop before.
  private static func ordered(_ calls: [Call], firstKnown: Int) -> [Call] {
    var calls = calls
    var limit = calls[firstKnown].arrival
    for position in stride(from: firstKnown - 1, through: 0, by: -1) {
      calls[position].departure = min(calls[position].departure, limit)
      calls[position].arrival = min(calls[position].arrival, calls[position].departure)
      limit = calls[position].arrival
    }
    var time = Int.min
    for position in calls.indices {
      calls[position].arrival = max(calls[position].arrival, time)
      calls[position].departure = max(calls[position].departure, calls[position].arrival)
      time = calls[position].departure
    }
    return calls
  }
}
