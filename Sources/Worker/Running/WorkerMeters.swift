import Store
import Telemetry

/// What a worker counts.
final class WorkerMeters: Sendable {
  let exchange: Histogram
  let waited: Histogram
  let ran: Histogram
  let lost: Counter
  let rescued: Counter
  let heartbeatFailures: Counter
  private let succeeded: Counter
  private let failed: Counter
  private let dead: Counter
  private let cancelled: Counter
  private let returned: Counter

  init(_ registry: MetricRegistry) {
    exchange = registry.histogram("jobs_exchange_seconds", help: "How long a round trip to the queue took.")
    waited = registry.histogram("jobs_waited_seconds", help: "How long jobs could have run before they did.")
    ran = registry.histogram("jobs_ran_seconds", help: "How long handlers took.")
    lost = registry.counter("jobs_lost_total", help: "Runs that could not be stored because their lease had ended.")
    rescued = registry.counter("jobs_rescued_total", help: "Jobs taken back from workers that fell silent.")
    heartbeatFailures = registry.counter(
      "jobs_heartbeat_failures_total", help: "Heartbeats that the database did not hear.")
    let help = "Runs by how they ended."
    succeeded = registry.counter("jobs_ended_total", help: help, ["outcome": "succeeded"])
    failed = registry.counter("jobs_ended_total", help: help, ["outcome": "failed"])
    dead = registry.counter("jobs_ended_total", help: help, ["outcome": "dead"])
    cancelled = registry.counter("jobs_ended_total", help: help, ["outcome": "cancelled"])
    returned = registry.counter("jobs_ended_total", help: help, ["outcome": "returned"])
  }

  func ended(_ ending: JobEnding) {
    switch ending {
    case .succeeded: succeeded.increment()
    case .failed: failed.increment()
    case .dead: dead.increment()
    case .cancelled: cancelled.increment()
    case .snoozed, .givenBack: returned.increment()
    }
  }
}
