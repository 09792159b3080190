package import Booking
package import Kernel
import Postgres

/// The newest price of a search.
package struct LatestPrice: Sendable, Hashable {
  package let price: Money
  package let offers: Int
  /// Whether every seller had answered.
  package let isComplete: Bool
  package let seenAt: Instant
}

/// A price as the history has it.
package struct NotedPrice: Sendable, Hashable {
  package let price: Int64
  package let isComplete: Bool
  package let seenAt: Instant
}

/// What searches showed of prices, and who wants to hear of a fall.
///
/// A price is written to the history when it has changed, and otherwise once an hour.
package struct PriceStore: Sendable {
  /// Months that the history is kept, the current one not counted.
  package static let monthsKept: Int32 = 24
  /// Prices that a forecast reads, at most: the newest.
  package static let seriesRowsMax: Int64 = 60_000

  let database: PostgresClient
  let jobs: JobStore
  let outbox = Outbox()

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
  }

  /// The newest price of a search; nil where nobody has seen one.
  ///
  /// - Throws: `StoreError`.
  package func latest(_ search: String) async throws -> LatestPrice? {
    try await translating {
      let row = try await database.query(
        """
        select price, currency, offers, is_complete, seen_at from price_latest where search = \(search)
        """
      ).decodeFirst(Int64.self, String.self, Int32.self, Bool.self, PostgresTimestamp.self)
      return try row.map { price, currency, offers, isComplete, seen in
        LatestPrice(
          price: Money(minorUnits: price, try Currency(currency)), offers: Int(offers), isComplete: isComplete,
          seenAt: Instant(seen))
      }
    }
  }

  /// What was noted of a search, the newest first.
  ///
  /// - Throws: `StoreError`.
  package func history(of search: String, before: Instant?, limit: Int) async throws -> [NotedPrice] {
    let before = PostgresTimestamp(before ?? .last)
    return try await translating {
      try await database.query(
        """
        select price, is_complete, seen_at from price_sighting where search = \(search) and seen_at < \(before)
        order by seen_at desc limit \(Int64(limit))
        """
      ).decode(Int64.self, Bool.self, PostgresTimestamp.self)
        .map { NotedPrice(price: $0, isComplete: $1, seenAt: Instant($2)) }
    }
  }

  /// What all days of a route cost on the days before them, as far as all sellers answered; from so many days before on.
  ///
  /// - Throws: `StoreError`.
  package func series(of route: String, daysLeftMax: Int) async throws -> [PriceSeries] {
    try await translating {
      let rows = try await database.query(
        """
        select date, date - (seen_at at time zone 'UTC')::date as days_left, min(price) from price_sighting
        where route = \(route) and is_complete and date - (seen_at at time zone 'UTC')::date <= \(Int32(daysLeftMax))
        group by 1, 2 order by 1 desc, 2 limit \(Self.seriesRowsMax)
        """
      ).decode(PostgresDate.self, Int32.self, Int64.self)
      return Dictionary(grouping: rows, by: \.0).map { date, rows in
        PriceSeries(
          LocalDate(daysSinceEpoch: date.days), rows.map { PriceSeries.Point(daysLeft: Int($0.1), price: $0.2) })
      }
    }
  }

  /// Makes the history's next months, drops those whose time has come, and forgets searches and alerts of days that are over.
  ///
  /// - Throws: `StoreError`.
  package func keepMonths() async throws {
    try await translating {
      try await database.transaction { transaction in
        let isMine = try await transaction.query("select pg_try_advisory_xact_lock(7246004)").decodeOnly(Bool.self)
        guard isMine else { return }
        try await makeMonths(transaction)
        try await dropMonths(transaction)
        try await transaction.execute("delete from price_alert where date < (now() at time zone 'UTC')::date - 1")
        try await transaction.execute("delete from price_latest where date < (now() at time zone 'UTC')::date - 30")
      }
    }
  }

  private func makeMonths(_ transaction: Transaction) async throws {
    let missing = try await transaction.query(
      """
      select to_char(month, 'YYYYMM'), to_char(month, 'YYYY-MM-DD'), to_char(month + interval '1 month', 'YYYY-MM-DD')
      from (select date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead) as month
        from generate_series(0, 2) ahead) months
      where to_regclass('price_sighting_' || to_char(month, 'YYYYMM')) is null
        and not exists (select from price_sighting_default
          where seen_at >= month at time zone 'UTC' and seen_at < (month + interval '1 month') at time zone 'UTC')
      order by month
      """
    ).decode(String.self, String.self, String.self)
    for (name, from, to) in missing {
      // The texts are made of digits by the statement above.
      try await transaction.execute(
        SQL(
          unsafe:
            "create table price_sighting_\(name) partition of price_sighting for values from ('\(from) 00:00:00+00') to ('\(to) 00:00:00+00')"
        ))
    }
  }

  private func dropMonths(_ transaction: Transaction) async throws {
    // Behind somebody who reads the month that goes, everything that is noted would queue.
    try await transaction.execute("set local lock_timeout = '2s'")
    let names = try await transaction.query(
      """
      select relname::text from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'price_sighting'::regclass and relname ~ '^price_sighting_[0-9]{6}$'
        and to_date(right(relname, 6), 'YYYYMM')
          < date_trunc('month', now() at time zone 'UTC') - make_interval(months => \(Self.monthsKept))
      order by relname
      """
    ).decode(String.self)
    for name in names { try await transaction.execute(SQL(unsafe: "drop table \(name)")) }
    try await transaction.execute(
      "delete from price_sighting_default where seen_at < now() - make_interval(months => \(Self.monthsKept + 1))")
  }
}
