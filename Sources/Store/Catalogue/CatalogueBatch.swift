import Catalogue
import Kernel
import Postgres

/// Some records as columns, which is how they travel.
struct CatalogueBatch {
  private(set) var ids: [String] = []
  private(set) var homelessCount = 0
  private var numbers: [Int64] = []
  private var kinds: [String] = []
  private var names: [String] = []
  private var folded: [String] = []
  private var surroundings: [String] = []
  private var norths: [Double] = []
  private var easts: [Double] = []
  private var cities: [String?] = []
  private var categories: [String] = []
  private var scores: [Int16] = []
  private var countries: [String?] = []
  private var zones: [String?] = []
  private var tags: [String?] = []
  private var hours: [String?] = []
  private var minutes: [Int16?] = []
  private var styles: [String?] = []
  private var prices: [Int64?] = []
  private var currencies: [String?] = []
  private var tiers: [Int16] = []
  private var wheelchairs: [String?] = []
  private var codes: [String?] = []

  /// Some records of a source that has `count`, the best known first; these begin at `rank` among them.
  init(_ places: [(number: Int, place: CataloguePlace)], from rank: Int, of count: Int, _ homes: CityHomes) {
    let (best, good) = (CatalogueTier.best.count(of: count), CatalogueTier.good.count(of: count))
    for (place, record) in places.enumerated() {
      add(record.number, record.place, homes)
      tiers.append(rank + place < best ? 1 : rank + place < good ? 2 : 3)
    }
  }

  private mutating func add(_ number: Int, _ place: CataloguePlace, _ homes: CityHomes) {
    ids.append(place.id)
    numbers.append(Int64(number))
    names.append(place.name)
    folded.append(foldedName(place.name))
    norths.append(place.point.latitude)
    easts.append(place.point.longitude)
    categories.append(place.category)
    scores.append(Int16(clamping: place.score))
    wheelchairs.append(place.wheelchair?.rawValue)
    codes.append(place.code)
    var city = place.city
    var words = [place.category]
    switch place.facts {
    case .city(let country, let zone):
      kinds.append("city")
      append(country: country, zone: zone)
      append(sight: nil)
      append(style: nil, price: nil)
      words.append(country)
    case .sight(let facts):
      if city == nil { city = homes.finder.city(at: place.point) }
      if city == nil { homelessCount += 1 }
      kinds.append("sight")
      append(country: nil, zone: nil)
      append(sight: facts)
      append(style: nil, price: facts.price)
      words += facts.tags
    case .lodging(let style, let price):
      kinds.append("lodging")
      append(country: nil, zone: nil)
      append(sight: nil)
      append(style: style, price: price)
      words.append(style)
    case .waypoint:
      if city == nil { city = homes.finder.city(at: place.point) }
      kinds.append("waypoint")
      append(country: nil, zone: nil)
      append(sight: nil)
      append(style: nil, price: nil)
    }
    cities.append(city)
    if let city, let name = homes.names[city] { words.append(name) }
    surroundings.append(foldedName(words.joined(separator: " ")))
  }

  private mutating func append(country: String?, zone: String?) {
    countries.append(country)
    zones.append(zone)
  }

  private mutating func append(sight facts: CataloguePlace.SightFacts?) {
    tags.append(facts.map { $0.tags.joined(separator: " ") })
    hours.append(facts?.hours)
    minutes.append(facts.map { Int16(clamping: $0.minutes) })
  }

  private mutating func append(style: String?, price: Money?) {
    styles.append(style)
    prices.append(price?.minorUnits)
    currencies.append(price?.currency.code)
  }

  /// Writes the records and gives the ids of those whose id was free.
  func insertion(into source: CatalogueSource) -> SQL {
    """
    insert into catalogue_place (
      source, licence, id, number, kind, name, folded, words, location, city, category, score, country, zone, tags,
      hours, minutes, style, price_minor, currency, wheelchair, code)
    select \(source.name), \(source.licence), id, number, kind, name, folded,
      setweight(array_to_tsvector(string_to_array(folded, ' ')), 'A')
        || setweight(array_to_tsvector(string_to_array(surroundings, ' ')), 'B')
        || case when tier <= 2 then \(Self.marked(.good)) else '' end
        || case when tier <= 1 then \(Self.marked(.best)) else '' end,
      point(east, north), city, category, score, country, zone, string_to_array(tags, ' '), hours, minutes, style,
      price, currency, wheelchair, code
    from unnest(
      \(ids), \(numbers), \(kinds), \(names), \(folded), \(surroundings), \(norths), \(easts), \(cities),
      \(categories), \(scores), \(countries), \(zones), \(tags), \(hours), \(minutes), \(styles), \(prices),
      \(currencies), \(tiers), \(wheelchairs), \(codes))
      as record (id, number, kind, name, folded, surroundings, north, east, city, category, score, country, zone, tags,
        hours, minutes, style, price, currency, tier, wheelchair, code)
    on conflict (id) do nothing returning id
    """
  }

  private static func marked(_ tier: CatalogueTier) -> SQL {
    "array_to_tsvector(array(select \(tier.rawValue) || word from unnest(string_to_array(folded || ' ' || surroundings, ' ')) word))"
  }
}
