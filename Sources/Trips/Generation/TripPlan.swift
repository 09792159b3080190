/// What a plan says a trip should have, in order.
package struct TripPlan: Sendable {
  /// Something on a day.
  package struct Item: Sendable {
    /// What it is of the plan; the same however often the plan is read.
    package let key: String
    package let kind: EntryKind
    package let fields: [TripField: FieldValue]

    package init(key: String, kind: EntryKind, fields: [TripField: FieldValue]) {
      self.key = key
      self.kind = kind
      self.fields = fields
    }
  }

  /// A day.
  package struct Day: Sendable {
    /// As in `2026-06-05`.
    package let date: String
    package let items: [Item]

    package init(date: String, items: [Item]) {
      self.date = date
      self.items = items
    }

    var key: String { "day \(date)" }
  }

  /// The days by date.
  package let days: [Day]
  /// Fields of the trip itself, which are written where nobody else has.
  package let fields: [TripField: FieldValue]

  package init(days: [Day], fields: [TripField: FieldValue] = [:]) {
    self.days = days
    self.fields = fields
  }
}

/// A day, an item or a field of the trip that came from a plan.
package struct GeneratedEntry: Hashable, Sendable {
  /// What it is of the plan.
  package let key: String
  package let entry: EntryID
  /// The place of the log that generated it last; whatever has a later stamp, people have changed.
  package let seq: Int64

  package init(key: String, entry: EntryID, seq: Int64) {
    self.key = key
    self.entry = entry
    self.seq = seq
  }
}
