public import EventLoop
import Kernel
public import Store
import Synchronization
import Telemetry

/// What those who watch a trip are told.
enum TripNews: Sendable {
  /// Entries of the log, in order and without gaps from where the watch began.
  case entries([TripLogEntry])
  /// Who looks where by now.
  case presence([TripPresence])
  /// Time to see whether one may still watch.
  case recheck
}

/// Tells watchers how trips change: one listener and one reading of each log for all of a process, however many watch.
///
/// Announcements say which logs have grown; because they may be lost, all logs that are watched are also looked at now
/// and then. Who does not keep up is dropped, and resumes from the last entry they have.
public final class TripWatch: Sendable {
  /// The most that may watch.
  public static let watchersMost = 50_000
  /// News that wait for a slow watcher until it is dropped.
  private static let newsMost = 64
  private static let entriesPerRead = 200
  private static let lookInterval: Duration = .seconds(5)
  /// Every so many looks whoever watches has to show that they still may.
  private static let looksPerCheck = 12

  private struct Trip {
    /// Up to where the log was told; nil until it is known where it ends.
    var position: Int64?
    var watchers: [Int: AsyncStream<TripNews>.Continuation] = [:]
    var hasGrown = false
    var hasMoved = false
  }

  private struct State {
    var trips: [TripID: Trip] = [:]
    var count = 0
    var nextNumber = 0
    var isTelling = false
    var isLooking = false
    var isEnded = false
  }

  /// One who watches.
  struct Watching: Sendable {
    let id: TripID
    let number: Int
    let news: AsyncStream<TripNews>
  }

  private let store: TripStore
  private let loop: EventLoop
  private let state = Mutex(State())
  private let hearing = Mutex<Task<Void, Never>?>(nil)

  /// A watch over all trips.
  public init(_ database: Database, on loop: EventLoop) {
    store = database.trips
    self.loop = loop
  }

  /// Begins to hear announcements; without them changes are seen some seconds later.
  public func start(_ signals: TripSignals) {
    let task = Task(executorPreference: loop) { [self] in
      // A listener that cannot listen leaves the looks that come anyway.
      _ = try? await signals.hear { signal in self.note(signal) }
    }
    hearing.withLock { $0 = task }
  }

  /// Ends every watch.
  public func stop() {
    hearing.withLock { $0.take() }?.cancel()
    let streams = state.withLock { state in
      state.isEnded = true
      return state.trips.values.flatMap(\.watchers.values)
    }
    for stream in streams { stream.finish() }
  }

  // MARK: Coming and going

  /// Begins to watch; nil when too many do.
  func open(_ id: TripID) -> Watching? {
    let (news, continuation) = AsyncStream.makeStream(
      of: TripNews.self, bufferingPolicy: .bufferingOldest(TripWatch.newsMost))
    let opened = state.withLock { state -> (number: Int, starts: Bool)? in
      guard state.count < TripWatch.watchersMost, !state.isEnded else { return nil }
      state.nextNumber += 1
      state.count += 1
      state.trips[id, default: Trip()].watchers[state.nextNumber] = continuation
      defer { state.isLooking = true }
      return (state.nextNumber, !state.isLooking)
    }
    guard let opened else { return nil }
    if opened.starts { Task(executorPreference: loop) { await self.look() } }
    return Watching(id: id, number: opened.number, news: news)
  }

  /// Says where the log ended after the watch was opened: everything later will be told.
  func settle(_ id: TripID, at seq: Int64) {
    state.withLock { state in
      guard state.trips[id]?.position == nil else { return }
      state.trips[id]?.position = seq
    }
    tellSoon()
  }

  /// Ends a watch.
  func close(_ watching: Watching) {
    state.withLock { state in
      guard state.trips[watching.id]?.watchers.removeValue(forKey: watching.number) != nil else { return }
      state.count -= 1
      if state.trips[watching.id]?.watchers.isEmpty == true { state.trips[watching.id] = nil }
    }
  }

  // MARK: Telling

  private func note(_ signal: TripSignal) {
    let isWatched = state.withLock { state in
      switch signal {
      case .changed(let id, _):
        state.trips[id]?.hasGrown = true
        return state.trips[id] != nil
      case .presence(let id):
        state.trips[id]?.hasMoved = true
        return state.trips[id] != nil
      case .gap:
        for id in state.trips.keys { state.trips[id]?.hasGrown = true }
        return true
      }
    }
    if isWatched { tellSoon() }
  }

  private func tellSoon() {
    let starts = state.withLock { state in
      defer { state.isTelling = true }
      return !state.isTelling
    }
    if starts { Task(executorPreference: loop) { await self.tell() } }
  }

  /// Tells as long as there is something to tell.
  private func tell() async {
    while true {
      let work = state.withLock { state -> (grown: [(TripID, Int64)], moved: [TripID])? in
        var grown: [(TripID, Int64)] = []
        var moved: [TripID] = []
        for (id, trip) in state.trips {
          if trip.hasMoved { moved.append(id) }
          // Where its log ended is not known yet: it is told as soon as that is.
          if trip.hasGrown, let position = trip.position { grown.append((id, position)) }
        }
        for (id, _) in grown { state.trips[id]?.hasGrown = false }
        for id in moved { state.trips[id]?.hasMoved = false }
        guard !grown.isEmpty || !moved.isEmpty, !state.isEnded else {
          state.isTelling = false
          return nil
        }
        return (grown, moved)
      }
      guard let work else { return }
      for (id, position) in work.grown { await tellEntries(id, position) }
      for id in work.moved {
        // Presence that cannot be read is told with the next step of anybody.
        if let people = try? await store.presence(of: id) { yield(.presence(people), to: id) }
      }
    }
  }

  private func tellEntries(_ id: TripID, _ position: Int64) async {
    // A database that is away for a moment is asked again with the next look.
    guard let entries = try? await store.log(of: id, after: position, limit: TripWatch.entriesPerRead),
      let last = entries.last
    else { return }
    state.withLock { state in
      guard let known = state.trips[id]?.position else { return }
      state.trips[id]?.position = max(known, last.seq)
      if entries.count == TripWatch.entriesPerRead { state.trips[id]?.hasGrown = true }
    }
    yield(.entries(entries), to: id)
  }

  private func yield(_ news: TripNews, to id: TripID) {
    let streams = state.withLock { state in state.trips[id].map { Array($0.watchers.values) } ?? [] }
    for stream in streams {
      // Who has no room left has missed something: it must come back and resume.
      if case .dropped = stream.yield(news) { stream.finish() }
    }
  }

  // MARK: Looking

  /// Looks now and then, as long as anybody watches.
  private func look() async {
    var looks = 0
    while true {
      // Nobody cancels this task.
      try? await loop.sleep(for: TripWatch.lookInterval)
      looks += 1
      let positions = state.withLock { state -> [TripID: Int64]? in
        guard !state.trips.isEmpty, !state.isEnded else {
          state.isLooking = false
          return nil
        }
        return state.trips.compactMapValues(\.position)
      }
      guard let positions else { return }
      await compare(positions)
      if looks.isMultiple(of: TripWatch.looksPerCheck) { for id in positions.keys { yield(.recheck, to: id) } }
    }
  }

  private func compare(_ positions: [TripID: Int64]) async {
    var rest = Array(positions.keys)[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(1000))
      rest = rest.dropFirst(some.count)
      guard let ends = try? await store.ends(of: some) else { continue }
      state.withLock { state in
        for id in some where ends[id] ?? 0 > positions[id] ?? 0 { state.trips[id]?.hasGrown = true }
      }
      // A trip that is gone has no log to tell of it.
      for id in some where ends[id] == nil { yield(.recheck, to: id) }
    }
    tellSoon()
  }
}
