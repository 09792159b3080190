/// The feeds of an installation: added, listed, removed.
///
/// Every change makes a new generation of the graph beside the old one and puts it in force in one step; if it fails or
/// is killed on the way, the old one stays. One change at a time; who comes second is told at once.
package struct FeedStore: Sendable {
  /// Called with the folder of a new generation before it is put in force, to put more files into it.
  package typealias Completion = @Sendable (_ generation: String) throws(FeedError) -> Void

  package let folder: TransitFolder
  private let complete: Completion

  /// - Parameters:
  ///   - home: the data directory.
  ///   - complete: what else belongs into a generation: the timetable, unless another is wanted.
  package init(home: String, complete: @escaping Completion = Transit.compile) {
    folder = TransitFolder(home: home)
    self.complete = complete
  }

  /// Reads a feed and puts it into the graph, in place of one of the same name.
  ///
  /// - Parameters:
  ///   - name: what it will be called.
  ///   - path: a zip or a folder.
  ///   - progress: told about every quarter of a megabyte; says whether to go on.
  /// - Returns: what was read and what is wrong with it.
  /// - Throws: `FeedError`, and nothing has changed.
  package func add(
    _ name: FeedName, from path: String, progress: @escaping (FeedProgress) -> Bool = { _ in true }
  ) throws(FeedError) -> FeedReport {
    let source = try FeedSource(path)
    return try change { (generation) throws(FeedError) in
      let kept = try feeds().map(\.name).filter { $0 != name.description }
      return try assemble(generation, kept, adding: name.description) { (writer) throws(FeedError) in
        let report = try FeedImporter(source, into: writer, progress: progress).run(name: name.description)
        guard report.isUsable else { throw .nothingUsable(path: path, because: report.mainFault) }
        guard progress(FeedProgress(step: "joining", rows: 0, bytes: report.bytesRead)) else { throw .stopped }
        return report
      }
    }
  }

  /// Takes a feed out of the graph.
  ///
  /// - Throws: `FeedError.unknownFeed` with the names there are, or another, and nothing has changed.
  package func remove(_ name: String) throws(FeedError) {
    // Asked before the lock is taken: a name that is wrong needs no folder to be made.
    let known = try feeds().map(\.name)
    guard known.contains(name) else { throw .unknownFeed(name, known: known) }
    try change { (generation) throws(FeedError) in
      try assemble(generation, try feeds().map(\.name).filter { $0 != name }, adding: nil) { _ in }
    }
  }

  /// The feeds in the graph by their names; none if there is no graph yet.
  package func feeds() throws(FeedError) -> [FeedSummary] {
    guard let path = graphPath else { return [] }
    return try graphWork { () throws(GraphError) in try FeedSummary.all(in: path) }
  }

  /// Reads a feed and says what is wrong with it; nothing is kept.
  ///
  /// - Throws: `FeedError` if it cannot be read.
  package static func check(
    _ path: String, progress: @escaping (FeedProgress) -> Bool = { _ in true }
  ) throws(FeedError) -> FeedReport {
    let source = try FeedSource(path)
    // An empty path is a file of SQLite's own, which goes when it is closed.
    let writer = try graphWork { () throws(GraphError) in try GraphWriter("") }
    return try FeedImporter(source, into: writer, progress: progress).run(name: source.name)
  }

  // MARK: The change

  private var graphPath: String? { folder.current.map { $0 + "/" + Graph.fileName } }

  private func change<Result>(_ work: (String) throws(FeedError) -> Result) throws(FeedError) -> Result {
    try folder.make()
    let lock = try ImportLock(folder)
    defer { extendLifetime(lock) }
    folder.clear()
    let generation = try folder.makeGeneration()
    do throws(FeedError) {
      let result = try work(generation)
      try complete(generation)
      try folder.publish(generation)
      folder.clear()
      return result
    } catch {
      folder.remove(generation: generation)
      throw error
    }
  }

  /// Writes the graph of a generation in the order of the feeds' names: those that are kept are copied from the one in
  /// force, one may be added.
  private func assemble<Result>(
    _ generation: String, _ kept: [String], adding added: String?,
    _ add: (GraphWriter) throws(FeedError) -> Result
  ) throws(FeedError) -> Result {
    let old = kept.isEmpty ? nil : graphPath
    let writer = try graphWork { () throws(GraphError) in
      try GraphWriter(generation + "/" + Graph.fileName, copyingFrom: old)
    }
    for name in kept where added.map({ name < $0 }) ?? true { try copy(name, to: writer) }
    let result = try add(writer)
    for name in kept where added.map({ name > $0 }) ?? false { try copy(name, to: writer) }
    try graphWork { () throws(GraphError) in try writer.finish() }
    return result
  }

  private func copy(_ name: String, to writer: GraphWriter) throws(FeedError) {
    try graphWork { () throws(GraphError) in
      let statement = try writer.database.prepare("select feed from old.feeds where name = ?")
      var parameters = statement.parameters
      parameters.bind(name)
      guard try statement.step() else { return }
      var row = statement.row
      let feed: GraphKey<FeedRow> = row.next()
      statement.reset()
      try FeedCopy(writer, of: feed).run()
    }
  }
}

/// Runs what reads or writes a graph, whose errors are one kind of a feed's.
func graphWork<Result>(_ work: () throws(GraphError) -> Result) throws(FeedError) -> Result {
  do throws(GraphError) {
    return try work()
  } catch {
    throw .graph(error)
  }
}
