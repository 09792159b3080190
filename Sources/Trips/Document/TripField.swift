/// A field of the trip, of a day or of an item; each has one value, and edits of different fields never meet.
package enum TripField: String, CaseIterable, Hashable, Sendable, Comparable {
  case title, description, currency, timeZone, startDate, endDate, cover
  case date, note
  case startTime, endTime, until, place, address, latitude, longitude
  case origin, destination, mode, url, reference, amount, quantity, assignee
  case isDone = "done"
  case isProposed = "proposed"

  package static func < (one: TripField, other: TripField) -> Bool { one.rawValue < other.rawValue }

  /// What the trip itself has.
  package static let ofTrip: [TripField] = [
    .title, .description, .currency, .timeZone, .startDate, .endDate, .cover, .note,
  ]
  /// What a day has.
  package static let ofDay: [TripField] = [.title, .date, .note]
  /// What an item of any kind has.
  package static let ofItem: [TripField] = [
    .title, .note, .startTime, .endTime, .until, .place, .address, .latitude, .longitude, .origin, .destination, .mode,
    .url, .reference, .amount, .currency, .quantity, .assignee, .isDone, .isProposed,
  ]

  /// The fields of an entry, or of the trip.
  package static func fields(of kind: EntryKind?) -> [TripField] {
    switch kind {
    case nil: ofTrip
    case .day?: ofDay
    default: ofItem
    }
  }

  /// What its value must be.
  package var rule: FieldRule {
    switch self {
    case .title: .text(TripLimits.titleMax)
    case .description, .note: .text(TripLimits.textMax)
    case .cover, .url: .text(2000)
    case .place, .address, .origin, .destination, .reference: .text(500)
    case .mode: .text(40)
    case .currency: .currency
    case .timeZone: .zone
    case .startDate, .endDate, .date, .until: .date
    case .startTime, .endTime: .time
    case .latitude: .number(-90, 90)
    case .longitude: .number(-180, 180)
    case .amount: .amount
    case .quantity: .whole(0...100_000)
    case .assignee: .user
    case .isDone, .isProposed: .flag
    }
  }
}

/// What is in the order of a trip.
package enum EntryKind: String, CaseIterable, Hashable, Sendable {
  case day, visit, leg, stay, meal, note, task, packing

  /// The kinds of items.
  package static let items: [EntryKind] = allCases.filter { $0 != .day }
}
