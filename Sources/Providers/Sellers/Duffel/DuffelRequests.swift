import Booking
import JSON
import Kernel

/// What Duffel is asked, in its shape.
enum DuffelRequests {
  static func search(_ search: OfferSearch) -> [UInt8] {
    data { data in
      data.array("slices") { slices in
        slices.object { slice in
          slice.field("origin", search.origin)
          slice.field("destination", search.destination)
          slice.field("departure_date", search.date.description)
        }
      }
      data.array("passengers") { passengers in
        for _ in 0..<search.adults { passengers.object { $0.field("type", "adult") } }
        for age in search.childAges { passengers.object { $0.field("age", age) } }
      }
      data.field("cabin_class", search.cabin == "premium" ? "premium_economy" : search.cabin)
    }
  }

  /// An order: held where no payment is given.
  static func order(_ order: SaleOrder, passengers: [String], payment: Money?) -> [UInt8] {
    data { data in
      data.field("type", payment == nil ? "hold" : "instant")
      data.array("selected_offers") { $0.element(order.offer.name) }
      data.object("metadata") { $0.field("reference", order.reference.text) }
      data.array("passengers") { array in
        for (id, traveller) in zip(passengers, order.travellers) {
          array.object { passenger in
            passenger.field("id", id)
            passenger.field("given_name", traveller.givenName)
            passenger.field("family_name", traveller.familyName)
            passenger.field("born_on", ifPresent: traveller.born?.description)
            passenger.field("email", ifPresent: traveller.mail)
          }
        }
      }
      if let payment { data.array("payments") { $0.object { DuffelRequests.payment(payment, &$0) } } }
    }
  }

  static func payment(of order: String, _ amount: Money) -> [UInt8] {
    data { data in
      data.field("order_id", order)
      data.object("payment") { payment(amount, &$0) }
    }
  }

  static func cancellation(of order: String) -> [UInt8] {
    data { $0.field("order_id", order) }
  }

  /// Asks what it would cost to fly otherwise instead.
  static func change(of order: String, removing slices: [String], to ride: DuffelOffers.Way) -> [UInt8] {
    data { data in
      data.field("order_id", order)
      data.object("slices") { change in
        change.array("remove") { array in for slice in slices { array.object { $0.field("slice_id", slice) } } }
        change.array("add") { array in
          array.object { slice in
            slice.field("origin", ride.origin)
            slice.field("destination", ride.destination)
            slice.field("departure_date", ride.date)
            slice.field("cabin_class", ride.cabin)
          }
        }
      }
    }
  }

  static func change(taking offer: String) -> [UInt8] {
    data { $0.field("selected_order_change_offer", offer) }
  }

  static func confirmation(paying amount: Money) -> [UInt8] {
    data { data in
      if amount.minorUnits > 0 { data.object("payment") { payment(amount, &$0) } }
    }
  }

  private static func payment(_ amount: Money, _ object: inout JSONObjectWriter) {
    object.field("type", "balance")
    object.field("amount", amount.amountText)
    object.field("currency", amount.currency.code)
  }

  private static func data(_ body: (inout JSONObjectWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { $0.object("data", body) }
    return writer.finish()
  }
}
