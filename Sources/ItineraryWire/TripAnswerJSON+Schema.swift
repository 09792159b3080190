import Itinerary
package import JSON

extension TripAnswerJSON {
  /// What is told of all options together, as it is kept.
  package static let summary: JSONSchema = .fields([
    "currency": currency, "unbeaten": .integer, "complete": .boolean, "orderGap?": .amount,
    "relaxations?": .list(.fields(["change": .text, "cost": .amount, "enough": .boolean])),
    "work": .fields([
      "searches": .integer, "candidates": .integer, "stays": .integer, "calendars": .integer, "estimates": .integer,
    ]),
  ])

  /// An option as it is kept: with names for what is done on its days, by which edits have added things of one's own.
  package static let option: JSONSchema = .fields([
    "names": .list(.words(OptionName.self)), "start": .date, "end": .date, "nights": .integer(0...400),
    "cost": .amount, "score": .integer, "travelMinutes": .integer, "co2Grams": .integer, "comfort": .integer,
    "chanceWithinBudget?": .number(0...1), "reasons": .list(.text), "legs": .list(leg), "stays": .list(stay),
    "costs": .fields(["categories": .map(.amount), "perPerson": .map(.amount), "p80": .amount]),
  ])

  /// A currency.
  static let currency: JSONSchema = .text(matching: "^[A-Z]{3}$")

  /// A time of a day, whose hours go on counting beyond midnight.
  static let clock: JSONSchema = .text(matching: "^[0-9]{2}:[0-5][0-9]$")

  /// What a journey costs.
  static let fare: JSONSchema = .fields(["amount": .amount, "currency": currency, "complete": .boolean])

  /// What is ridden or walked, without the way it takes.
  static let ride: JSONSchema = .fields([
    "mode": .text, "line?": .text, "trip?": .text, "from": end, "to": end, "departure": .moment, "arrival": .moment,
  ])

  /// A roof, without what it costs.
  static let roof: JSONSchema = .fields(["name": .text, "style": .text, "lat": latitude, "lon": longitude])

  private static let latitude: JSONSchema = .number(-90...90)
  private static let longitude: JSONSchema = .number(-180...180)
  private static let end: JSONSchema = .fields([
    "stop?": .text, "code?": .text, "name": .text, "lat": latitude, "lon": longitude,
  ])

  private static let leg: JSONSchema = .fields([
    "departure": .moment, "arrival": .moment, "minutes": .integer, "transfers": .integer, "co2Grams": .integer,
    "price": fare, "legs": .list(ride.with(["geometry": .text])),
  ])

  private static let stay: JSONSchema = .fields([
    "city": .text, "place": .text, "code?": .text, "arrival": .date, "departure": .date, "nights": .integer(0...400),
    "lodging": roof.with(["price": .amount]), "score": .integer, "tickets": .amount, "taxis": .amount,
    "days": .list(
      .fields([
        "date": .date, "visits": .list(visit), "travelSecondsAfter": .integer, "taxiAfter?": .amount,
      ])),
  ])

  private static let visit: JSONSchema = .fields([
    "activity": ActivityName.schema, "kind": .words(["sight", "meal", "appointment", "own"]), "id?": .text,
    "category?": .text, "name": .text, "start": clock, "end": clock, "slackMinutes": .integer,
    "travelSeconds": .integer, "taxi?": .amount, "lat": latitude, "lon": longitude, "pinned?": .boolean,
  ])
}
