/// What a stop is.
enum LocationType: Int32, CaseIterable, Sendable {
  case stop, station, entrance, node, boardingArea
}

/// Whether wheelchairs, bicycles or cars can come along; of a stop, whether wheelchairs can board.
enum Accessibility: Int32, CaseIterable, Sendable {
  case unknown, possible, impossible
}

/// How riders get on or off at a call.
enum BoardingRule: Int32, CaseIterable, Sendable {
  case regular, none, phoneFirst, askDriver
}

/// Whether riders get on or off anywhere between two calls.
enum Continuous: Int32, CaseIterable, Sendable {
  case anywhere, no, phoneFirst, askDriver
}

/// What a row of `calendar_dates` does.
enum ServiceException: Int32, CaseIterable, Sendable {
  case added = 1
  case removed
}

/// What a transfer is.
enum TransferType: Int32, CaseIterable, Sendable {
  case recommended, timed, minimumTime, impossible, inSeat, reboard
}

/// What a pathway is.
enum PathwayMode: Int32, CaseIterable, Sendable {
  case walkway = 1
  case stairs, movingWalkway, escalator, lift, fareGate, exitGate
}

/// What runs on a route, as riders say it; GTFS has a number for each of a hundred kinds.
enum RouteMode: String, CaseIterable, Sendable {
  case bus, coach, trolleybus, tram, metro, rail, monorail
  case cableTram = "cable_tram"
  case funicular, gondola, ferry, flight, taxi, other
}

/// How bad something wrong with a feed is.
package enum Severity: String, CaseIterable, Sendable {
  /// Rows are lost.
  case error
  /// Everything is used, but is probably not as it was meant.
  case warning
  /// Worth knowing.
  case note
}
