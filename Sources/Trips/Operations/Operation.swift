/// What somebody wants changed.
package struct Operation: Hashable, Sendable {
  package var change: Change
  /// Nothing may be overwritten that was written after this place in the log; nil for last writer wins.
  package var strictSince: Int64?

  package init(_ change: Change, strictSince: Int64? = nil) {
    self.change = change
    self.strictSince = strictSince
  }
}

/// A change; without an id it is to the trip itself.
package enum Change: Hashable, Sendable {
  /// Gives fields values; nil takes the value away. What is not named stays.
  case set(EntryID?, [TripField: FieldValue?])
  /// Adds a day or an item.
  case add(EntryID, EntryKind, Destination, [TripField: FieldValue])
  case move(EntryID, Destination)
  case delete(EntryID)
  case restore(EntryID)
  /// Gives the items of a day, the ideas or the days short keys again; nobody sees a difference.
  case rebalance(Siblings)
}

/// What stands in one order.
package enum Siblings: Hashable, Sendable {
  case days
  /// The items of a day, or with nil the ideas.
  case items(EntryID?)
}

/// Where an entry goes.
package struct Destination: Hashable, Sendable {
  /// The day of an item; nil for the ideas, and for days.
  package var day: EntryID?
  package var position: Position

  package init(day: EntryID? = nil, _ position: Position = .last) {
    self.day = day
    self.position = position
  }
}

/// Where among its siblings; beside one that stands elsewhere by now is last.
package enum Position: Hashable, Sendable {
  case first, last
  case after(EntryID)
  case before(EntryID)
}

/// What somebody asks of a trip: a change, or that one of theirs be taken back.
package enum Edit: Hashable, Sendable {
  case operation(Operation)
  case undo(Int64)
}
