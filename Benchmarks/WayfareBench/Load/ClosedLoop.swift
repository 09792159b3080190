import EventLoop

/// What a server managed in one round.
struct ThroughputSample {
  let answers: Int
  let seconds: Double
  let processorTime: ProcessFigures.ProcessorTime

  var requestsPerSecond: Double { Double(answers) / seconds }
  var processorMicrosecondsPerRequest: Double { processorTime.total * 1_000_000 / Double(max(1, answers)) }
  var userMicrosecondsPerRequest: Double { processorTime.user * 1_000_000 / Double(max(1, answers)) }
  /// How much of one processor it used: near 1, the server was what limited the round.
  var processorsUsed: Double { processorTime.total / seconds }
}

/// Every connection asks again as soon as it has its answer: how much a server manages at most.
struct ClosedLoop {
  let server: ServerUnderTest
  let connections: Int
  let seconds: Double

  private static let warmUpSeconds = 0.25

  /// Measures one round on fresh connections, after a moment that does not count.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong.
  func run(adding total: inout Tally) throws(BenchmarkError) -> ThroughputSample {
    let generator = try LoadGenerator(server: server, connections: connections)
    for number in 0..<connections { try generator.ask(number) }
    try drive(generator, for: ClosedLoop.warmUpSeconds)
    let figures = ProcessFigures(process: server.process)
    let processorStart = try figures.processorTime()
    let answersStart = generator.tally.answers
    let start = EventLoop.nanoseconds
    try drive(generator, for: seconds)
    let elapsed = EventLoop.nanoseconds - start
    let sample = ThroughputSample(
      answers: generator.tally.answers - answersStart, seconds: Double(elapsed) / 1e9,
      processorTime: try figures.processorTime() - processorStart)
    try generator.finish()
    total.add(generator.tally)
    return sample
  }

  private func drive(_ generator: LoadGenerator, for seconds: Double) throws(BenchmarkError) {
    let start = EventLoop.nanoseconds
    let end = start + UInt64(seconds * 1e9)
    var answers = generator.tally.answers
    var lastAnswer = start
    while true {
      let now = EventLoop.nanoseconds
      if now >= end { return }
      if generator.tally.answers != answers {
        answers = generator.tally.answers
        lastAnswer = now
      } else if now - lastAnswer > LoadGenerator.patienceNanoseconds {
        throw .wrongAnswers("\(server.name) answered nothing for 10 seconds")
      }
      try generator.turn(until: end) { number throws(BenchmarkError) in try generator.ask(number) }
    }
  }
}
