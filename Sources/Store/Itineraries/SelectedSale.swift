package import Booking
package import Kernel

/// Who travels of a selection, and how its booking is paid.
package struct TravellerNaming: Sendable, Hashable {
  /// Whose booking it becomes, as their keys are called.
  package let caller: String
  package let travellers: [SaleTraveller]
  package let policy: BookingPolicy
  /// Who collects the money.
  package let collector: String
  /// The time.
  package let now: Instant

  package init(
    _ travellers: [SaleTraveller], caller: String, policy: BookingPolicy, collector: String, at now: Instant
  ) {
    self.travellers = travellers
    self.caller = caller
    self.policy = policy
    self.collector = collector
    self.now = now
  }
}

/// Why travellers were not named; nothing has changed.
package enum NamingFault: Error, Sendable, Hashable {
  /// Nothing is selected for the trip.
  case noSelection
  /// So many people travel.
  case people(Int)
  /// Somebody else has named who travels.
  case others
  /// It is booked for others already.
  case booked(BookingID)
}

/// What sellers have for something that a selection wants booked.
package enum SaleFinding: Sendable, Hashable {
  /// An offer, with how it is shown: JSON text.
  case found(OfferKey, Money, expires: Instant, shown: String)
  /// Nobody has what stands for it, with the reason in a sentence without its stop.
  case missing(String)
}

/// Something that a selection wants booked, as far as it has come.
package struct SelectedSale: Sendable, Hashable {
  package let reference: String
  package let kind: BookingOrder.Kind
  /// What, when and at which price: JSON text.
  package let details: String
  /// What was found; nil while it is looked for.
  package let finding: SaleFinding?
  /// When that was; nil while it is looked for.
  package let lookedAt: Instant?
}

/// A selection, what was found for it, and the booking that came of it.
package struct SelectionStanding: Sendable, Hashable {
  package let itinerary: ItineraryID
  package let option: Int
  package let selectedAt: Instant
  /// How many people travel.
  package let peopleCount: Int
  /// Who, once somebody has said so.
  package let travellers: [SaleTraveller]?
  /// The booking of all that was found; nil until then.
  package let booking: BookingID?
  /// In the order of the trip.
  package let sales: [SelectedSale]

  /// Whether anything is still looked for.
  package var isLooking: Bool { sales.contains { $0.finding == nil } }
}
