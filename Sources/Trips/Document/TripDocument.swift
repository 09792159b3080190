package import Kernel

/// What a day or an item of a trip is.
package enum EntryNoun {}

/// The id of a day or item; made by whoever adds it, so that it can be named before anybody has heard of it.
package typealias EntryID = Identifier<EntryNoun>

/// Which entry of the log wrote something last, and whose it was.
package struct Stamp: Hashable, Sendable {
  /// The place in the log.
  package let seq: Int64
  /// Who; nil for nobody with an account.
  package let author: UserID?

  package init(seq: Int64, author: UserID?) {
    self.seq = seq
    self.author = author
  }
}

/// A field's value, and who wrote it; a value that was taken away leaves its stamp.
package struct Register: Hashable, Sendable {
  package var value: FieldValue?
  package var stamp: Stamp

  package init(_ value: FieldValue?, _ stamp: Stamp) {
    self.value = value
    self.stamp = stamp
  }
}

/// Where an entry stands: an item on a day or among the ideas, a day among the days.
package struct Place: Hashable, Sendable {
  /// The day; nil for ideas and for days themselves.
  package var day: EntryID?
  package var key: OrderKey

  package init(day: EntryID?, key: OrderKey) {
    self.day = day
    self.key = key
  }
}

/// A day or an item.
///
/// What is deleted stays for a while, so that it can be restored.
package struct Entry: Hashable, Sendable {
  package let kind: EntryKind
  package var fields: [TripField: Register]
  package var place: Place
  package var placeStamp: Stamp
  package var isDeleted: Bool
  /// Who added, deleted or restored it last.
  package var lifeStamp: Stamp

  package init(
    kind: EntryKind, fields: [TripField: Register], place: Place, placeStamp: Stamp, isDeleted: Bool = false,
    lifeStamp: Stamp
  ) {
    self.kind = kind
    self.fields = fields
    self.place = place
    self.placeStamp = placeStamp
    self.isDeleted = isDeleted
    self.lifeStamp = lifeStamp
  }

  /// Every stamp of it.
  var stamps: [Stamp] { fields.values.map(\.stamp) + [placeStamp, lifeStamp] }
}

/// The trip: its fields, its days in order, and the items of each.
///
/// Whoever replays all effects of the log in order has the same document, stamps included.
package struct TripDocument: Hashable, Sendable {
  package var fields: [TripField: Register]
  package var entries: [EntryID: Entry]

  package init(fields: [TripField: Register] = [:], entries: [EntryID: Entry] = [:]) {
    self.fields = fields
    self.entries = entries
  }

  /// The days in order, without those that are deleted.
  package var days: [EntryID] { sorted { $0.kind == .day && !$0.isDeleted } }

  /// The items of a day, or with nil the ideas: items on no day, or on one that is deleted.
  package func items(of day: EntryID?) -> [EntryID] {
    sorted { $0.kind != .day && !$0.isDeleted && standing($0) == day }
  }

  /// All items by their day, in order, in one pass.
  package var itemsByDay: [EntryID?: [EntryID]] {
    var groups: [EntryID?: [(OrderKey, EntryID)]] = [:]
    for (id, entry) in entries where entry.kind != .day && !entry.isDeleted {
      groups[standing(entry), default: []].append((entry.place.key, id))
    }
    return groups.mapValues { $0.sorted(by: <).map(\.1) }
  }

  /// The text of a field of the trip.
  package func text(_ field: TripField) -> String? {
    if case .text(let text)? = fields[field]?.value { text } else { nil }
  }

  /// The day on which an item is shown.
  func standing(_ entry: Entry) -> EntryID? {
    guard let day = entry.place.day, let found = entries[day], !found.isDeleted else { return nil }
    return day
  }

  private func sorted(_ isWanted: (Entry) -> Bool) -> [EntryID] {
    var found: [(OrderKey, EntryID)] = []
    for (id, entry) in entries where isWanted(entry) { found.append((entry.place.key, id)) }
    return found.sorted(by: <).map(\.1)
  }

  /// Which day of the trip a moment falls on, by the clocks of the trip.
  ///
  /// - Parameters:
  ///   - moment: when.
  ///   - rules: the trip's time zone.
  /// - Returns: the date there, and the first day that has it.
  package func today(at moment: Instant, in rules: ZoneRules) -> (date: LocalDate, day: EntryID?) {
    let date = rules.local(at: moment).date
    let day = days.first { entries[$0]?.fields[.date]?.value == .text(date.description) }
    return (date, day)
  }
}
