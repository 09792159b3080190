/// Why a feed was not read, imported or removed at all; what is wrong with single rows are notices.
package enum FeedError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nothing is at the path.
  case notFound(path: String)
  /// The file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// It is there but holds no feed.
  case notAFeed(path: String, reason: String)
  /// An archive that no honest program writes, or one that is too large.
  case refused(path: String, reason: String)
  /// A file in the feed is damaged.
  case damaged(path: String, file: String, reason: String)
  /// Not one trip can be used.
  case nothingUsable(path: String, because: String)
  /// No name that a feed could have.
  case badName(String)
  /// No feed of that name was imported.
  case unknownFeed(String, known: [String])
  /// Somebody else is importing or removing.
  case busy(path: String, process: String)
  /// The data directory cannot be written.
  case notWritten(path: String, reason: String)
  /// The graph cannot be read or written.
  case graph(GraphError)
  /// The timetable cannot be used.
  case timetable(TimetableError)
  /// The caller said stop.
  case stopped

  /// What is wrong, and what to do about it.
  package var description: String {
    switch self {
    case .notFound(let path): "there is nothing at \(path): name a GTFS zip or a folder with its files"
    case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)): check who may read it"
    case .notAFeed(let path, let reason):
      "\(path) is no GTFS feed (\(reason)): name a zip or a folder with stops.txt, trips.txt and the others"
    case .refused(let path, let reason):
      "\(path) is refused because \(reason): unpack it yourself, look, and name the folder"
    case .damaged(let path, let file, let reason): "\(path): \(file) is damaged (\(reason)): get the feed again"
    case .nothingUsable(let path, let because):
      "\(path) has not one trip that can be used (\(because)): see wayfare feed check"
    case .badName(let name):
      "\"\(name.prefix(80))\" cannot name a feed: write up to 64 letters, digits, dots, dashes and underscores"
    case .unknownFeed(let name, let known):
      known.isEmpty
        ? "there is no feed \"\(name)\", nor any other: add one with wayfare feed add"
        : "there is no feed \"\(name)\": there are \(known.joined(separator: ", "))"
    case .busy(let path, let process):
      "another import works on \(path)\(process.isEmpty ? "" : " (process \(process))"): wait until it is done"
    case .notWritten(let path, let reason):
      "\(path) cannot be written (\(reason)): make room or choose another with --home or WAYFARE_HOME"
    case .graph(let error): error.description
    case .timetable(let error): error.description
    case .stopped: "the import was stopped before it was done: nothing has changed"
    }
  }
}
