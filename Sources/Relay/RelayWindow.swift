/// What is on its way to the brokers, which topics wait, and what is to be kept: the relay's state, without its waits.
struct RelayWindow {
  /// What is to be kept of a turn.
  struct Outcome: Hashable {
    /// Events that all replicas have.
    var arrived: [Int64] = []
    /// Events that no broker will ever have, with why.
    var refused: [Int64: String] = [:]
    /// What stands in the way of others for now.
    var trouble: String?
    /// Why the producer is of no use any more.
    var end: String?
  }

  /// How long a topic that will not have its events is left alone: twice as long each time.
  private struct Pause {
    var failures: Int
    var until: ContinuousClock.Instant
  }

  private(set) var underWay: [Int64: String] = [:]
  private var pauses: [String: Pause] = [:]
  private static let pauseSecondsMax = 60

  /// Topics that are left alone now.
  func resting(at now: ContinuousClock.Instant) -> [String] {
    pauses.filter { $0.value.until > now }.keys.sorted()
  }

  /// Whether some topic will not have its events.
  var hasTrouble: Bool { !pauses.isEmpty }

  mutating func enter(_ id: Int64, topic: String) { underWay[id] = topic }

  /// Takes in what became of things.
  mutating func settle(_ reports: [KafkaProducer.Report], at now: ContinuousClock.Instant) -> Outcome {
    var outcome = Outcome()
    for report in reports {
      switch report {
      case .arrived(let id):
        guard let topic = underWay.removeValue(forKey: id) else { continue }
        pauses[topic] = nil
        outcome.arrived.append(id)
      case .refused(let id, let reason):
        guard underWay.removeValue(forKey: id) != nil else { continue }
        outcome.refused[id] = reason
      case .failed(let id, let reason):
        guard let topic = underWay.removeValue(forKey: id) else { continue }
        // Those of one topic that fail together are one failure.
        if pauses[topic].map({ $0.until <= now }) ?? true {
          let failures = (pauses[topic]?.failures ?? 0) + 1
          let seconds = min(RelayWindow.pauseSecondsMax, 1 << min(failures - 1, 6))
          pauses[topic] = Pause(failures: failures, until: now + .seconds(seconds))
        }
        outcome.trouble = "\(topic): \(reason)"
      case .trouble(let reason): outcome.trouble = reason
      case .over(let reason): outcome.end = reason
      }
    }
    return outcome
  }
}
