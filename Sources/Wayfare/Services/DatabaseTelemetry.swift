import Postgres
import Telemetry

extension PostgresObserver {
  /// Counts and times every call, and logs slow statements without their values.
  static func telemetry(logger: Logger, metrics: MetricRegistry) -> PostgresObserver {
    let retries = metrics.counter(
      "database_transaction_retries_total", help: "Transactions run again after a conflict.")
    let durations = DurationHistograms(metrics)
    return PostgresObserver(
      finished: { durations.observe($0) },
      wasSlow: { text, duration in
        logger.warning("slow statement", ["statement": .string(text), "milliseconds": .int(Int(duration / .milliseconds(1)))])
      },
      isRetrying: { attempt, error in
        retries.increment()
        logger.debug("transaction again", ["attempt": .int(attempt), "sqlstate": .string(error.sqlState)])
      })
  }
}

/// One histogram per kind of call and outcome, made once: observing one takes no lock.
private struct DurationHistograms: Sendable {
  private let byOperation: [String: (well: Histogram, failed: Histogram)]

  init(_ metrics: MetricRegistry) {
    func histogram(_ operation: String, _ outcome: String) -> Histogram {
      metrics.histogram(
        "database_call_seconds", help: "Time of calls to the database, waiting for a connection included.",
        ["operation": operation, "outcome": outcome])
    }
    byOperation = Dictionary(
      uniqueKeysWithValues: ["query", "pipeline", "transaction", "copy in", "other"].map { operation in
        (operation, (histogram(operation, "ok"), histogram(operation, "failed")))
      })
  }

  func observe(_ report: PostgresObserver.Report) {
    guard let pair = byOperation[report.operation] ?? byOperation["other"] else { return }
    (report.hasFailed ? pair.failed : pair.well).observe(report.duration)
  }
}
