/// Something that is known of a payment: what was ordered, what was answered, what its collector told of it since.
package struct PaymentNote: Hashable, Sendable {
  /// What it is called among the notes of one payment: of two of one name the first counts.
  package let name: String
  /// JSON.
  package let text: String

  /// A note.
  package init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// Notes of payments with a collector that cannot be asked how one stands, so that what it says is kept.
package struct PaymentNotes: Sendable {
  /// Keeps a note of a payment, by our reference; false where it could not be kept.
  package let keep: @Sendable (_ reference: String, _ note: PaymentNote) async -> Bool
  /// All notes of a payment, the oldest first; nil where they cannot be read now.
  package let all: @Sendable (_ reference: String) async -> [PaymentNote]?

  /// Notes that are kept elsewhere.
  package init(
    keep: @escaping @Sendable (_ reference: String, _ note: PaymentNote) async -> Bool,
    all: @escaping @Sendable (_ reference: String) async -> [PaymentNote]?
  ) {
    self.keep = keep
    self.all = all
  }
}
