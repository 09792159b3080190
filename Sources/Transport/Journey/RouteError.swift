package import Kernel

/// Why no route was looked for; none found is no error.
package enum RouteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Text that names no place.
  case badPlace(String)
  /// A feed that is not there.
  case unknownFeed(String, known: [String])
  /// A stop that its feed does not have.
  case unknownStop(String, feed: String, near: [String])
  /// Nothing is called so.
  case unknownName(String, near: [String])
  /// Several places, far from one another, are called so.
  case ambiguousName(String, places: [NamedPlace], count: Int)
  /// No line is called so.
  case unknownLine(String, near: [String])
  /// No stop can be walked to.
  case nothingNear(String, metres: Int)
  /// No timetable tells of that day.
  case outsideDays(LocalDate, first: LocalDate, last: LocalDate)
  /// The data cannot be read.
  case data(FeedError)

  /// What is wrong, and what to do about it.
  package var description: String {
    switch self {
    case .badPlace(let text):
      "\"\(text)\" names no place: write lat,lon or stop:FEED:STOP_ID or place:NAME"
    case .unknownFeed(let name, let known):
      known.isEmpty
        ? "there is no feed yet: add one with wayfare feed add NAME ZIP"
        : "there is no feed \"\(name)\": "
          + (Self.hint(NameDistance.nearest(to: name, among: known)) ?? "there are \(known.joined(separator: ", "))")
    case .unknownStop(let id, let feed, let near):
      "the feed \(feed) has no stop \"\(id)\": \(Self.hint(near) ?? "look it up in its stops.txt")"
    case .unknownName(let name, let near):
      "no stop is called \"\(name)\": \(Self.hint(near) ?? "write more or less of its name, or lat,lon")"
    case .ambiguousName(let name, let places, let count):
      "\(count) places are called \"\(name)\": write "
        + places.map { "stop:\($0.stop) (\($0.name), feed \($0.feed))" }.joined(separator: " or ")
        + (count > places.count ? " or another of them, or lat,lon" : "")
    case .nothingNear(let text, let metres):
      "no stop lies within \(metres) m of \(text): allow more with --max-walk METRES"
    case .unknownLine(let name, let near):
      "no line is called \"\(name)\": \(Self.hint(near) ?? "write its short or long name, or FEED:ROUTE_ID")"
    case .outsideDays(let date, let first, let last):
      "the timetables run from \(first) to \(last), and \(date) is not among these days: choose another day or update the feeds"
    case .data(let error): error.description
    }
  }

  /// What may have been meant; nil if nothing is near.
  private static func hint(_ near: [String]) -> String? {
    guard let last = near.last else { return nil }
    let first = near.dropLast().joined(separator: ", ")
    return "did you mean \(first.isEmpty ? last : "\(first) or \(last)")?"
  }
}

/// A stop or station by what it is called and where it is from.
package struct NamedPlace: Hashable, Sendable {
  /// `FEED:ID`.
  package let stop: String
  package let name: String
  package let feed: String
}
