/// `Telemetry` is what a process says about itself: logs, metrics and traces.
///
/// It is: cheap handles that never block or grow without bound, and the three formats that everybody reads (JSON lines,
/// Prometheus text 0.0.4, OTLP/HTTP JSON). It is not: a transport, since bytes leave through a file descriptor, a return
/// value or a closure, and nothing here is looked at to make decisions.
///
/// Its five nouns: ``Logger`` (writes lines to a ``LogSink``), ``MetricRegistry`` (hands out counters, gauges and
/// histograms), ``TraceContext`` (what a request carries from service to service), ``Span`` (one timed piece of work),
/// ``Tracer`` (starts spans and keeps the finished ones for an ``OTLPExporter``).
