import Catalogue
import Kernel

/// Sights that nobody has seen, so that a city of thirty can be planned as one of a hundred.
struct MoreSights {
  private var random = SeededRandom(seed: 1)

  /// Adds to each of some cities, evenly, until they have so many together.
  mutating func added(to tables: CatalogueTables, cities: [City], until total: Int) -> CatalogueTables {
    var places = tables.places
    let missing = total - cities.reduce(0) { $0 + (tables.sights[$1.id]?.count ?? 0) }
    for number in 0..<max(0, missing) {
      let city = cities[number % cities.count]
      guard let model = tables.sights[city.id]?.randomElement(using: &random) else { continue }
      let point = Coordinate(
        city.point.latitude + Double.random(in: -0.02...0.02, using: &random),
        city.point.longitude + Double.random(in: -0.03...0.03, using: &random))
      places.append(
        CataloguePlace(
          id: "\(city.id)/made-up-\(number)", name: "\(model.category) \(number)", point: point, city: city.id,
          category: model.category, score: Int.random(in: 20...70, using: &random),
          facts: .sight(
            CataloguePlace.SightFacts(
              tags: model.tags, hours: model.hours, minutes: model.minutes, price: model.price))))
    }
    return CatalogueTables(places)
  }
}
