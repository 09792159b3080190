import Glibc
import JSON
import Synchronization
import Transport

/// How fast a feed becomes a transit graph, and in how much memory.
struct ImportBenchmark {
  private struct Round {
    let seconds: Double
    let readSeconds: Double
    let report: FeedReport
    let graphBytes: Int
    /// Until routes can be searched: the timetable is mapped and checked.
    let openMicroseconds: Double
    let compileSeconds: Double
    let timetableBytes: Int
  }

  private let options: ImportOptions

  init(options: ImportOptions) {
    self.options = options
  }

  /// Imports so often as asked and prints the figures of the median round.
  ///
  /// - Throws: `BenchmarkError`, also for a feed that cannot be imported.
  func run() throws(BenchmarkError) {
    ProcessFigures.forgetPeak()
    var rounds: [Round] = []
    for _ in 0..<options.rounds {
      try Interruption.check()
      rounds.append(try round())
    }
    rounds.sort { $0.seconds < $1.seconds }
    report(rounds[rounds.count / 2], peakBytes: ProcessFigures.peakBytes())
  }

  private func round() throws(BenchmarkError) -> Round {
    let directory = try TemporaryDirectory()
    let home = directory.path + "/home"
    // The compilation is part of every import; here it is timed on its own as well.
    let compilation = Mutex(0.0)
    let store = FeedStore(home: home) { (generation) throws(FeedError) in
      let start = ContinuousClock.now
      try Transit.compile(generation)
      let took = (ContinuousClock.now - start) / .seconds(1)
      compilation.withLock { $0 = took }
    }
    defer { TransitFolder.remove(home) }
    do throws(FeedError) {
      let start = ContinuousClock.now
      var readEnd = start
      let report = try store.add(FeedName("feed"), from: options.path) { progress in
        if progress.step == "joining" { readEnd = .now }
        return true
      }
      let end = ContinuousClock.now
      _ = try Transit(home: home)
      let opened = ContinuousClock.now - end
      var status = stat()
      stat(home + "/transit/current/timetable.bin", &status)
      let timetableBytes = Int(status.st_size)
      stat(home + "/transit/current/graph.sqlite", &status)
      return Round(
        seconds: (end - start) / .seconds(1), readSeconds: (readEnd - start) / .seconds(1), report: report,
        graphBytes: Int(status.st_size), openMicroseconds: opened / .microseconds(1),
        compileSeconds: compilation.withLock { $0 }, timetableBytes: timetableBytes)
    } catch {
      throw .unreachable(error.description)
    }
  }

  // MARK: The figures

  private func report(_ round: Round, peakBytes: Int) {
    let (rows, bytes) = (Double(round.report.rowsRead), Double(round.report.bytesRead))
    if options.wantsJSON {
      var writer = JSONWriter()
      writer.object { object in
        object.field("seconds", round.seconds)
        object.field("read_seconds", round.readSeconds)
        object.field("rows", round.report.rowsRead)
        object.field("rows_per_second", rows / round.seconds)
        object.field("bytes", round.report.bytesRead)
        object.field("bytes_per_second", bytes / round.seconds)
        object.field("peak_bytes", peakBytes)
        object.field("graph_bytes", round.graphBytes)
        object.field("compile_seconds", round.compileSeconds)
        object.field("timetable_bytes", round.timetableBytes)
        object.field("open_us", round.openMicroseconds)
        object.field("rounds", options.rounds)
      }
      StandardOutput.write(writer.finish() + [10])
      return
    }
    var table = TextTable("import", columns: ["median round"])
    table.add("seconds", [round.seconds.text(decimals: 2)])
    table.add("of them reading and checking", [round.readSeconds.text(decimals: 2)])
    table.add("rows", ["\(round.report.rowsRead)"])
    table.add("rows/s", ["\(Int(rows / round.seconds))"])
    table.add("MB/s", [(bytes / round.seconds / 1e6).text(decimals: 1)])
    table.add("peak memory, MB", [(Double(peakBytes) / 1e6).text(decimals: 0)])
    table.add("graph, MB", [(Double(round.graphBytes) / 1e6).text(decimals: 1)])
    table.add("of the seconds compiling", [round.compileSeconds.text(decimals: 2)])
    table.add("timetable, MB", [(Double(round.timetableBytes) / 1e6).text(decimals: 1)])
    table.add("open, us", ["\(Int(round.openMicroseconds))"])
    StandardOutput.write(table.text)
  }
}
