import JSON
import Kernel
import Transport

/// Journeys as programs read them.
enum RouteJSON {
  static func text(_ answer: RouteAnswer, microseconds: Int) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.array("journeys") { array in
        for journey in answer.journeys { array.element(JourneyJSON(journey: journey)) }
      }
      object.object("stats") { stats in
        stats.field("rounds", answer.work.rounds)
        stats.field("labels", answer.work.labels)
        stats.field("segments", answer.work.segments)
        stats.field("searchMicroseconds", microseconds)
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private struct JourneyJSON: JSONWritable {
    let journey: Journey

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        if let first = journey.legs.first, let last = journey.legs.last {
          object.field("departure", journey.departure.text(in: first.from.zone))
          object.field("arrival", journey.arrival.text(in: last.to.zone))
        }
        object.field("durationSeconds", journey.durationSeconds)
        object.field("transfers", journey.transfers)
        if let price = journey.price { object.field("price", PriceJSON(price: price)) }
        object.field("walkSeconds", journey.walkSeconds)
        object.field("walkMetres", journey.walkMetres)
        object.field("co2Grams", journey.co2Grams)
        object.array("legs") { array in for leg in journey.legs { array.element(LegJSON(leg: leg)) } }
      }
    }
  }

  private struct PriceJSON: JSONWritable {
    let price: JourneyPrice

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        if let amount = price.amount {
          object.field("amount", amount.text(.machine, withCode: false))
          object.field("currency", amount.currency.code)
        }
        object.field("complete", price.isComplete)
        if !price.products.isEmpty {
          object.array("products") { array in
            for product in price.products { array.element(ProductJSON(product: product)) }
          }
        }
        if !price.missing.isEmpty {
          object.array("missing") { array in for reason in price.missing { array.element(reason) } }
        }
      }
    }
  }

  private struct ProductJSON: JSONWritable {
    let product: JourneyPrice.Product

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("name", product.name)
        object.field("amount", product.amount.text(.machine, withCode: false))
      }
    }
  }

  private struct LegJSON: JSONWritable {
    let leg: Leg

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("mode", leg.ride?.mode ?? "walk")
        object.field("from", EndJSON(end: leg.from))
        object.field("to", EndJSON(end: leg.to))
        object.field("departure", leg.departure.text(in: leg.from.zone))
        object.field("arrival", leg.arrival.text(in: leg.to.zone))
        object.field("metres", leg.metres)
        if let ride = leg.ride {
          object.field("trip", ride.trip)
          object.field("route", ride.route)
          object.field("line", ifPresent: ride.line)
          object.field("headsign", ifPresent: ride.headsign)
          object.field("agency", ride.agency)
          object.field("stops", ride.stops)
          if ride.isSeated { object.field("staySeated", true) }
          if ride.isApproximate { object.field("approximate", true) }
        }
        object.field("geometry", leg.path.polyline)
      }
    }
  }

  struct EndJSON: JSONWritable {
    let end: LegEnd

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("stop", ifPresent: end.stop)
        object.field("name", end.name)
        object.field("platform", ifPresent: end.platform)
        object.field("lat", end.point.latitude)
        object.field("lon", end.point.longitude)
      }
    }
  }
}

extension MoneyNotation {
  /// As programs read amounts: `1234.50`.
  fileprivate static let machine = MoneyNotation(decimalSeparator: ".", groupSeparator: nil)
}
