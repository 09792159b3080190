import Glibc
import JSON
import Synchronization
import Testing

@testable import Telemetry

// 2026-06-01T06:03:00.123456789Z
private let moment: UInt64 = 1_780_293_780_123_456_789

private func sink(
  _ pipe: Pipe, _ format: LogFormat = .json, level: LogLevel = .trace, bytesMax: Int = 1 << 20
) -> LogSink {
  LogSink(descriptor: pipe.writer, format: format, level: level, clock: HandClock(moment).clock, bytesMax: bytesMax)
}

@Suite("Loggers")
struct LoggerTests {
  @Test("a JSON line holds time, level, message, logger and attributes, in that order")
  func jsonLine() throws {
    let pipe = try Pipe()
    let sink = sink(pipe)
    let logger = Logger("http", sink: sink).with(["request_id": "a1", "attempt": 1])
    let route = "/trips"
    logger.notice(
      "answered\n\"twice\"", ["status": 200, "attempt": 2, "route": "\(route)", "share": 0.5, "cached": false])
    #expect(sink.flush(timeout: .seconds(5)))
    let lines = pipe.lines
    #expect(
      lines == [
        #"{"time":"2026-06-01T06:03:00.123Z","level":"notice","message":"answered\n\"twice\"","logger":"http","#
          + #""request_id":"a1","attempt":2,"status":200,"route":"/trips","share":0.5,"cached":false}"#
      ])
    let root = try JSONDocument(text: try #require(lines.first)).root
    #expect(try root.find("/message")?.string == "answered\n\"twice\"")
    #expect(try root.find("/status")?.int == 200)
  }

  @Test("whatever is logged is one line of strict JSON")
  func hostileText() throws {
    let pipe = try Pipe()
    let sink = sink(pipe)
    let logger = Logger("a\"b", sink: sink)
    logger.info(
      "\u{0}\u{1B}[31m\r\n\u{2028}😀", ["time": "x", "level": 1, "message": true, "logger": 0.5, "k\n\"": "v\n"])
    logger.info("not finite", ["nan": .double(.nan), "infinite": .double(-.infinity)])
    #expect(sink.flush(timeout: .seconds(5)))
    let lines = pipe.lines
    #expect(lines.count == 2)
    let first = try JSONDocument(text: lines[0]).root
    #expect(try first.find("/message")?.string == "\u{0}\u{1B}[31m\r\n\u{2028}😀")
    #expect(try first.find("/time_")?.string == "x")
    #expect(try first.find("/logger_")?.double == 0.5)
    #expect(try first.find("/k\n\"")?.string == "v\n")
    #expect(try JSONDocument(text: lines[1]).root.find("/nan")?.string == "nan")
  }

  @Test("a line for people is aligned, and text from outside can neither break it nor colour it")
  func textLine() throws {
    let pipe = try Pipe()
    let sink = sink(pipe, .text(isColored: false))
    let logger = Logger("http", sink: sink)
    logger.info("answered", ["status": 200, "route": "/trips", "agent": "a \"b\"", "empty": "", "ok": true])
    logger.critical("bad\n\u{1B}[2J", ["x": "a\nb"])
    #expect(sink.flush(timeout: .seconds(5)))
    #expect(
      pipe.lines == [
        #"2026-06-01T06:03:00.123Z INFO     http: answered status=200 route=/trips agent="a \"b\"" empty="" ok=true"#,
        #"2026-06-01T06:03:00.123Z CRITICAL http: bad\n\u{1b}[2J x="a\nb""#,
      ])
  }

  @Test("colour comes only if asked for")
  func colour() throws {
    let pipe = try Pipe()
    let sink = sink(pipe, .text(isColored: true))
    Logger("http", sink: sink).error("failed", ["status": 500])
    #expect(sink.flush(timeout: .seconds(5)))
    #expect(
      pipe.lines == [
        "2026-06-01T06:03:00.123Z \u{1B}[31mERROR   \u{1B}[0m http: failed \u{1B}[2mstatus=\u{1B}[0m500"
      ])
  }

  @Test("the level counts for all loggers at once and may change; what is below it is not even made")
  func levels() throws {
    let pipe = try Pipe()
    let sink = sink(pipe, level: .warning)
    let loggers = [Logger("a", sink: sink), Logger("b", sink: sink).with(["x": 1])]
    let made = Atomic(0)
    func message(_ level: LogLevel) -> String {
      made.wrappingAdd(1, ordering: .relaxed)
      return level.name
    }
    func logAll() {
      for logger in loggers {
        for level in LogLevel.allCases { logger.log(level, message(level)) }
      }
    }
    logAll()
    #expect(made.load(ordering: .relaxed) == 6)
    sink.level = .trace
    logAll()
    #expect(made.load(ordering: .relaxed) == 20)
    sink.level = .critical
    #expect(!loggers[0].isEnabled(.error) && loggers[0].isEnabled(.critical))
    #expect(sink.flush(timeout: .seconds(5)))
    let levels = try pipe.lines.map { try JSONDocument(text: $0).root.find("/level")?.string }
    #expect(
      levels == Array(repeating: ["warning", "error", "critical"], count: 2).flatMap(\.self)
        + Array(repeating: LogLevel.allCases.map(\.name), count: 2).flatMap(\.self))
  }

  @Test("every level has its own call and its name reads back")
  func levelCalls() throws {
    let pipe = try Pipe()
    let sink = sink(pipe)
    let logger = Logger("a", sink: sink)
    logger.trace("t")
    logger.debug("d")
    logger.info("i")
    logger.notice("n")
    logger.warning("w")
    logger.error("e")
    logger.critical("c")
    #expect(sink.flush(timeout: .seconds(5)))
    let names = try pipe.lines.map { try JSONDocument(text: $0).root.find("/level")?.string ?? "" }
    #expect(names == ["trace", "debug", "info", "notice", "warning", "error", "critical"])
    #expect(names.map { LogLevel(name: $0) } == LogLevel.allCases)
    #expect(LogLevel(name: "loud") == nil)
  }

  @Test("a line of more than 16 KiB is cut and says so", arguments: ["x", "\u{1}", "é", "😀"])
  func longLines(unit: String) throws {
    for format in [LogFormat.json, .text(isColored: false)] {
      let long = String(repeating: unit, count: 20_000)
      var attributes: Attributes = ["short": "kept"]
      for index in 0..<30 { attributes["key\(index)"] = .string(long) }
      let lines: [(String, Attributes)] = [("short", attributes), (long, ["status": 200]), (long, attributes)]
      for (message, attributes) in lines {
        let line = LogLine(time: "t", level: .info, logger: long, message: message, attributes: attributes)
        let bytes = line.bytes(format)
        #expect(bytes.count <= LogLine.bytesMax)
        #expect(bytes.last == UInt8(ascii: "\n") && bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        let text = try #require(String(validating: bytes, as: UTF8.self))
        #expect(text.contains("line_cut") && text.contains("bytes cut)"))
        if case .json = format {
          #expect(try JSONDocument(bytes: bytes).root.find("/line_cut")?.bool == true)
        }
      }
    }
  }

  @Test("lines wait for a moment unless they are errors, and flushing brings them out")
  func flushing() throws {
    let pipe = try Pipe()
    let sink = sink(pipe)
    let logger = Logger("a", sink: sink)
    logger.info("soon")
    #expect(eventually { pipe.lines.count == 1 })
    logger.error("now")
    #expect(eventually { pipe.lines.count == 1 })
    for _ in 0..<300 { logger.info("many") }
    #expect(sink.flush(timeout: .seconds(5)))
    #expect(pipe.lines.count == 300)
  }

  @Test("while the descriptor is blocked lines are dropped and counted, and the count is written afterwards")
  func overflow() throws {
    let pipe = try Pipe()
    let sink = sink(pipe, bytesMax: 100_000)
    let logger = Logger("a", sink: sink)
    let count = 20_000
    for index in 0..<count { logger.info("line", ["index": .int(index)]) }
    #expect(!sink.flush(timeout: .milliseconds(50)), "a pipe takes 64 KiB, so this cannot have been written")
    #expect(sink.droppedLines > 0)
    var bytes: [UInt8] = []
    #expect(
      eventually {
        bytes += pipe.drain()
        return sink.flush(timeout: .milliseconds(1))
      })
    bytes += pipe.drain()
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let reports = try lines.filter { $0.contains("log lines were dropped") }.map {
      try JSONDocument(text: $0).root.find("/dropped")?.int ?? 0
    }
    #expect(!reports.isEmpty && reports.reduce(0, +) == sink.droppedLines)
    #expect(lines.count - reports.count + sink.droppedLines == count)
  }

  @Test("a closed pipe neither ends the process nor blocks, and its lines count as dropped")
  func brokenPipe() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let sink = LogSink(descriptor: ends[1], format: .json)
    let logger = Logger("a", sink: sink)
    logger.error("lost")
    logger.error("lost, too")
    #expect(!sink.flush(timeout: .milliseconds(50)))
    #expect(eventually { sink.droppedLines == 2 })
    // The other end stays open: the sink goes on trying to tell how many lines were dropped, and would tell it to whatever
    // another test has opened under the same number.
  }

  @Test("what was logged is written even if the sink is given up at once")
  func givenUp() throws {
    let pipe = try Pipe()
    do {
      let logger = Logger("a", sink: sink(pipe))
      logger.info("last words")
    }
    #expect(eventually { pipe.lines.contains { $0.contains("last words") } })
  }

  @Test("lines from many threads come out whole")
  func manyThreads() async throws {
    let pipe = try Pipe()
    let sink = sink(pipe)
    let logger = Logger("a", sink: sink)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask { for index in 0..<100 { logger.info("line \(index)", ["task": .int(task)]) } }
      }
    }
    #expect(sink.flush(timeout: .seconds(5)))
    let lines = pipe.lines
    #expect(lines.count == 400)
    for line in lines { _ = try JSONDocument(text: line) }
  }
}
