package import EventLoop
import Kernel
package import Store
import Synchronization
package import Telemetry

/// Carries events from the outbox to Kafka, in one process at a time.
///
/// Whoever holds the line reads what waits by number, gives it to librdkafka, and marks each event once all replicas have
/// it. What was sent and not marked when a process dies is sent again, under the same id; it may then come after newer
/// ones of its key, which `sequence` tells. A broker that is away keeps what was given to librdkafka, and the rest in the
/// outbox; so many are under way at most. An event that no broker will ever have, such as one that is too large, is set
/// aside with the reason, and its key goes on without it; a topic that will not have its events waits by itself.
package final class EventRelay: Sendable {
  /// How a relay works.
  package struct Settings: Sendable {
    /// Events that are under way at once.
    package var underWayMax = 500
    /// For how long the line is held without a word.
    package var holdSeconds: Int64 = 15
    /// How long nothing is looked for where nothing was.
    package var idle: Duration = .milliseconds(300)

    /// As installations do.
    package init() {}
  }

  private let line: RelayStore
  private let kafka: KafkaSettings
  private let settings: Settings
  private let loop: EventLoop
  private let pool: WorkPool
  private let logger: Logger
  private let meters: RelayMeters
  private let me: RelayHolderID
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// A relay that has not started.
  ///
  /// - Parameters:
  ///   - line: where events wait.
  ///   - kafka: where they go.
  ///   - settings: how it works.
  ///   - loop: where it runs.
  ///   - pool: where it waits for threads of librdkafka to end.
  ///   - logger: where it tells what happens.
  ///   - metrics: where it counts.
  package init(
    _ line: RelayStore, to kafka: KafkaSettings, settings: Settings = Settings(), on loop: EventLoop, pool: WorkPool,
    logger: Logger, metrics: MetricRegistry
  ) {
    var random = SystemRandomNumberGenerator()
    me = RelayHolderID(using: &random)
    self.line = line
    self.kafka = kafka
    self.settings = settings
    self.loop = loop
    self.pool = pool
    self.logger = logger
    meters = RelayMeters(metrics)
  }

  /// What librdkafka says of settings, before anything is started.
  ///
  /// - Returns: what is wrong with them; nil where they will do.
  package static func flaw(in kafka: KafkaSettings) -> String? {
    do throws(KafkaProducer.Fault) {
      try KafkaProducer(kafka).close()
      return nil
    } catch {
      return error.description
    }
  }

  /// Asks the brokers for every topic; waits for some seconds, so that no loop may call it.
  ///
  /// - Returns: sentences of what is wrong; none where events can go.
  package static func troubles(with kafka: KafkaSettings) -> [String] {
    do throws(KafkaProducer.Fault) {
      let producer = try KafkaProducer(kafka)
      defer { producer.close() }
      var troubles: [String] = []
      for topic in StoredEvent.Topic.allCases {
        if let fault = try producer.check(topic.rawValue) { troubles.append("topic \(topic.rawValue): \(fault)") }
      }
      return troubles
    } catch {
      return [error.description]
    }
  }

  /// Begins to relay, or to wait for its turn.
  package func start() {
    let background = Task(executorPreference: loop) { [self] in await run() }
    task.withLock { $0 = background }
  }

  /// Ends; what no broker has yet is left to whoever comes next, at once.
  package func stop() async {
    let running = task.withLock { $0.take() }
    running?.cancel()
    await running?.value
  }

  private func run() async {
    var failures = 0
    while !Task.isCancelled {
      do {
        if let source = try await line.hold(as: me, seconds: settings.holdSeconds) {
          logger.notice("events are relayed from here", ["brokers": .string(kafka.brokers)])
          meters.holds.set(1)
          defer { meters.holds.set(0) }
          try await carry(from: "urn:uuid:\(source)", &failures)
        }
      } catch {
        failures += 1
        meters.troubles.increment()
        logger.warning("events cannot be relayed now; trying again", ["error": .string("\(error)")])
      }
      // A second to begin with, a minute in the end; ends with the loop's condition when it is cancelled.
      let seconds = min(60, Double(1 << min(failures, 6)))
      try? await loop.sleep(for: .seconds(seconds * Double.random(in: 0.8...1)))
    }
    // In a task of its own: this one is cancelled. Where it does not come about the hold runs out by itself.
    await Task(executorPreference: loop) { [line, me] in _ = try? await line.letGo(as: me) }.value
  }

  /// Relays until the line is lost or the task cancelled.
  ///
  /// - Throws: what makes it useless to go on with this producer.
  private func carry(from source: String, _ failures: inout Int) async throws {
    let producer = try KafkaProducer(kafka)
    var turn = RelayTurn(source: source, now: ContinuousClock.now)
    do {
      while !Task.isCancelled, try await isHeld(&turn) {
        if try await go(producer, &turn) { failures = 0 }
      }
      await close(producer)
    } catch {
      await close(producer)
      meters.underWay.set(0)
      throw error
    }
    meters.underWay.set(0)
  }

  private func close(_ producer: KafkaProducer) async {
    await Task(executorPreference: loop) { [pool] in
      // A pool that is full or closed: the process ends, and its threads with it.
      _ = try? await pool.run { producer.close() }
    }.value
  }

  /// Holds the line on; false where somebody else has it.
  private func isHeld(_ turn: inout RelayTurn) async throws -> Bool {
    let now = ContinuousClock.now
    guard now - turn.heldAt > Duration.seconds(settings.holdSeconds) / 3 else { return true }
    do {
      guard try await line.hold(as: me, seconds: settings.holdSeconds) != nil else {
        logger.warning("somebody else relays events now")
        return false
      }
      turn.heldAt = now
      try await tell(turn)
    } catch {
      // Until shortly before the end of the hold the database may come back.
      guard ContinuousClock.now - turn.heldAt < Duration.seconds(settings.holdSeconds) * 2 / 3 else { throw error }
      logger.debug("the line of events cannot be held on now", ["error": .string("\(error)")])
    }
    return true
  }

  /// What waits, for metrics and for whoever looks.
  private func tell(_ turn: RelayTurn) async throws {
    try await line.note(turn.trouble)
    let standing = try await line.standing()
    meters.waiting.set(Double(standing.waiting))
    meters.oldest.set(Double(standing.oldestSeconds))
  }

  /// One turn: takes in what became of things, sends what there is room for, waits where nothing is to be done.
  ///
  /// - Returns: whether anything arrived.
  private func go(_ producer: KafkaProducer, _ turn: inout RelayTurn) async throws -> Bool {
    let outcome = turn.window.settle(producer.reports() + turn.early, at: ContinuousClock.now)
    turn.early = []
    try await keep(outcome, &turn)
    let room = settings.underWayMax - turn.window.underWay.count
    var sent = 0
    if room * 2 >= settings.underWayMax {
      let events = try await line.next(
        room, without: turn.window.resting(at: ContinuousClock.now), besides: Array(turn.window.underWay.keys))
      for event in events {
        turn.window.enter(event.id, topic: event.topic)
        if let report = producer.send(CloudEvent(event, source: turn.source), as: event.id) {
          turn.early.append(report)
        }
      }
      sent = events.count
    }
    meters.underWay.set(Double(turn.window.underWay.count))
    if outcome.arrived.isEmpty, turn.early.isEmpty, sent == 0 {
      turn.quiet = min(turn.quiet + 1, 20)
      let isIdle = turn.window.underWay.isEmpty
      try? await loop.sleep(for: isIdle ? settings.idle : .milliseconds(5 * turn.quiet))
    } else {
      turn.quiet = 0
      if !turn.window.underWay.isEmpty { try? await loop.sleep(for: .milliseconds(2)) }
    }
    return !outcome.arrived.isEmpty
  }

  private func keep(_ outcome: RelayWindow.Outcome, _ turn: inout RelayTurn) async throws {
    if !outcome.arrived.isEmpty {
      for (topic, count) in try await line.markRelayed(outcome.arrived) { meters.arrived(topic, count) }
      if !turn.window.hasTrouble { turn.trouble = nil }
    }
    for (id, reason) in outcome.refused {
      try await line.refuse(id, reason)
      meters.refused.increment()
      logger.error(
        "an event is set aside, because the broker will never have it",
        ["event": .int(Int(id)), "reason": .string(reason)])
    }
    if let trouble = outcome.trouble {
      meters.troubles.increment()
      if turn.trouble == nil { logger.warning("the brokers do not take events now", ["reason": .string(trouble)]) }
      turn.trouble = trouble
    }
    if let end = outcome.end { throw KafkaProducer.Fault(description: end) }
  }
}

/// What a holder knows while it relays.
private struct RelayTurn {
  let source: String
  var window = RelayWindow()
  /// When the line was held last.
  var heldAt: ContinuousClock.Instant
  /// What librdkafka said at once.
  var early: [KafkaProducer.Report] = []
  var trouble: String?
  /// Turns in which nothing happened.
  var quiet = 0

  init(source: String, now: ContinuousClock.Instant) {
    self.source = source
    heldAt = now
  }
}
