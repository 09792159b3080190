import Booking
import JSON
import Kernel
import Postgres

/// Who hears what of bookings, told with the change itself.
extension BookingStore {
  /// Tells people what has happened to a booking.
  func tell(_ effect: SagaEffect, of change: BookingChange, _ transaction: Transaction) async throws {
    guard let news = news(effect, change.saga) else { return }
    // A booking is ticketed again after a change: the calls so far tell one time from another.
    let order = TellOrder.booking(news, change.id, trip: change.trip, number: change.saga.counts.calls)
    _ = try await jobs.submit([order.newJob()], in: transaction)
  }

  /// The same for programs; nil where it is not told.
  func event(_ effect: SagaEffect, of change: BookingChange) -> StoredEvent? {
    let kind: String
    switch effect {
    case .entered(let phase): kind = "booking.\(phase.event)"
    case .asked: kind = "booking.question"
    case .journal, .ledger: return nil
    }
    var writer = JSONWriter()
    writer.object { object in
      object.field("booking", change.id.description)
      object.field("trip", ifPresent: change.trip?.description)
      object.field("number", change.saga.counts.calls)
    }
    return StoredEvent(
      .bookings, key: change.id.description, kind: kind, payload: String(decoding: writer.finish(), as: UTF8.self))
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
