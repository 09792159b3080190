import Booking
import JSON
import Kernel

/// An offer as the API shows it.
struct ShownOffer: JSONWritable {
  let offer: Offer

  init(_ offer: Offer) { self.offer = offer }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", offer.key.seller + ":" + offer.key.name)
      object.field("kind", offer.kind.rawValue)
      object.object("price") { ShownOffer.money(offer.price, &$0) }
      object.object("taxes") { ShownOffer.money(offer.taxes, &$0) }
      object.field("expires", offer.expires.description)
      if !offer.rides.isEmpty { writeRides(&object) }
      if let place = offer.place {
        object.object("place") { shown in
          shown.field("code", place.code)
          shown.field("name", place.name)
          shown.field("first", place.first.description)
          shown.field("nights", place.nights)
          shown.field("rate", place.rate)
        }
      }
      object.object("terms") { ShownOffer.terms(offer.terms, &$0) }
      object.field("needsRecheck", offer.needsRecheck)
      object.field("left", ifPresent: offer.left)
    }
  }

  private func writeRides(_ object: inout JSONObjectWriter) {
    object.array("rides") { array in
      for ride in offer.rides {
        array.object { shown in
          shown.field("origin", ride.origin)
          shown.field("destination", ride.destination)
          shown.field("departure", ride.departure.description)
          shown.field("arrival", ride.arrival.description)
          shown.field("carrier", ride.carrier)
          shown.field("number", ride.number)
          shown.field("cabin", ride.cabin)
        }
      }
    }
  }

  private static func terms(_ terms: SaleTerms, _ object: inout JSONObjectWriter) {
    object.field("checkedBags", terms.checkedBags)
    object.field("cabinBags", terms.cabinBags)
    if let fee = terms.changeFee { object.object("changeFee") { money(fee, &$0) } }
    object.array("refunds") { array in
      for step in terms.refunds {
        array.object { shown in
          shown.field("before", step.before.description)
          shown.object("fee") { money(step.fee, &$0) }
        }
      }
    }
  }

  private static func money(_ money: Money, _ object: inout JSONObjectWriter) {
    object.field("amount", money.amountText)
    object.field("currency", money.currency.code)
  }
}
