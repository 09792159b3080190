/// `Trips` is the trip that friends plan together: what its document says, how edits of many merge into it, who may do
/// what, and how an edit is taken back.
///
/// It is: a pure engine over values. An operation (what somebody wants) becomes effects (what that comes to), and whoever
/// replays all effects in the order of the log has the same document. It is not: a store, JSON, HTTP or a clock; nor does
/// it plan (`Itinerary`) or reckon (`Budget`).
///
/// Its five nouns: ``TripDocument`` (fields, days and items), ``Operation``, ``Effect``, ``OrderKey`` (a place between
/// two others) and ``Permissions`` (who may do what).
