import JSON
import Kernel

/// An offer in Amadeus' shape: all of it is handed back by whoever takes it up.
struct AmadeusOffer: JSONWritable, Sendable {
  let id: Int
  let flight: Flight
  let cabin: String
  let party: Party
  let price: Int64
  let left: Int

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("type", "flight-offer")
      object.field("id", "\(id)")
      object.field("source", "GDS")
      object.field("instantTicketingRequired", false)
      object.field("nonHomogeneous", false)
      object.field("oneWay", false)
      object.field("lastTicketingDate", flight.key.date.adding(days: -1).description)
      object.field("numberOfBookableSeats", min(9, left))
      object.array("itineraries") { array in
        array.object { itinerary in
          let last = flight.hops[flight.hops.count - 1]
          itinerary.field("duration", Duration.iso(minutes: flight.departure.seconds(until: last.arrival) / 60))
          itinerary.array("segments") { segments in
            for (index, hop) in flight.hops.enumerated() { segments.object { segment(hop, index, &$0) } }
          }
        }
      }
      object.object("price") { money in
        money.field("currency", "EUR")
        money.field("total", price.amountText)
        money.field("base", (price - price * 18 / 100).amountText)
        money.field("grandTotal", price.amountText)
      }
      object.object("pricingOptions") { options in
        options.array("fareType") { $0.element("PUBLISHED") }
        options.field("includedCheckedBagsOnly", flight.bags > 0)
      }
      object.array("validatingAirlineCodes") { $0.element(flight.hops[0].carrier) }
      object.array("travelerPricings") { travellers(&$0) }
    }
  }

  private func segment(_ hop: Hop, _ index: Int, _ object: inout JSONObjectWriter) {
    object.object("departure") { end in
      end.field("iataCode", hop.origin)
      end.field("at", Airport(hop.origin).zone.local(at: hop.departure).description)
    }
    object.object("arrival") { end in
      end.field("iataCode", hop.destination)
      end.field("at", Airport(hop.destination).zone.local(at: hop.arrival).description)
    }
    object.field("carrierCode", hop.carrier)
    object.field("number", "\(hop.number)")
    object.field("duration", Duration.iso(minutes: hop.departure.seconds(until: hop.arrival) / 60))
    object.field("id", "\(index + 1)")
    object.field("numberOfStops", 0)
    object.field("blacklistedInEU", false)
  }

  private func travellers(_ array: inout JSONArrayWriter) {
    for index in 0..<party.count {
      let age = index < party.adults ? nil : party.childAges[index - party.adults]
      array.object { traveller in
        traveller.field("travelerId", "\(index + 1)")
        traveller.field("fareOption", "STANDARD")
        traveller.field("travelerType", age.map { $0 < 2 ? "HELD_INFANT" : "CHILD" } ?? "ADULT")
        traveller.array("fareDetailsBySegment") { details in
          for segment in flight.hops.indices {
            details.object { detail in
              detail.field("segmentId", "\(segment + 1)")
              detail.field("cabin", cabin.uppercased())
              detail.object("includedCheckedBags") { $0.field("quantity", flight.bags) }
            }
          }
        }
      }
    }
  }
}
