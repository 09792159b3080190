import Glibc

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
  ///   - complete: what else belongs into a generation.
  package init(home: String, complete: @escaping Completion = { (_: String) throws(FeedError) in }) {
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
      let staging = generation + "/staging.sqlite"
      defer { unlink(staging) }
      let report = try FeedStore.read(source, into: staging, name: name.description, progress)
      guard report.isUsable else { throw .nothingUsable(path: path, because: report.mainFault) }
      guard progress(FeedProgress(step: "joining", rows: 0, bytes: report.bytesRead)) else { throw .stopped }
      let kept = try feeds().map(\.name).filter { $0 != name.description }
      try assemble(generation, kept: kept, added: (name.description, staging))
      return report
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
      try assemble(generation, kept: try feeds().map(\.name).filter { $0 != name }, added: nil)
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
    return try read(source, into: "", name: source.name, progress)
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

  private static func read(
    _ source: FeedSource, into path: String, name: String, _ progress: @escaping (FeedProgress) -> Bool
  ) throws(FeedError) -> FeedReport {
    let writer = try graphWork { () throws(GraphError) in try GraphWriter(path) }
    let report = try FeedImporter(source, into: writer, progress: progress).run(name: name)
    try graphWork { () throws(GraphError) in try writer.finishWithoutIndexes() }
    return report
  }

  /// Writes the graph of a generation: the feeds that are kept, from the one in force, and the one that is added.
  private func assemble(
    _ generation: String, kept: [String], added: (name: String, staging: String)?
  ) throws(FeedError) {
    let old = graphPath
    try graphWork { () throws(GraphError) in
      var sources: [(name: String, path: String)] = []
      if let old, !kept.isEmpty { sources.append((name: "old", path: old)) }
      if let added { sources.append((name: "added", path: added.staging)) }
      let writer = try GraphWriter(generation + "/" + Graph.fileName, attaching: sources)
      var parts: [(name: String, part: GraphAssembly.Part)] = []
      for name in kept {
        let statement = try writer.database.prepare("select feed from old.feeds where name = ?")
        var parameters = statement.parameters
        parameters.bind(name)
        guard try statement.step() else { continue }
        var row = statement.row
        parts.append((name, .init(database: "old", feed: row.next())))
        statement.reset()
      }
      if let added { parts.append((added.name, .init(database: "added", feed: GraphKey(Int32(0))))) }
      parts.sort { $0.name < $1.name }
      try GraphAssembly(writer, of: parts.map(\.part)).run()
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
