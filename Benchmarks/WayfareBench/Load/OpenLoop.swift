import EventLoop

/// The times of one round, in nanoseconds.
struct LatencySample {
  /// From the moment a request was due until its answer was complete.
  var latencies: [UInt64] = []
  /// How late this program itself was with a request that had a connection free for it.
  var lateness: [UInt64] = []
}

/// Requests come at fixed moments, whether or not the server keeps up, as people do.
///
/// Each counts from the moment at which it was due, not from when a connection was free for it: a server that stalls
/// for a second owes that second to everybody who came in it (the closed loop would politely wait and count one).
struct OpenLoop {
  let server: ServerUnderTest
  let connections: Int
  let seconds: Double
  let requestsPerSecond: Double

  /// Measures one round on fresh connections, with slow clients beside them if there are any.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong or missing.
  func run(beside slowClients: SlowClients?, adding total: inout Tally) throws(BenchmarkError) -> LatencySample {
    let generator = try LoadGenerator(server: server, connections: connections)
    var schedule = Schedule(
      start: EventLoop.nanoseconds + 50_000_000, interval: 1e9 / requestsPerSecond,
      count: max(1, Int(seconds * requestsPerSecond)))
    var free = FreeConnections(count: connections)
    var dueTimes = [UInt64](repeating: 0, count: connections)
    var sample = LatencySample()
    sample.latencies.reserveCapacity(schedule.count)
    sample.lateness.reserveCapacity(schedule.count)
    let deadline = schedule.end + LoadGenerator.patienceNanoseconds
    var hadFree = true
    while sample.latencies.count < schedule.count {
      let now = EventLoop.nanoseconds
      guard now < deadline else { throw missing(schedule.count - sample.latencies.count) }
      while let due = schedule.nextDue, due <= now, let number = free.take() {
        try generator.ask(number)
        dueTimes[number] = due
        if hadFree { sample.lateness.append(EventLoop.nanoseconds - due) }
        schedule.advance()
      }
      hadFree = !free.isEmpty
      let slowDue = try slowClients?.drip(at: now) ?? deadline
      let nextDue = hadFree ? schedule.nextDue ?? deadline : deadline
      try generator.turn(until: min(nextDue, slowDue, deadline)) { number in
        sample.latencies.append(EventLoop.nanoseconds - dueTimes[number])
        free.give(number)
      }
    }
    try generator.finish()
    total.add(generator.tally)
    return sample
  }

  private func missing(_ count: Int) -> BenchmarkError {
    .wrongAnswers(
      "\(count) requests to \(server.name) had no answer 10 seconds after the end of the round; give a lower --rate")
  }
}

/// When requests are due: evenly, the k-th at `start + k · interval`, so that rounding does not add up.
private struct Schedule {
  let start: UInt64
  let interval: Double
  let count: Int
  private var next = 0

  init(start: UInt64, interval: Double, count: Int) {
    self.start = start
    self.interval = interval
    self.count = count
  }

  var nextDue: UInt64? { next < count ? due(next) : nil }
  var end: UInt64 { due(count) }
  mutating func advance() { next += 1 }
  private func due(_ index: Int) -> UInt64 { start + UInt64(Double(index) * interval) }
}

/// The connections without a request, longest idle first, so that all are used in turn.
private struct FreeConnections {
  private var ring: [Int]
  private var head = 0
  private var count: Int

  init(count: Int) {
    ring = Array(0..<count)
    self.count = count
  }

  var isEmpty: Bool { count == 0 }

  mutating func take() -> Int? {
    guard count > 0 else { return nil }
    defer {
      head = head + 1 == ring.count ? 0 : head + 1
      count -= 1
    }
    return ring[head]
  }

  mutating func give(_ number: Int) {
    let tail = head + count
    ring[tail < ring.count ? tail : tail - ring.count] = number
    count += 1
  }
}
