package import Kernel

/// A record of the catalogue: a city, something to see in or near one, somewhere to stay, or a place one arrives at or knows
/// one's way by.
package struct CataloguePlace: Hashable, Sendable {
  /// What others name it by: `fr/paris/louvre`.
  package let id: String
  /// As people call it.
  package let name: String
  /// Where it is.
  package let point: Coordinate
  /// The id of the city it belongs to; nil for a city itself, and for what lies far from all that are known.
  package var city: String?
  /// What it is: `city`, `lodging`, a waypoint's kind, or a sight's category.
  package let category: String
  /// How much most people want to go there, from 1 to 100.
  package let score: Int
  /// Whether a wheelchair gets in; nil where nobody has said.
  package let wheelchair: WheelchairAccess?
  /// What those who sell flights and beds call it; nil where that is not known.
  package let code: String?
  /// What only its kind has.
  package let facts: Facts

  /// What is known of a place of one kind.
  package enum Facts: Hashable, Sendable {
    /// The country's two letters and the time zone.
    case city(country: String, zone: String)
    /// Something to see.
    case sight(SightFacts)
    /// The class, and what a room costs a night before the season.
    case lodging(style: String, price: Money)
    /// Where one arrives, or what part of a city is called.
    case waypoint(Waypoint)
  }

  /// Something that is looked for by its name and is nothing to see; its name is its category.
  package enum Waypoint: String, CaseIterable, Hashable, Sendable {
    case airport
    /// Of trains, coaches or ships.
    case station
    case neighbourhood

    /// How much people look for it.
    package var score: Int {
      switch self {
      case .airport: 40
      case .station: 30
      case .neighbourhood: 20
      }
    }
  }

  /// What is known of a sight.
  package struct SightFacts: Hashable, Sendable {
    /// What it is for.
    package let tags: [String]
    /// When it is open, as OpenStreetMap writes it; empty for always.
    package let hours: String
    /// How long a visit takes.
    package let minutes: Int
    /// What an adult pays.
    package let price: Money

    /// Facts.
    package init(tags: [String], hours: String, minutes: Int, price: Money) {
      self.tags = tags
      self.hours = hours
      self.minutes = minutes
      self.price = price
    }
  }

  /// A record.
  package init(
    id: String, name: String, point: Coordinate, city: String?, category: String, score: Int,
    wheelchair: WheelchairAccess? = nil, code: String? = nil, facts: Facts
  ) {
    self.id = id
    self.name = name
    self.point = point
    self.city = city
    self.category = category
    self.score = score
    self.wheelchair = wheelchair
    self.code = code
    self.facts = facts
  }
}

extension CatalogueTables {
  /// How much people want to go to a city, whatever there is to see: it comes before what is named after it.
  private static let cityScore = 90
  /// Lodgings come after what one travels for.
  private static let lodgingScore = 10

  /// All records, cities first, waypoints last.
  package var places: [CataloguePlace] {
    var places = cities.map { city in
      CataloguePlace(
        id: city.id, name: city.name, point: city.point, city: nil, category: "city", score: Self.cityScore,
        code: city.code, facts: .city(country: city.country, zone: city.zone))
    }
    for city in cities {
      for sight in sights[city.id] ?? [] {
        places.append(
          CataloguePlace(
            id: sight.id, name: sight.name, point: sight.point, city: city.id, category: sight.category,
            score: sight.score, wheelchair: sight.wheelchair,
            facts: .sight(
              CataloguePlace.SightFacts(
                tags: sight.tags, hours: sight.hours, minutes: sight.minutes, price: sight.price))))
      }
      for lodging in lodgings[city.id] ?? [] {
        places.append(
          CataloguePlace(
            id: lodging.id, name: lodging.name, point: lodging.point, city: city.id,
            category: "lodging", score: Self.lodgingScore, wheelchair: lodging.wheelchair,
            facts: .lodging(style: lodging.style, price: lodging.price)))
      }
    }
    return places + waypoints
  }
}
