package import Booking
package import Kernel
import Postgres

/// The jobs that carry bookings out, and what others call our orders and payments.
extension BookingStore {
  /// The kind and the queue of jobs that carry a booking out.
  package static let runJob = (kind: "booking.run", queue: "booking")

  /// Orders a run of a booking, or has the one that waits begin no later than that; at once where no time is given.
  ///
  /// The transaction holds the booking's row, so that a run which has begun sees what it changed.
  func wake(_ id: BookingID, at due: Instant?, in transaction: Transaction) async throws {
    var job = NewJob(kind: BookingStore.runJob.kind, payload: #"{"booking":"\#(id)"}"#)
    job.queue = BookingStore.runJob.queue
    job.runAt = due
    job.uniqueness = NewJob.Uniqueness(key: id.description, scope: .waiting)
    try await jobs.hasten(job, in: transaction)
  }

  /// The end of a run: orders the next one, for when something is due, if ever.
  ///
  /// - Throws: `StoreError`.
  package func rest(_ id: BookingID, at now: Instant, in transaction: Database.Transaction) async throws {
    try await translating {
      let due = try await transaction.query("select due_at from booking where id = \(id) for no key update")
        .decodeFirst(PostgresTimestamp?.self)
      guard let due, let due else { return }
      // A second at least, so that what cannot go on does not go round.
      try await wake(id, at: max(Instant(due), now.adding(seconds: 1)), in: transaction)
    }
  }

  /// Orders runs of bookings for which something has been due for a while, which a lost job may have left.
  ///
  /// - Returns: of how many.
  /// - Throws: `StoreError`.
  package func wakeOverdue(most: Int = 500) async throws -> Int {
    let overdue = try await translating {
      try await database.query(
        """
        select id from booking where due_at <= now() - interval '2 minutes' order by due_at limit \(Int64(most))
        """
      ).decode(BookingID.self)
    }
    for id in overdue {
      try await translating {
        try await database.transaction { transaction in
          _ = try await transaction.query("select from booking where id = \(id) for no key update")
          try await wake(id, at: nil, in: transaction)
        }
      }
    }
    return overdue.count
  }

  // MARK: Others' names

  /// What a seller calls an order; nil where it is not known, or cannot be read now: then the seller is asked.
  package func sellerName(of reference: BookingReference) async -> String? {
    await name("select seller_name from booking_part where reference = \(reference.text)")
  }

  /// What whoever collects money calls a payment; nil likewise.
  package func collectorName(of reference: String) async -> String? {
    await name("select collector_name from payment where reference = \(reference)")
  }

  /// Keeps what a seller calls an order; where that fails the seller is asked the next time.
  package func note(sellerName: String, of reference: BookingReference) async {
    _ = try? await database.query(
      "update booking_part set seller_name = \(sellerName) where reference = \(reference.text)")
  }

  /// Keeps what whoever collects money calls a payment; likewise.
  package func note(collectorName: String, of reference: String) async {
    _ = try? await database.query(
      "update payment set collector_name = \(collectorName) where reference = \(reference)")
  }

  private func name(_ query: SQL) async -> String? {
    // Not knowing it costs a search with whoever is asked, and nothing else.
    (try? await database.query(query).decodeFirst(String?.self)) ?? nil
  }
}
