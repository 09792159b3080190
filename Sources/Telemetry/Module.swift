/// `Telemetry` is logs, metrics and traces.
