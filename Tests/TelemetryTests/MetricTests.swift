import Foundation
import Testing

@testable import Telemetry

private func text(_ registry: MetricRegistry) -> String {
  String(decoding: registry.exposition(), as: UTF8.self)
}

/// A registry with one of everything, and hostile labels.
private func fullRegistry() -> MetricRegistry {
  let registry = MetricRegistry()
  registry.addProcessMetrics()
  registry.counter("http_requests_total", help: "Requests answered.", ["method": "GET", "path": "a\"b\\c\nd é"])
    .increment(by: 3)
  registry.gauge("queue_jobs", help: "Jobs that wait, \\ or \"run\"\nnow.").set(2.5)
  registry.histogram("http_request_duration_seconds", help: "Time to the answer.", ["method": "GET"]).observe(0.3)
  registry.gauge("pool_connections", help: "Connections.", ["state": "idle"]) { 4 }
  return registry
}

@Suite("Metrics")
struct MetricTests {
  @Test("counters, gauges and histograms are written as Prometheus reads them")
  func exposition() {
    let registry = MetricRegistry()
    let requests = registry.counter("requests_total", help: "Requests.", ["status": "200", "method": "GET"])
    requests.increment()
    requests.increment(by: 4)
    registry.counter("requests_total", help: "Requests.", ["method": "GET", "status": "404"]).increment()
    let gauge = registry.gauge("jobs", help: "Jobs.")
    gauge.set(2)
    gauge.add(-0.5)
    let histogram = registry.histogram("wait_seconds", help: "Waits.", bounds: [0.1, 1])
    for value in [0.0, 0.1, 0.5, 1.5, .nan] { histogram.observe(value) }
    histogram.observe(.milliseconds(250))
    #expect(
      text(registry) == """
        # HELP jobs Jobs.
        # TYPE jobs gauge
        jobs 1.5
        # HELP requests_total Requests.
        # TYPE requests_total counter
        requests_total{method="GET",status="200"} 5
        requests_total{method="GET",status="404"} 1
        # HELP wait_seconds Waits.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{le="0.1"} 2
        wait_seconds_bucket{le="1"} 4
        wait_seconds_bucket{le="+Inf"} 5
        wait_seconds_sum 2.35
        wait_seconds_count 5

        """)
  }

  @Test("label values and help texts are escaped")
  func escapes() {
    let lines = text(fullRegistry()).split(separator: "\n")
    #expect(lines.contains(#"http_requests_total{method="GET",path="a\"b\\c\nd é"} 3"#))
    #expect(lines.contains(#"# HELP queue_jobs Jobs that wait, \\ or "run"\nnow."#))
  }

  @Test("the same series is the same handle, whatever the order of its labels")
  func sameHandle() {
    let registry = MetricRegistry()
    let first = registry.counter("a_total", help: "A.", ["x": "1", "y": "2"])
    #expect(registry.counter("a_total", help: "A.", ["y": "2", "x": "1"]) === first)
    #expect(registry.counter("a_total", help: "A.", ["x": "2", "y": "1"]) !== first)
  }

  @Test("past the limit new label values share one series")
  func cardinality() {
    let registry = MetricRegistry(seriesMax: 3)
    let counters = (0..<100).map { registry.counter("a_total", help: "A.", ["path": "\($0)"]) }
    for counter in counters { counter.increment() }
    #expect(counters[0] !== counters[1])
    #expect(counters[2] === counters[99])
    let lines = text(registry).split(separator: "\n").dropFirst(2)
    #expect(lines == [#"a_total{path="0"} 1"#, #"a_total{path="1"} 1"#, #"a_total{path="_other"} 98"#])
  }

  @Test("values may be read when they are asked for, and nothing to say leaves the metric out")
  func closures() {
    let registry = MetricRegistry()
    registry.gauge("a", help: "A.") { 1.5 }
    registry.counter("b_total", help: "B.", ["x": "1"]) { 7 }
    registry.gauge("c", help: "C.") { nil }
    registry.gauge("d", help: "D.") { .infinity }
    // A closure may use the registry itself.
    registry.gauge("e", help: "E.") { registry.gauge("f", help: "F.").value }
    let written = text(registry)
    #expect(written.contains("\na 1.5\n") && written.contains("\nb_total{x=\"1\"} 7\n"))
    #expect(!written.contains("# HELP c ") && written.contains("\nd +Inf\n") && written.contains("\ne 0\n"))
  }

  @Test("updates from many threads are all counted")
  func concurrency() async {
    let registry = MetricRegistry()
    let counter = registry.counter("a_total", help: "A.")
    let gauge = registry.gauge("b", help: "B.")
    let histogram = registry.histogram("c_seconds", help: "C.", bounds: [1])
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<10_000 {
            counter.increment()
            gauge.add(0.5)
            histogram.observe(2)
          }
        }
      }
    }
    #expect(counter.value == 40_000)
    #expect(gauge.value == 20_000)
    #expect(histogram.reading.counts == [0, 40_000])
    #expect(histogram.reading.sum == 80_000)
  }

  @Test("the process tells about itself what Linux knows")
  func processMetrics() throws {
    let registry = MetricRegistry()
    registry.addProcessMetrics()
    var values: [String: Double] = [:]
    for line in text(registry).split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      values[String(parts[0])] = Double(parts[1])
    }
    #expect(try #require(values["process_resident_memory_bytes"]) > 1_048_576)
    #expect(try #require(values["process_cpu_seconds_total"]) > 0)
    #expect(try #require(values["process_open_fds"]) >= 3)
    #expect(try #require(values["process_max_fds"]) >= 3)
    let started = try #require(values["process_start_time_seconds"])
    // The boot time is rounded to a second.
    #expect((Date.now.timeIntervalSince1970 - 86_400...Date.now.timeIntervalSince1970 + 2).contains(started))
  }

  @Test("every line has the shape of the text format")
  func shape() throws {
    let name = /[a-zA-Z_:][a-zA-Z0-9_:]*/
    let label = /[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"/
    let sample = try Regex(#"[a-z][a-z0-9_]*(\{.*\})? (NaN|[+-]Inf|-?[0-9.]+(e[+-]?[0-9]+)?)"#)
    var typed: Set<Substring> = []
    for line in text(fullRegistry()).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("# ") {
        let words = line.split(separator: " ", maxSplits: 3)
        #expect(words.count == 4 && words[2].wholeMatch(of: name) != nil, "\(line)")
        if words[1] == "TYPE" { #expect(typed.insert(words[2]).inserted, "\(line)") }
        continue
      }
      #expect(line.wholeMatch(of: sample) != nil, "\(line)")
      let base = line.prefix { $0 != "{" && $0 != " " }
      #expect(typed.contains { base == $0 || base.hasPrefix($0 + "_") }, "\(line) comes before its type")
      if let open = line.firstIndex(of: "{"), let close = line.lastIndex(of: "}") {
        var rest = line[line.index(after: open)..<close]
        while let match = rest.prefixMatch(of: label) {
          rest = rest[match.range.upperBound...]
          if rest.first == "," { rest = rest.dropFirst() }
        }
        #expect(rest.isEmpty, "\(line)")
      }
    }
  }

  @Test("promtool has no complaint", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
  func promtool() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
    process.arguments = ["check", "metrics"]
    let input = Foundation.Pipe()
    let output = Foundation.Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(fullRegistry().exposition()))
    try input.fileHandleForWriting.close()
    let complaints = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(String(decoding: complaints, as: UTF8.self) == "")
    #expect(process.terminationStatus == 0)
  }

  @Test("names that Prometheus would refuse or complain about stop the process")
  func badNames() async {
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().counter("requests", help: "A.") }
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().gauge("jobs_total", help: "A.") }
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().gauge("jobs", help: "") }
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().gauge("queueJobs", help: "A.") }
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().gauge("jobs", help: "A.", ["le": "1"]) }
    await #expect(processExitsWith: .failure) { _ = MetricRegistry().gauge("jobs", help: "A.", ["a-b": "1"]) }
    await #expect(processExitsWith: .failure) {
      let registry = MetricRegistry()
      _ = registry.gauge("jobs", help: "A.", ["a": "1"])
      _ = registry.gauge("jobs", help: "A.", ["b": "1"])
    }
    await #expect(processExitsWith: .failure) {
      _ = MetricRegistry().histogram("wait_seconds", help: "A.", bounds: [1, 1])
    }
  }
}
