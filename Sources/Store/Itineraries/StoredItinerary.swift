package import Kernel

/// A whole trip to choose, as it is kept.
package struct StoredOption: Sendable, Hashable {
  /// Its number within the itinerary, from 1.
  package let number: Int
  /// As it is told: JSON text.
  package var document: String
  /// Numbers that were given to what is done on its days.
  package var activityCount: Int

  /// An option.
  package init(number: Int, document: String, activityCount: Int) {
    self.number = number
    self.document = document
    self.activityCount = activityCount
  }
}

/// What a plan came to, to be kept.
package struct PlannedItinerary: Sendable {
  /// What was asked: JSON text.
  package var request: String
  /// What is told of all options together: JSON text.
  package var summary: String
  /// Who travels, and in how many rooms: JSON text.
  package var travellers: String
  /// The options by number.
  package var options: [StoredOption]

  /// What a plan came to.
  package init(request: String, summary: String, travellers: String, options: [StoredOption]) {
    self.request = request
    self.summary = summary
    self.travellers = travellers
    self.options = options
  }
}

/// What was asked for a trip, and what came of it.
package struct StoredItinerary: Sendable {
  /// What a plan came to.
  package struct Plan: Sendable {
    /// When it was kept.
    package let plannedAt: Instant
    /// What is told of all options together: JSON text.
    package let summary: String
    /// Who travels, and in how many rooms: JSON text.
    package let travellers: String
    /// The options by number; left out where only the itinerary is asked for.
    package let options: [StoredOption]
  }

  /// Its id.
  package let id: ItineraryID
  /// The trip it is for.
  package let trip: TripID
  /// Its place among those of the trip, from 1.
  package let number: Int
  /// The job that plans it, and that tells how far it is.
  package let job: JobID
  /// What was asked: JSON text.
  package let request: String
  /// When it was asked for.
  package let createdAt: Instant
  /// Grows with every change.
  package let revision: Int64
  /// When it was changed last.
  package let changedAt: Instant
  /// A trip that keeps what was asked, while better ones are looked for: JSON text.
  package let first: String?
  /// What it came to; nil until then.
  package let plan: Plan?
  /// What the trip is booked from, which may be another of its itineraries.
  package let selection: StoredSelection?
}

/// The option that a trip is booked from.
package struct StoredSelection: Sendable, Hashable {
  /// Something that is to be booked.
  package struct Item: Sendable, Hashable {
    /// What we call it towards those who sell it.
    package let reference: String
    /// What it is.
    package let kind: BookingOrder.Kind
    /// The job that books it.
    package let job: JobID
    /// What, when and at which price: JSON text.
    package let details: String
  }

  /// Of which itinerary.
  package let itinerary: ItineraryID
  /// Which of its options.
  package let option: Int
  /// When it was selected.
  package let selectedAt: Instant
  /// The job that tells the travellers.
  package let notification: JobID
  /// What is to be booked, in the order of the trip.
  package let items: [Item]
}

/// Something that a selection wants booked.
package struct BookingOrder: Sendable, Hashable {
  /// What can be booked.
  package enum Kind: String, Sendable {
    /// A journey.
    case leg
    /// Nights under a roof.
    case stay
  }

  /// What it is.
  package let kind: Kind
  /// What, when and at which price: JSON text.
  package let details: String

  /// Something to be booked.
  package init(_ kind: Kind, details: String) {
    self.kind = kind
    self.details = details
  }
}
