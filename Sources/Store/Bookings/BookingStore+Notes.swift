import Postgres

/// What is kept of payments with those who collect money and cannot be asked how one stands.
extension BookingStore {
  /// Notes of one payment, at most: each is of something that has happened to it.
  private static let notesMax: Int64 = 1000

  /// Keeps a note; of two of one name the first stays.
  ///
  /// - Parameters:
  ///   - name: what it is called among those of the payment.
  ///   - text: JSON.
  ///   - reference: our reference of the payment.
  ///   - collector: who said it.
  /// - Throws: `StoreError`.
  package func keep(note name: String, _ text: String, of reference: String, with collector: String) async throws {
    _ = try await translating {
      try await database.execute(
        """
        insert into payment_note (reference, collector, name, body)
        values (\(reference), \(collector), \(name), \(text)::text::json) on conflict (reference, collector, name) do nothing
        """)
    }
  }

  /// The notes of a payment, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func notes(of reference: String, with collector: String) async throws -> [(name: String, text: String)] {
    try await translating {
      try await database.query(
        """
        select name, body::text from payment_note where reference = \(reference) and collector = \(collector)
        order by number limit \(Self.notesMax)
        """
      ).decode(String.self, String.self).map { ($0.0, $0.1) }
    }
  }
}
