import JSON
import Kernel

/// An order in Duffel's shape.
struct DuffelOrder: JSONWritable {
  let sale: Sale
  let inventory: Inventory

  func write(to writer: inout JSONWriter) {
    guard case .flight(let key, let cabin, _) = sale.goods else { return writer.null() }
    let flight = inventory.flight(key)
    let passengers = sale.travellers.map(\.id)
    writer.object { object in
      object.field("id", sale.id)
      object.field("live_mode", false)
      object.field("type", sale.heldUntil == nil ? "instant" : "hold")
      object.field("booking_reference", String(sale.id.suffix(6)).uppercased())
      object.object("metadata") { $0.field("reference", sale.reference) }
      object.field("total_amount", sale.price.amountText)
      object.field("total_currency", "EUR")
      object.field("created_at", sale.created.description)
      object.field("cancelled_at", sale.cancelled?.description)
      object.object("owner") { DuffelOffer.carrier(flight.hops[0].carrier, &$0) }
      object.object("payment_status") { payment in
        payment.field("awaiting_payment", sale.state == .held)
        payment.field("payment_required_by", sale.heldUntil?.description)
        payment.field("paid_at", sale.paid > 0 ? sale.created.description : nil)
      }
      object.array("documents") { array in
        for number in sale.documents {
          array.object { document in
            document.field("type", "electronic_ticket")
            document.field("unique_identifier", number)
          }
        }
      }
      object.object("conditions") { DuffelOffer.conditions(flight, sale.price, &$0) }
      object.array("slices") { $0.element(DuffelSlice(flight: flight, cabin: cabin, passengers: passengers)) }
      writeChanges(flight, cabin, &object)
    }
  }

  private func writeChanges(_ flight: Flight, _ cabin: String, _ object: inout JSONObjectWriter) {
    if sale.state == .cancelled {
      object.object("cancellation") { cancellation in
        cancellation.field("order_id", sale.id)
        cancellation.field("refund_amount", sale.refunded.amountText)
        cancellation.field("refund_currency", "EUR")
        cancellation.field("confirmed_at", sale.cancelled?.description)
      }
    }
    object.array("changes") { array in
      for _ in 0..<sale.changes { array.object { $0.field("live_mode", false) } }
    }
    object.array("airline_initiated_changes") { array in
      guard let minutes = sale.airlineDelayMinutes else { return }
      array.object { change in
        change.field("id", "aic_\(sale.id.dropFirst(4))")
        change.field("action_taken", nil as String?)
        change.array("added") { $0.element(DuffelSlice(flight: flight.delayed(minutes), cabin: cabin, passengers: [])) }
        change.array("removed") { $0.element(DuffelSlice(flight: flight, cabin: cabin, passengers: [])) }
      }
    }
  }
}

extension Flight {
  /// The same so many minutes later.
  func delayed(_ minutes: Int) -> Flight {
    let late = Int64(minutes) * 60
    let hops = hops.map { hop in
      Hop(
        origin: hop.origin, destination: hop.destination, departure: hop.departure.adding(seconds: late),
        arrival: hop.arrival.adding(seconds: late), carrier: hop.carrier, number: hop.number)
    }
    return Flight(
      key: key, hops: hops, seats: seats, fare: fare, bags: bags, isRefundable: isRefundable,
      isChangeable: isChangeable, canHold: canHold)
  }
}
