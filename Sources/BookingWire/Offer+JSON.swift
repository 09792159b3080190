public import Booking
public import JSON
import Kernel

/// An offer as the API shows it.
public struct ShownOffer: JSONWritable, Sendable {
  private let offer: Offer

  /// An offer to be shown.
  public init(_ offer: Offer) { self.offer = offer }

  /// Writes it.
  public func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", offer.key.text)
      object.field("kind", offer.kind.rawValue)
      object.object("price") { ShownOffer.money(offer.price, &$0) }
      object.object("taxes") { ShownOffer.money(offer.taxes, &$0) }
      object.field("expires", offer.expires.description)
      ShownOffer.rides(offer.rides, &object)
      ShownOffer.place(offer.place, &object)
      object.object("terms") { ShownOffer.terms(offer.terms, &$0) }
      object.field("needsRecheck", offer.needsRecheck)
      object.field("left", ifPresent: offer.left)
    }
  }

  static func rides(_ rides: [OfferedRide], _ object: inout JSONObjectWriter) {
    if rides.isEmpty { return }
    object.array("rides") { array in
      for ride in rides {
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

  static func place(_ place: OfferedPlace?, _ object: inout JSONObjectWriter) {
    guard let place else { return }
    object.object("place") { shown in
      shown.field("code", place.code)
      shown.field("name", place.name)
      shown.field("first", place.first.description)
      shown.field("nights", place.nights)
      shown.field("rate", place.rate)
    }
  }

  private static func terms(_ terms: SaleTerms, _ object: inout JSONObjectWriter) {
    object.field("checkedBags", terms.checkedBags)
    object.field("cabinBags", terms.cabinBags)
    if let fee = terms.changeFee { object.object("changeFee") { money(fee, &$0) } }
    refunds(terms.refunds, &object)
  }

  static func refunds(_ steps: [RefundStep], _ object: inout JSONObjectWriter) {
    object.array("refunds") { array in
      for step in steps {
        array.object { shown in
          shown.field("before", step.before.description)
          shown.object("fee") { money(step.fee, &$0) }
        }
      }
    }
  }

  static func money(_ money: Money, _ object: inout JSONObjectWriter) {
    object.field("amount", money.amountText)
    object.field("currency", money.currency.code)
  }
}
