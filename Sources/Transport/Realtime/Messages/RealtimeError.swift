/// Real-time data that cannot be used at all; what cannot be matched is told in a ``RealtimeReport``.
package enum RealtimeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(name: String, reason: String)
  /// More bytes than any honest operator sends.
  case tooLarge(name: String, bytes: Int, limit: Int)
  /// Bytes that are no GTFS-Realtime.
  case malformed(name: String, offset: Int, field: String, reason: String)
  /// No feed has this name.
  case unknownFeed(String, known: [String])
  /// The graph cannot be read.
  case graph(GraphError)

  /// What is wrong, and what to do about it.
  package var description: String {
    switch self {
    case .unreadable(let name, let reason): "\(name) cannot be read (\(reason)): check the address and who may read it"
    case .tooLarge(let name, let bytes, let limit):
      "\(name) has \(bytes) bytes and at most \(limit) are read: name a feed of GTFS-Realtime"
    case .malformed(let name, let offset, let field, let reason):
      "\(name) is no GTFS-Realtime: \(reason), at byte \(offset)\(field.isEmpty ? "" : " in \(field)"); ask the operator"
        + " for its protobuf form"
    case .unknownFeed(let name, let known):
      "--realtime: there is no feed \"\(name)\": there are \(known.joined(separator: ", "))"
    case .graph(let error): error.description
    }
  }
}
