import Budget
import Catalogue
import Kernel

/// Under which roof one sleeps in each destination.
struct LodgingChoice: Hashable {
  /// A roof for each destination, in their order.
  let lodgings: [Lodging]

  /// Ways to choose, the usual one first, none twice: the best value of the style, its cheapest, what lies best, and the
  /// class above.
  ///
  /// - Throws: `TripError` for a city in which nobody can stay.
  static func choices(_ request: TripRequest, _ ground: TripGround) throws(TripError) -> [LodgingChoice] {
    var columns: [[Lodging]] = [[], [], [], []]
    for destination in request.destinations {
      let all = (ground.catalogue.lodgings[destination.city.id] ?? []).filter { request.admits($0.wheelchair) }
      let own = all.filter { $0.style == request.style }
      let styles = ground.costs.styles
      let above = styles.firstIndex(of: request.style).flatMap { $0 + 1 < styles.count ? styles[$0 + 1] : nil }
      let finer = all.filter { $0.style == above }
      let place = Surroundings(ground.catalogue.sights[destination.city.id] ?? [])
      let roofs = own.isEmpty ? all : own
      func best(_ list: [Lodging], _ burden: (Lodging) -> Double) -> Lodging? {
        list.min { (burden($0), $0.id) < (burden($1), $1.id) }
      }
      guard let value = best(roofs, place.burden), let cheapest = best(roofs, { Double($0.price.minorUnits) }),
        let central = best(roofs, { place.metres(to: $0) })
      else { throw .noLodging(destination.city) }
      for (column, lodging) in [value, cheapest, central, best(finer, place.burden) ?? value].enumerated() {
        columns[column].append(lodging)
      }
    }
    var result: [LodgingChoice] = []
    for column in columns where !result.contains(where: { $0.lodgings == column }) {
      result.append(LodgingChoice(lodgings: column))
    }
    return result
  }

  /// What there is to see around a lodging.
  private struct Surroundings {
    let sights: [Sight]

    init(_ all: [Sight]) { sights = all.filter { $0.score >= 70 } }

    /// To what most people want to see, on average.
    func metres(to lodging: Lodging) -> Double {
      sights.reduce(0) { $0 + lodging.point.flatMetres(to: $1.point) } / Double(max(1, sights.count))
    }

    /// A kilometre farther out is worth a tenth of the price.
    func burden(_ lodging: Lodging) -> Double { Double(lodging.price.minorUnits) * (1 + metres(to: lodging) / 10_000) }
  }
}
