import Catalogue
package import JSON
import Kernel
package import Store

extension StoredPlace: JSONWritable {
  /// The record as it travels.
  package func write(to writer: inout JSONWriter) { writer.object { write(to: &$0) } }

  func write(to object: inout JSONObjectWriter) {
    object.field("id", place.id)
    object.field("name", place.name)
    object.field("category", place.category)
    if let city = place.city {
      object.object("city") {
        $0.field("id", city)
        $0.field("name", ifPresent: cityName)
      }
    }
    object.field("lat", place.point.latitude)
    object.field("lon", place.point.longitude)
    object.field("score", place.score)
    object.field("wheelchair", ifPresent: place.wheelchair?.rawValue)
    switch place.facts {
    case .city(let country, let zone):
      object.field("country", country)
      object.field("zone", zone)
    case .sight(let facts):
      object.field("tags", facts.tags)
      if !facts.hours.isEmpty { object.field("openingHours", facts.hours) }
      object.field("minutes", facts.minutes)
      StoredPlace.write(facts.price, to: &object)
    case .lodging(let style, let price):
      object.field("style", style)
      StoredPlace.write(price, to: &object)
    case .waypoint: break
    }
    object.field("source", source)
    object.field("licence", licence)
  }

  private static func write(_ price: Money, to object: inout JSONObjectWriter) {
    object.field("price", price.amountText)
    object.field("currency", price.currency.code)
  }
}

extension FoundPlace: JSONWritable {
  /// The record with its distance in whole metres.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      stored.write(to: &$0)
      $0.field("metres", ifPresent: metres.map { Int($0.rounded()) })
    }
  }
}

/// A page of what was found; the first one says how many there are of each category.
struct SearchAnswer: JSONWritable {
  let page: CataloguePage
  let facets: [CategoryCount]?

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("results", page.found)
      if let facets {
        object.array("facets") { array in
          for facet in facets {
            array.object {
              $0.field("category", facet.category)
              $0.field("count", facet.count)
            }
          }
        }
      }
      object.field("next", ifPresent: page.next?.description)
    }
  }
}

/// What one goes on to type.
struct Suggestions: JSONWritable {
  let places: [StoredPlace]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("suggestions") { array in
        for stored in places {
          array.object {
            $0.field("id", stored.place.id)
            $0.field("name", stored.place.name)
            $0.field("category", stored.place.category)
            $0.field("city", ifPresent: stored.cityName)
          }
        }
      }
    }
  }
}
