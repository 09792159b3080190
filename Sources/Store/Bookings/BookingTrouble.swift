import Booking
package import Kernel
import Postgres

/// A booking that does not go on as it should, for whoever runs the installation.
package struct BookingTrouble: Sendable {
  package let booking: StoredBooking
  /// Why, in sentences.
  package let reasons: [String]
  /// What may be done without harm.
  package let actions: [Action]

  /// What an operator may do; whatever became of calls that nobody has answered, none is made twice.
  package enum Action: String, Sendable, CaseIterable {
    /// Asks everybody at once how it stands, and goes on from there.
    case retry
    /// Calls it off as its customer could: what was bought is given back on its terms, and the money with it.
    case giveBack = "give-back"
  }
}

/// Bookings that somebody has to look at.
extension BookingStore {
  /// How long something may be due before it counts as stuck.
  private static let lateSeconds: Int64 = 900

  /// Bookings that are stuck, the longest first.
  ///
  /// - Throws: `StoreError`.
  package func stuck(limit: Int) async throws -> [BookingTrouble] {
    let found = try await translating {
      try await database.query(
        """
        select \(BookingStore.columns), due_at < now() - make_interval(secs => \(Double(BookingStore.lateSeconds))) as is_late
        from booking
        where needs_attention or due_at < now() - make_interval(secs => \(Double(BookingStore.lateSeconds)))
        order by changed_at limit \(Int64(limit))
        """
      ).map { (try BookingStore.read($0), try $0["is_late", as: Bool?.self] ?? false) }
    }
    var troubles: [BookingTrouble] = []
    for (booking, isLate) in found { troubles.append(try await trouble(of: booking, isLate: isLate)) }
    return troubles
  }

  /// What keeps a booking from going on; nil where there is no such booking.
  ///
  /// - Throws: `StoreError`.
  package func trouble(of id: BookingID) async throws -> BookingTrouble? {
    guard let booking = try await find(id) else { return nil }
    return try await trouble(of: booking, isLate: false)
  }

  private func trouble(of booking: StoredBooking, isLate: Bool) async throws -> BookingTrouble {
    let saga = booking.saga
    var reasons: [String] = []
    for (index, item) in saga.items.enumerated() {
      if item.stage == .stranded {
        reasons.append(
          "item \(index + 1), \(item.reference), is bought and not wanted, and \(item.offer.seller) does not take it back"
        )
      }
      if let call = item.call, let reason = try await reason(call, with: item.offer.seller, booking.id) {
        reasons.append("item \(index + 1), \(item.reference): \(reason)")
      }
    }
    if let call = saga.payment?.call, let reason = try await reason(call, with: saga.collector, booking.id) {
      reasons.append("payment \(saga.paymentReference): \(reason)")
    }
    if isLate { reasons.append("something is due for more than a quarter of an hour, and no worker does it") }
    let isOver = [.refunded, .lapsed, .cancelled].contains(saga.phase)
    return BookingTrouble(booking: booking, reasons: reasons, actions: isOver ? [.retry] : [.retry, .giveBack])
  }

  /// Why a call is not over; nil while it is not unusual.
  private func reason(_ call: SagaCall, with whom: String, _ id: BookingID) async throws -> String? {
    guard call.attempts >= 2 || call.asks >= 2 else { return nil }
    let words = try await translating {
      try await database.query(
        """
        select words from booking_call where booking_id = \(id) and number = \(Int32(clamping: call.number))
          and words is not null order by id desc limit 1
        """
      ).decodeFirst(String.self)
    }
    let last = words.map { "; the last words: \($0)" } ?? ""
    return switch call.state {
    case .intended(let due):
      "\(call.action.phrase) was tried \(call.attempts) times, and is tried again at \(due)\(last)"
    case .sent(let at): "\(whom) was asked for \(call.action.phrase) at \(at)\(last)"
    case .unknown(let sent, let due, _):
      "nobody knows what became of \(call.action.phrase), sent to \(whom) at \(sent) and asked for \(call.asks) times; it is asked for again at \(due)\(last)"
    }
  }

  /// Does what an operator wants done.
  ///
  /// - Returns: the booking as it is then; nil where there is none.
  /// - Throws: `SagaFault` for what its state does not allow; `StoreError`.
  package func act(
    _ action: BookingTrouble.Action, on id: BookingID, at now: Instant
  ) async throws -> StoredBooking? {
    try await change(id) { (saga) throws -> (Void, [SagaEffect]) in
      switch action {
      case .retry:
        var effects: [SagaEffect] = []
        for index in saga.items.indices { effects += try saga.handle(.hint(.item(index)), at: now) }
        return ((), effects + (try saga.handle(.hint(.payment), at: now)))
      case .giveBack: return ((), try saga.handle(.cancel, at: now))
      }
    }?.booking
  }
}

extension SagaAction {
  /// For people.
  fileprivate var phrase: String {
    switch self {
    case .verify: "checking the offer"
    case .hold: "holding it"
    case .book: "buying it"
    case .cancel: "giving it back"
    case .change: "changing it"
    case .authorise: "reserving the money"
    case .capture: "taking the money"
    case .void: "letting the money go"
    case .refund: "paying back"
    case .look: "its standing"
    }
  }
}
