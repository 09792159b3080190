/// A graph that cannot be read or written.
package enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is none yet.
  case missing(path: String)
  /// The file cannot be opened.
  case notOpened(path: String, reason: String)
  /// The file is something else, or damaged.
  case notAGraph(path: String, reason: String)
  /// The file is of another version of Wayfare.
  case otherVersion(path: String, found: Int, wanted: Int)
  /// A value that no import writes.
  case strangeValue(path: String, table: String, column: String)
  /// Reading or writing failed on the way.
  case failed(path: String, reason: String)

  /// What is wrong, and what to do about it.
  package var description: String {
    switch self {
    case .missing(let path): "there is no transit graph at \(path) yet: make one with wayfare feed add NAME ZIP"
    case .notOpened(let path, let reason): "\(path) cannot be opened (\(reason)): check that it may be read and written"
    case .notAGraph(let path, let reason):
      "\(path) is no transit graph, or damaged (\(reason)): move it away and add its feeds again"
    case .otherVersion(let path, let found, let wanted):
      "\(path) has version \(found) of the graph and this program wants \(wanted): move it away and add its feeds again"
    case .strangeValue(let path, let table, let column):
      "\(path) has a value in \(table).\(column) that no import writes: move it away and add its feeds again"
    case .failed(let path, let reason):
      "\(path) cannot be read or written further (\(reason)): check the disk's free space and health"
    }
  }
}
