import Glibc

/// What connections cost that have asked once and now only stay open.
struct IdleConnections {
  let server: ServerUnderTest
  let wanted: Int

  /// What was measured.
  struct Memory {
    let connections: Int
    /// Why there are fewer connections than wanted; nil if there are not.
    let shortage: String?
    let bytesBefore: Int
    let bytesAfter: Int

    var bytesPerConnection: Double { Double(bytesAfter - bytesBefore) / Double(max(1, connections)) }
  }

  private static let batch = 200
  private static let reserve = 128

  /// Opens the connections in batches, asks once on each, and compares the server's memory.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong.
  func run(adding total: inout Tally) throws(BenchmarkError) -> Memory {
    let (count, shortage) = fitting()
    let figures = ProcessFigures(process: server.process)
    try warmUp(adding: &total)
    let before = try figures.residentBytes()
    let generator = try LoadGenerator(server: server, connections: 0)
    while generator.count < count {
      let first = generator.count
      try generator.connect(min(Self.batch, count - first))
      for number in first..<generator.count { try generator.ask(number) }
      try generator.finish()
    }
    let after = try figures.residentBytes()
    total.add(generator.tally)
    return Memory(connections: count, shortage: shortage, bytesBefore: before, bytesAfter: after)
  }

  /// A thousand requests, so that what a server makes once is not counted for its connections.
  private func warmUp(adding total: inout Tally) throws(BenchmarkError) {
    let generator = try LoadGenerator(server: server, connections: 1)
    for _ in 0..<1000 {
      try generator.ask(0)
      try generator.finish()
    }
    total.add(generator.tally)
  }

  private func fitting() -> (count: Int, shortage: String?) {
    let limits = [getpid(), server.process].map { OpenFileLimit.current(of: $0) ?? 1024 }
    let room = max(1, (limits.min() ?? 1024) - Self.reserve)
    guard room < wanted else { return (wanted, nil) }
    return (room, "only \(room) of \(wanted) connections fit under the limit of open files; raise it with ulimit -n")
  }
}
