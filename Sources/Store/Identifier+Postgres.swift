package import Kernel
package import Postgres

// Ids are bound to statements and read from rows as they are.
extension Identifier: PostgresValue {
  /// The type `uuid`.
  package static var postgresType: PostgresType { .uuid }
  /// Reads `uuid` alone.
  package static func accepts(_ type: PostgresType) -> Bool { type == .uuid }

  /// Appends sixteen bytes.
  package func encode(into bytes: inout [UInt8]) { PostgresUUID(high: high, low: low).encode(into: &bytes) }

  /// Reads sixteen bytes.
  package init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    let uuid = try PostgresUUID(postgres: bytes, type: type)
    self.init(high: uuid.high, low: uuid.low)
  }
}

/// What an itinerary's id is of.
package enum ItineraryNoun {}

/// The id of an itinerary.
package typealias ItineraryID = Identifier<ItineraryNoun>
