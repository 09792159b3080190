import EventLoop

/// How long it takes until others see an edit: people edit the same trips and listen to them, all at once.
///
/// An edit counts from the moment at which it was due until its title has come out of the stream of each of the others
/// who listen to its trip.
struct EditRace {
  /// What a run comes to.
  struct Figures {
    let edits: Int
    let seen: Quantiles
    let editsPerSecond: Double
  }

  private static let trips = 20
  /// Each edits so often.
  private static let secondsBetween = 1.0
  private static let mark = Array("Seen ".utf8)

  let world: TripsWorld
  let options: TripsOptions

  private final class State {
    var dueTimes: [UInt64] = []
    var latencies: [UInt64] = []
    /// The end of what came last on each stream, where a title may have been cut in two.
    var tails: [[UInt8]]
    /// What each stream has told: an entry also names the value that was there before.
    var seen: [Set<Int>]
    var answered = 0
    var wrongAnswer: String?

    init(streams: Int) {
      tails = Array(repeating: [], count: streams)
      seen = Array(repeating: [], count: streams)
    }
  }

  /// Edits for as long as was asked.
  ///
  /// - Throws: `BenchmarkError`, also when an edit was refused or not seen by somebody.
  func run() throws(BenchmarkError) -> Figures {
    let connections = try TripListeners()
    let count = options.editors
    let each = count / Self.trips
    // First the streams, then a connection for the edits of each.
    for editor in 0..<count {
      let plan = plan(of: editor)
      try connections.open(port: world.port, world.get("/v1/trips/\(plan.id)/events", as: person(editor)))
    }
    for _ in 0..<count { try connections.connect(port: world.port) }
    let settled = EventLoop.nanoseconds + 2_000_000_000
    while EventLoop.nanoseconds < settled { try connections.turn(until: settled) { _, _ in } }
    let state = State(streams: count)
    let edits = Int(options.seconds / Self.secondsBetween) * count
    let start = EventLoop.nanoseconds
    let interval = Self.secondsBetween * 1e9 / Double(count)
    while state.dueTimes.count < edits {
      let due = start + UInt64(Double(state.dueTimes.count) * interval)
      if EventLoop.nanoseconds >= due {
        let editor = state.dueTimes.count % count
        let request = world.edit(
          plan(of: editor), item: state.dueTimes.count / count % plan(of: editor).items.count,
          title: "Seen \(state.dueTimes.count).", as: person(editor))
        state.dueTimes.append(due)
        try connections.send(count + editor, request)
      } else {
        try connections.turn(until: due) { take($0, $1, state) }
      }
    }
    let expected = edits * each
    let deadline = EventLoop.nanoseconds + LoadGenerator.patienceNanoseconds
    while state.latencies.count < expected || state.answered < edits {
      guard EventLoop.nanoseconds < deadline, state.wrongAnswer == nil else { break }
      try connections.turn(until: deadline) { take($0, $1, state) }
    }
    if let wrong = state.wrongAnswer { throw .wrongAnswers("an edit was answered with \(wrong)") }
    guard state.latencies.count == expected else {
      throw .wrongAnswers("of \(expected) sights of edits \(state.latencies.count) came")
    }
    return Figures(edits: edits, seen: Quantiles(nanoseconds: state.latencies), editsPerSecond: 1e9 / interval)
  }

  /// Editors of a trip are its members: five to a trip, and beyond that the same again.
  private func plan(of editor: Int) -> TripsWorld.Plan { world.plans[editor % Self.trips] }

  private func person(_ editor: Int) -> Int {
    let people = plan(of: editor).people
    return people[editor / Self.trips % people.count]
  }

  private func take(_ number: Int, _ bytes: ArraySlice<UInt8>, _ state: State) {
    guard number < options.editors else {
      if !bytes.starts(with: Array("HTTP/1.1 200".utf8)) {
        state.wrongAnswer = String(decoding: bytes.prefix(400), as: UTF8.self)
      }
      state.answered += 1
      return
    }
    let now = EventLoop.nanoseconds
    let all = state.tails[number] + bytes
    var start = 0
    while let found = Self.number(in: all, from: start) {
      let isNew = state.seen[number].insert(found.edit).inserted
      if isNew, found.edit < state.dueTimes.count { state.latencies.append(now - state.dueTimes[found.edit]) }
      start = found.end
    }
    state.tails[number] = Array(all[max(start, all.count - 24)...])
  }

  /// The next `Seen N.` with its whole number.
  private static func number(in bytes: [UInt8], from start: Int) -> (edit: Int, end: Int)? {
    var index = start
    while index + mark.count < bytes.count {
      guard bytes[index..<index + mark.count].elementsEqual(mark) else {
        index += 1
        continue
      }
      var value = 0
      var end = index + mark.count
      while end < bytes.count, (48...57).contains(bytes[end]) {
        value = value * 10 + Int(bytes[end]) - 48
        end += 1
      }
      guard end < bytes.count else { return nil }
      if bytes[end] == UInt8(ascii: ".") { return (value, end) }
      index = end
    }
    return nil
  }
}
