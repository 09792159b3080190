package import Booking
package import Kernel
import Postgres

/// What one comparison of books came to.
package struct BookComparison: Sendable, Hashable {
  /// With whom.
  package let side: String
  package let day: LocalDate
  package var compared = 0
  /// References of which something was still under way.
  package var leftOver = 0
  /// Whether they list what they have.
  package var isListed = false
  /// Why it did not come to its end.
  package var trouble: String?
  package var findings: [BookFinding] = []
  /// References that were looked at, so that older findings of them that are not found again are gone.
  package var references: [String] = []

  /// A comparison that has not begun.
  package init(side: String, day: LocalDate) {
    self.side = side
    self.day = day
  }
}

/// A finding as it is kept.
package struct KeptFinding: Sendable, Hashable {
  package let side: String
  package let finding: BookFinding
  package let foundAt: Instant
  package let seenAt: Instant
}

/// Our books as they are compared with others'.
extension BookingStore {
  /// References of one comparison, at most; more are told as trouble.
  package static let comparedMax: Int64 = 50_000

  /// References of payments with a collector whose bookings changed in a time, and of open findings with it.
  ///
  /// - Throws: `StoreError`.
  package func payments(with collector: String, from: Instant, to: Instant) async throws -> [String] {
    try await references(
      """
      select payment.reference from payment join booking on booking.id = booking_id
      where collector = \(collector) and booking.changed_at >= \(PostgresTimestamp(from))
        and booking.changed_at < \(PostgresTimestamp(to))
      """, collector)
  }

  /// References of items with a seller; likewise.
  ///
  /// - Throws: `StoreError`.
  package func items(of seller: String, from: Instant, to: Instant) async throws -> [String] {
    try await references(
      """
      select part.reference from booking_part part join booking on booking.id = booking_id
      where seller = \(seller) and booking.changed_at >= \(PostgresTimestamp(from))
        and booking.changed_at < \(PostgresTimestamp(to))
      """, seller)
  }

  private func references(_ query: SQL, _ side: String) async throws -> [String] {
    try await translating {
      try await database.query(
        """
        \(query) union select reference from book_finding where side = \(side) and gone_at is null and kind <> 'disputed'
        order by 1 limit \(Self.comparedMax + 1)
        """
      ).decode(String.self)
    }
  }

  /// Whether nothing of a booking has changed for so long.
  ///
  /// - Throws: `StoreError`.
  package func isQuiet(_ id: BookingID, forSeconds seconds: Int64) async throws -> Bool {
    try await translating {
      try await database.query(
        "select changed_at <= now() - make_interval(secs => \(Double(seconds))) from booking where id = \(id)"
      ).decodeFirst(Bool.self) ?? true
    }
  }

  /// What a collector told of payments that went wrong after they were done.
  ///
  /// - Throws: `StoreError`.
  package func disputes(with collector: String, from: Instant, to: Instant) async throws -> [BookFinding] {
    try await translating {
      try await database.query(
        """
        select reference, name, body ->> 'value', body ->> 'currency' from payment_note
        where collector = \(collector) and at >= \(PostgresTimestamp(from)) and at < \(PostgresTimestamp(to))
          and name ~ '^event .* (CHARGEBACK|SECOND_CHARGEBACK|CAPTURE_FAILED|REFUND_FAILED|REFUNDED_REVERSED) true$'
        order by number limit \(Self.comparedMax)
        """
      ).decode(String.self, String.self, String?.self, String?.self).map { reference, name, value, currency in
        let code = name.split(separator: " ").dropFirst(2).first.map(String.init) ?? "told"
        return BookFinding(
          reference, .disputed, ours: "done", theirs: "\(code) \(value ?? "") \(currency ?? "")")
      }
    }
  }

  /// Keeps what a comparison came to; findings of references that were looked at and are not found again are gone.
  ///
  /// - Throws: `StoreError`.
  package func keep(_ comparison: BookComparison) async throws {
    let day = comparison.day.description
    try await translating {
      try await database.transaction { transaction in
        try await transaction.execute(
          """
          insert into book_comparison (side, day, compared, left_over, is_listed, trouble)
          values (\(comparison.side), \(day)::text::date, \(Int32(clamping: comparison.compared)),
            \(Int32(clamping: comparison.leftOver)), \(comparison.isListed),
            \(comparison.trouble.map { String($0.prefix(500)) }))
          on conflict (side, day) do update set compared = excluded.compared, left_over = excluded.left_over,
            is_listed = excluded.is_listed, trouble = excluded.trouble, at = now()
          """)
        try await transaction.execute(
          """
          update book_finding set gone_at = now()
          where side = \(comparison.side) and gone_at is null and kind <> 'disputed'
            and reference = any(\(comparison.references))
          """)
        let findings = comparison.findings
        try await transaction.execute(
          """
          insert into book_finding (side, reference, kind, ours, theirs)
          select \(comparison.side), reference, kind, left(ours, 300), left(theirs, 300)
          from unnest(\(findings.map(\.reference)), \(findings.map(\.kind.rawValue)), \(findings.map(\.ours)),
            \(findings.map(\.theirs))) as finding (reference, kind, ours, theirs)
          on conflict (side, reference, kind) do update set ours = excluded.ours, theirs = excluded.theirs,
            seen_at = now(), gone_at = null
          """)
      }
    }
  }

  /// Findings that are still so, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func findings(limit: Int) async throws -> [KeptFinding] {
    try await translating {
      try await database.query(
        """
        select side, reference, kind, ours, theirs, found_at, seen_at from book_finding where gone_at is null
        order by found_at, id limit \(Int64(limit))
        """
      ).map { row in
        let kind = BookFinding.Kind(rawValue: try row["kind"])
        return KeptFinding(
          side: try row["side"],
          finding: BookFinding(
            try row["reference"], kind ?? .disputed, ours: try row["ours"], theirs: try row["theirs"]),
          foundAt: Instant(try row["found_at"]), seenAt: Instant(try row["seen_at"]))
      }
    }
  }

  /// The newest comparison with each, with what kept it from its end.
  ///
  /// - Throws: `StoreError`.
  package func comparisons() async throws -> [(comparison: BookComparison, at: Instant)] {
    try await translating {
      try await database.query(
        """
        select distinct on (side) side, day::text as day, compared, left_over, is_listed, trouble, at
        from book_comparison order by side, day desc limit 200
        """
      ).compactMap { row in
        guard let day = try? LocalDate(try row["day", as: String.self]) else { return nil }
        var comparison = BookComparison(side: try row["side"], day: day)
        comparison.compared = Int(try row["compared", as: Int32.self])
        comparison.leftOver = Int(try row["left_over", as: Int32.self])
        comparison.isListed = try row["is_listed"]
        comparison.trouble = try row["trouble"]
        return (comparison, Instant(try row["at"]))
      }
    }
  }
}
