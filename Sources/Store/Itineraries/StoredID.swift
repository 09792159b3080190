import Postgres

/// What identifies something that is kept, everywhere and for good; `Noun` keeps ids of different things apart.
package struct StoredID<Noun>: Hashable, Sendable, CustomStringConvertible {
  let uuid: PostgresUUID

  init(_ uuid: PostgresUUID) { self.uuid = uuid }

  /// Reads `8-4-4-4-12` hexadecimal digits; nil for anything else.
  package init?(_ text: String) {
    guard let uuid = PostgresUUID(text) else { return nil }
    self.uuid = uuid
  }

  /// Lower-case hexadecimal digits in five groups.
  package var description: String { uuid.description }
}

/// What a trip's id is of.
package enum TripNoun {}
/// What an itinerary's id is of.
package enum ItineraryNoun {}

/// The id of a trip.
package typealias TripID = StoredID<TripNoun>
/// The id of an itinerary.
package typealias ItineraryID = StoredID<ItineraryNoun>
