import Catalogue
import JSON

// What answers are that other modules write: as their writers write them, field by field.

/// Journeys, lines and stops.
enum JourneySchemas {
  private static let stop: JSONSchema = .fields([
    "stop": .text, "name": .text, "platform?": .text, "lat": .number, "lon": .number,
  ])
  private static let end: JSONSchema = .fields([
    "stop?": .text, "name": .text, "platform?": .text, "lat": .number, "lon": .number,
  ])
  private static let price: JSONSchema = .fields([
    "amount?": .amount, "currency?": .text, "complete": .boolean,
    "products?": .list(.fields(["name": .text, "amount": .amount])), "missing?": .list(.text),
  ])
  private static let alert: JSONSchema = .fields([
    "id": .text, "effect?": .text, "header?": .text, "description?": .text, "url?": .text,
  ])
  private static let leg: JSONSchema = .fields([
    "mode": .text, "from": end, "to": end, "departure": .text, "arrival": .text, "metres": .number, "trip?": .text,
    "route?": .text, "line?": .text, "headsign?": .text, "agency?": .text, "stops?": .integer, "staySeated?": .boolean,
    "approximate?": .boolean, "checkInSeconds?": .integer, "exitSeconds?": .integer, "realtime?": .text,
    "scheduledDeparture?": .text, "scheduledArrival?": .text, "departureDelaySeconds?": .integer,
    "arrivalDelaySeconds?": .integer, "vehicle?": .fields(["lat": .number, "lon": .number, "at?": .text]),
    "alerts?": .list(alert), "geometry": .text,
  ])
  private static let comparison: JSONSchema = .fields([
    "journey": .integer, "gains": .map(.number), "costs": .map(.number),
  ])
  private static let journey: JSONSchema = .fields([
    "departure?": .text, "arrival?": .text, "durationSeconds": .integer, "transfers": .integer, "price?": price,
    "walkSeconds": .integer, "walkMetres": .number, "co2Grams": .number, "preferred?": .boolean,
    "explanation?": .fields(["text": .text, "best": .list(.text), "against": .list(comparison)]), "legs": .list(leg),
  ])
  private static let stats: JSONSchema = .fields([
    "rounds": .integer, "labels": .integer, "segments": .integer, "searchMicroseconds?": .integer,
  ])

  static let journeys: JSONSchema = .fields(["journeys": .list(journey), "stats": stats])

  static let legs: JSONSchema = .fields([
    "legs": .list(
      .fields([
        "from": .text, "to": .text, "journeys": .list(journey), "stats?": stats, "reason?": .text,
      ]))
  ])

  static let line: JSONSchema = .fields([
    "route": .text, "line?": .text, "name?": .text, "mode": .text, "agency": .text, "color?": .text, "url?": .text,
    "directions": .list(
      .fields([
        "headsign?": .text, "trips": .integer, "firstDeparture": .text, "lastDeparture": .text, "stops": .list(stop),
      ])),
  ])

  private static let passing: JSONSchema = .fields([
    "route": .text, "line?": .text, "mode": .text, "headsign?": .text, "agency": .text,
  ])
  static let nearby: JSONSchema = .fields([
    "stops": .list(stop.with(["metres": .number, "lines": .list(passing)])), "lines": .list(passing), "more": .boolean,
  ])
}

/// Places.
enum PlaceSchemas {
  static let place: JSONSchema = .fields([
    "id": .text, "name": .text, "category": .text, "city?": .fields(["id": .text, "name?": .text]), "lat": .number,
    "lon": .number, "score": .number, "wheelchair?": .text, "country?": .text, "zone?": .text, "tags?": .list(.text),
    "openingHours?": .text, "minutes?": .integer, "style?": .text, "price?": .amount, "currency?": .text,
    "source": .text, "licence": .text,
  ])

  static let found: JSONSchema = .fields([
    "results": .list(place.with(["metres?": .integer])),
    "facets?": .list(.fields(["category": .text, "count": .integer])), "next?": .text,
  ])
}

/// What trips cost.
enum BudgetSchemas {
  private static let amounts: JSONSchema = .map(.amount)
  private static let line: JSONSchema = .open([
    "category": .text, "what": .text, "amount": .amount, "source": .object, "per": .text, "every": .text,
    "perPerson": amounts,
  ])

  static let estimate: JSONSchema = .open([
    "currency": .text, "start": .date, "end": .date, "nights": .integer, "rooms": .integer, "style": .text,
    "lines": .list(line), "subtotals": amounts, "total": .amount, "perPerson": amounts, "missing": .list(.text),
    "rates": .list(.open(["from": .text, "to": .text])),
  ])

  private static let point: JSONSchema = .fields([
    "cost": .amount, "value": .number, "choice": .list(.fields(["line": .text, "alternative": .text])),
  ])
  static let choice: JSONSchema = .open([
    "currency": .text, "lines": .integer, "feasible": .boolean, "best?": point, "frontier?": .list(point),
    "frontierPoints?": .integer,
    "next?": .fields(["costMore": .amount, "overCapBy": .amount, "valueMore": .number]),
  ])

  static let defaults: JSONSchema = .open([
    "place": .text, "name": .text, "style": .text, "styles": .list(.text),
    "categories": .list(.open(["category": .text, "source?": .text, "scope?": .text, "defaults?": .list(.object)])),
  ])

  static let seasons: JSONSchema = .open([
    "id": .text, "name": .text, "currency": .text,
    "profiles": .list(.open(["category": .text, "scope": .text])),
  ])
}
