import Booking
import JSON
import Kernel
import Postgres

/// Who hears what of bookings, told with the change itself.
extension BookingStore {
  /// Tells people and programs what has happened to a booking.
  func tell(_ effect: SagaEffect, _ saga: Saga, _ id: BookingID, _ transaction: Transaction) async throws {
    let trip = try await transaction.query("select trip_id from booking where id = \(id)").decodeFirst(TripID?.self)
    if let news = news(effect, saga) {
      // A booking is ticketed again after a change: the calls so far tell one time from another.
      let order = TellOrder.booking(news, id, trip: trip ?? nil, number: saga.counts.calls)
      _ = try await jobs.submit([order.newJob()], in: transaction)
    }
    let kind =
      switch effect {
      case .entered(let phase): "booking.\(phase.event)"
      default: "booking.question"
      }
    var writer = JSONWriter()
    writer.object { object in
      object.field("booking", id.description)
      object.field("trip", ifPresent: (trip ?? nil)?.description)
      object.field("number", saga.counts.calls)
    }
    try await Outbox().add(
      StoredEvent(
        .bookings, key: id.description, kind: kind, payload: String(decoding: writer.finish(), as: UTF8.self)),
      in: transaction)
  }

  private func news(_ effect: SagaEffect, _ saga: Saga) -> TellOrder.BookingNews? {
    switch effect {
    case .asked: .question
    case .entered(.ticketed): .ticketed
    case .entered(.refunded): .refunded
    // Whoever called it off knows.
    case .entered(.lapsed), .entered(.cancelled):
      saga.undoing == .customer || saga.items.contains { $0.undoing == .customer } ? nil : .failed
    case .entered, .journal, .ledger: nil
    }
  }
}

extension BookingPhase {
  /// What entering it is called.
  fileprivate var event: String {
    switch self {
    case .begun: "begun"
    case .pending: "pending"
    case .paid: "paid"
    case .ticketing: "ticketing"
    case .ticketed: "ticketed"
    case .changing: "changing"
    case .refundNeeded: "refund-needed"
    case .refunded: "refunded"
    case .releasing: "releasing"
    case .lapsed: "expired"
    case .cancelled: "cancelled"
    }
  }
}
