import JSON
import Kernel

/// An offer in Duffel's shape.
struct DuffelOffer: JSONWritable {
  let offer: OfferShelf.Offer
  let flight: Flight
  let cabin: String
  let party: Party
  let price: Int64
  let now: Instant
  let holdSeconds: Int64

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", offer.id)
      object.field("live_mode", false)
      object.field("total_amount", price.amountText)
      object.field("total_currency", "EUR")
      object.field("tax_amount", (price * 18 / 100).amountText)
      object.field("tax_currency", "EUR")
      object.field("base_amount", (price - price * 18 / 100).amountText)
      object.field("base_currency", "EUR")
      object.field("expires_at", offer.expires.description)
      object.object("owner") { DuffelOffer.carrier(flight.hops[0].carrier, &$0) }
      object.field("passengers", DuffelPassengers(ids: offer.passengers, party: party))
      object.object("payment_requirements") { payment in
        payment.field("requires_instant_payment", !flight.canHold)
        let until = now.adding(seconds: holdSeconds).description
        payment.field("price_guarantee_expires_at", flight.canHold ? until : nil)
        payment.field("payment_required_by", flight.canHold ? until : nil)
      }
      object.object("conditions") { DuffelOffer.conditions(flight, price, &$0) }
      object.array("slices") { $0.element(DuffelSlice(flight: flight, cabin: cabin, passengers: offer.passengers)) }
    }
  }

  static func carrier(_ code: String, _ object: inout JSONObjectWriter) {
    object.field("iata_code", code)
    object.field("name", "Airline \(code)")
  }

  static func conditions(_ flight: Flight, _ price: Int64, _ object: inout JSONObjectWriter) {
    object.object("refund_before_departure") { refund in
      refund.field("allowed", flight.isRefundable)
      refund.field("penalty_amount", flight.isRefundable ? (price / 5).amountText : nil)
      refund.field("penalty_currency", flight.isRefundable ? "EUR" : nil)
    }
    object.object("change_before_departure") { change in
      change.field("allowed", flight.isChangeable)
      change.field("penalty_amount", flight.isChangeable ? "30.00" : nil)
      change.field("penalty_currency", flight.isChangeable ? "EUR" : nil)
    }
  }
}

/// Who travels, in Duffel's shape.
struct DuffelPassengers: JSONWritable {
  let ids: [String]
  let party: Party

  func write(to writer: inout JSONWriter) {
    writer.array { array in
      for (index, id) in ids.enumerated() {
        array.object { passenger in
          passenger.field("id", id)
          if index < party.adults {
            passenger.field("type", "adult")
          } else {
            passenger.field("age", party.childAges[index - party.adults])
          }
        }
      }
    }
  }
}

/// A way from one place to another, in Duffel's shape.
struct DuffelSlice: JSONWritable {
  let flight: Flight
  let cabin: String
  let passengers: [String]

  var id: String {
    "sli_\(flight.key.origin)\(flight.key.destination)\(flight.key.date.daysSinceEpoch)x\(flight.key.index)"
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", id)
      object.object("origin") { DuffelSlice.airport(flight.key.origin, &$0) }
      object.object("destination") { DuffelSlice.airport(flight.key.destination, &$0) }
      object.field("fare_brand_name", flight.isRefundable ? "Flex" : "Basic")
      object.array("segments") { array in
        for (index, hop) in flight.hops.enumerated() { array.object { segment(hop, index, &$0) } }
      }
    }
  }

  private func segment(_ hop: Hop, _ index: Int, _ object: inout JSONObjectWriter) {
    object.field("id", "seg_\(id.dropFirst(4))y\(index)")
    object.object("origin") { DuffelSlice.airport(hop.origin, &$0) }
    object.object("destination") { DuffelSlice.airport(hop.destination, &$0) }
    object.field("departing_at", Airport(hop.origin).zone.local(at: hop.departure).description)
    object.field("arriving_at", Airport(hop.destination).zone.local(at: hop.arrival).description)
    object.field("duration", Duration.iso(minutes: hop.departure.seconds(until: hop.arrival) / 60))
    object.object("marketing_carrier") { DuffelOffer.carrier(hop.carrier, &$0) }
    object.field("marketing_carrier_flight_number", "\(hop.number)")
    object.object("operating_carrier") { DuffelOffer.carrier(hop.carrier, &$0) }
    object.array("passengers") { array in
      for id in passengers {
        array.object { passenger in
          passenger.field("passenger_id", id)
          passenger.field("cabin_class", cabin)
          passenger.array("baggages") { bags in
            bags.object { bag in
              bag.field("type", "carry_on")
              bag.field("quantity", 1)
            }
            if flight.bags > 0 {
              bags.object { bag in
                bag.field("type", "checked")
                bag.field("quantity", flight.bags)
              }
            }
          }
        }
      }
    }
  }

  static func airport(_ code: String, _ object: inout JSONObjectWriter) {
    object.field("type", "airport")
    object.field("iata_code", code)
    object.field("name", "Airport \(code)")
    object.field("time_zone", Airport(code).zoneName)
  }
}
