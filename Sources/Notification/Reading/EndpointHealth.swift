package import Kernel

/// How an endpoint of somebody's webhooks has done, and when it is given up.
///
/// One message is tried for about a day by the queue; an endpoint is switched off when nothing has arrived there for three
/// days, or at once when it says that it is gone for good.
package struct EndpointHealth: Sendable, Hashable {
  /// Seconds of failure after which an endpoint is switched off.
  package static let patienceSeconds: Int64 = 3 * 86_400
  /// Messages that must have failed for that.
  package static let failuresMin = 3

  /// Since when nothing has arrived; nil while things do.
  package private(set) var failingSince: Instant?
  /// Tries that failed since.
  package private(set) var failures: Int

  /// What is known of an endpoint.
  package init(failingSince: Instant? = nil, failures: Int = 0) {
    self.failingSince = failingSince
    self.failures = failures
  }

  /// Hears how a try ended.
  ///
  /// - Parameters:
  ///   - status: what was answered; nil where nothing was.
  ///   - now: when.
  /// - Returns: why the endpoint is to be switched off; nil while it stays.
  package mutating func hear(status: Int?, at now: Instant) -> String? {
    if let status, (200..<300).contains(status) {
      self = EndpointHealth()
      return nil
    }
    failures += 1
    let since = failingSince ?? now
    failingSince = since
    if status == 410 { return "it answered 410: gone" }
    guard failures >= EndpointHealth.failuresMin, since.seconds(until: now) >= EndpointHealth.patienceSeconds else {
      return nil
    }
    return "nothing has arrived there for \(since.seconds(until: now) / 86_400) days"
  }
}
