import Kernel

/// The transit data of an installation, opened: the graph and its timetable, both of one generation.
///
/// An import that comes later changes nothing here: whoever wants it opens anew.
package final class Transit: Sendable {
  package let timetable: Timetable
  /// The graph's file, for whoever needs names and texts.
  let graphPath: String

  /// What names the generation in force; nil while there is none.
  package static func generation(home: String) -> String? { TransitFolder(home: home).current }

  /// Opens the generation in force, and compiles its timetable if it has none of this version.
  ///
  /// - Throws: `FeedError` that names the file and the mend.
  package init(home: String) throws(FeedError) {
    let folder = TransitFolder(home: home)
    guard let generation = folder.current else { throw .graph(.missing(path: folder.path + "/current")) }
    graphPath = generation + "/" + Graph.fileName
    timetable = try Transit.timetable(in: generation)
  }

  /// Writes the timetable of a generation into its folder.
  @Sendable
  package static func compile(_ generation: String) throws(FeedError) {
    try graphWork { () throws(GraphError) in
      try TimetableCompiler.compile(
        graph: generation + "/" + Graph.fileName, to: generation + "/" + Timetable.fileName)
    }
  }

  private static func timetable(in generation: String) throws(FeedError) -> Timetable {
    let path = generation + "/" + Timetable.fileName
    do throws(TimetableError) {
      return try Timetable(path)
    } catch {
      switch error {
      case .missing, .otherVersion, .damaged: try compile(generation)
      case .notOpened, .zone: throw .timetable(error)
      }
    }
    do throws(TimetableError) {
      return try Timetable(path)
    } catch {
      throw .timetable(error)
    }
  }

  /// The numbers of a feed's stops by their ids.
  ///
  /// - Throws: `FeedError.unknownFeed` with the names there are.
  package func stops(ofFeed name: String) throws(FeedError) -> [String: Int32] {
    let known = try feedNames()
    guard known.contains(name) else { throw .unknownFeed(name, known: known) }
    return try graphWork { () throws(GraphError) in
      let database = try SQLiteDatabase(graphPath, .reading)
      let statement = try database.prepare("select stop_id, stop from stops join feeds using (feed) where name = ?")
      var parameters = statement.parameters
      parameters.bind(name)
      var stops: [String: Int32] = [:]
      while try statement.step() {
        var row = statement.row
        let id: String = row.next()
        stops[id] = row.next()
      }
      return stops
    }
  }

  /// The feeds by their names.
  package func feedNames() throws(FeedError) -> [String] {
    try graphWork { () throws(GraphError) in
      let statement = try SQLiteDatabase(graphPath, .reading).prepare("select name from feeds order by feed")
      var names: [String] = []
      while try statement.step() {
        var row = statement.row
        names.append(row.next())
      }
      return names
    }
  }
}
