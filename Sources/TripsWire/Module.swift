/// `TripsWire` is how trips travel and are kept: the JSON of documents, operations and effects.
///
/// It is: readers that name what is wrong with its place and the mend, writers, and how a whole document that somebody
/// sends becomes operations. It is not: the engine, which is `Trips`, nor routes or SQL.
///
/// Its five nouns: ``TripJSON`` (the document as people see it), ``StoredTrip`` (all of it, stamps included),
/// ``EditReader`` (what is asked), ``EffectJSON`` (what is in the log) and ``TripDraft`` (a document to become).
