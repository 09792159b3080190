public import Telemetry

extension PostgresObserver {
  /// Durations by operation into histograms, failures and retries into counters, slow statements into the log.
  ///
  /// ```swift
  /// let client = PostgresClient(settings, on: loops, observer: .telemetry(registry, logger: logger))
  /// client.registerMetrics(in: registry)
  /// ```
  public static func telemetry(_ registry: MetricRegistry, logger: Logger) -> PostgresObserver {
    // Found once: what runs after each statement must not look anything up by name.
    let series = Operation.allCases.map { operation in
      (
        durations: registry.histogram(
          "postgres_duration_seconds", help: "Time of calls to PostgreSQL, with the wait for a connection.",
          ["operation": operation.rawValue]),
        failures: registry.counter(
          "postgres_failures_total", help: "Calls to PostgreSQL that threw.", ["operation": operation.rawValue])
      )
    }
    let retries = registry.counter(
      "postgres_retries_total", help: "Transactions tried again because the server asked for it.")
    return PostgresObserver(
      finished: { report in
        let entry = series[report.operation.index]
        entry.durations.observe(report.duration)
        if report.hasFailed { entry.failures.increment() }
      },
      wasSlow: { text, duration in
        logger.warning(
          "slow statement", ["statement": .string(text), "milliseconds": .int(Int(duration.milliseconds))])
      },
      isRetrying: { attempt, error in
        retries.increment()
        logger.debug("transaction tried again", ["attempt": .int(attempt), "sqlstate": .string(error.sqlState)])
      })
  }
}

extension PostgresObserver.Operation {
  /// Its place among all cases.
  fileprivate var index: Int {
    switch self {
    case .query: 0
    case .pipeline: 1
    case .transaction: 2
    case .copyIn: 3
    case .copyOut: 4
    }
  }
}

extension PostgresClient {
  /// Registers the pool's gauges and counters; they are read when the registry is.
  public func registerMetrics(in registry: MetricRegistry) {
    let gauges: [(state: String, value: @Sendable (PoolStats) -> Int)] = [
      ("idle", { $0.idle }), ("busy", { $0.busy }), ("opening", { $0.opening }),
    ]
    for (state, value) in gauges {
      registry.gauge("postgres_connections", help: "Connections to PostgreSQL.", ["state": state]) { [weak self] in
        self.map { Double(value($0.stats)) }
      }
    }
    registry.gauge("postgres_waiting", help: "Callers that wait for a connection.") { [weak self] in
      self.map { Double($0.stats.waiting) }
    }
    registry.gauge("postgres_available", help: "1 unless the last attempt to reach PostgreSQL failed.") { [weak self] in
      self.map { $0.stats.unavailableReason == nil ? 1 : 0 }
    }
    registry.counter("postgres_connections_opened_total", help: "Connections made to PostgreSQL.") { [weak self] in
      self.map { Double($0.stats.opened) }
    }
    registry.counter("postgres_connection_failures_total", help: "Attempts to connect that failed.") { [weak self] in
      self.map { Double($0.stats.failures) }
    }
  }
}
