import Telemetry

/// What a relay counts.
struct RelayMeters: Sendable {
  let refused: Counter
  let troubles: Counter
  let holds: Gauge
  let underWay: Gauge
  let waiting: Gauge
  let oldest: Gauge
  private let registry: MetricRegistry

  init(_ registry: MetricRegistry) {
    self.registry = registry
    refused = registry.counter("events_refused_total", help: "Events that the broker will never have.")
    troubles = registry.counter("events_relay_troubles_total", help: "Errors of the brokers or the way to them.")
    holds = registry.gauge("events_relay_holds", help: "Whether this process is the one that relays events.")
    underWay = registry.gauge("events_under_way", help: "Events that no broker has acknowledged yet.")
    waiting = registry.gauge(
      "events_waiting", help: "Events that wait to be relayed, up to 100,000; told by whoever relays.")
    oldest = registry.gauge(
      "events_waiting_seconds", help: "For how long the oldest event has waited to be relayed; likewise.")
  }

  func arrived(_ topic: String, _ count: Int) {
    registry.counter("events_relayed_total", help: "Events that the broker has acknowledged.", ["topic": topic])
      .increment(by: UInt64(count))
  }
}
