package import Booking
package import Kernel
import Postgres

/// What an alert's id is of.
package enum PriceAlertNoun {}
/// The id of somebody's wish to hear of a price.
package typealias PriceAlertID = Identifier<PriceAlertNoun>

/// An alert as it is stored.
package struct StoredPriceAlert: Sendable {
  package let id: PriceAlertID
  /// The name of the search.
  package let search: String
  package let currency: Currency
  package internal(set) var alert: PriceAlert
  package internal(set) var lastPrice: Int64?
  package internal(set) var toldAt: Instant?
  package let createdAt: Instant
}

extension PriceStore {
  /// Alerts of one account, at most.
  package static let alertsMax: Int64 = 50

  static let alertColumns: SQL = """
    id, search, currency, limit_price, fall_percent, highest, is_armed, falls, last_price, told_at, created_at
    """

  static func alert(_ row: Row) throws -> StoredPriceAlert {
    let limit: Int64? = try row["limit_price"]
    let percent: Int16? = try row["fall_percent"]
    return StoredPriceAlert(
      id: try row["id"], search: try row["search"], currency: try Currency(try row["currency", as: String.self]),
      alert: PriceAlert(
        limit.map { .atMost($0) } ?? .fall(percent: Int(percent ?? 0)), highest: try row["highest"],
        isArmed: try row["is_armed"], falls: Int(try row["falls", as: Int32.self])),
      lastPrice: try row["last_price"], toldAt: try row["told_at", as: PostgresTimestamp?.self].map { Instant($0) },
      createdAt: Instant(try row["created_at", as: PostgresTimestamp.self]))
  }

  /// Adds an alert, which sees the newest price at once.
  ///
  /// - Throws: `StoreError`.
  package func addAlert(
    _ wish: PriceAlert.Wish, on search: OfferSearch, named name: String, of owner: UserID,
    _ request: MakingRequest? = nil
  ) async throws -> Making<StoredPriceAlert> {
    var (limit, percent): (Int64?, Int16?) = (nil, nil)
    switch wish {
    case .atMost(let price): limit = price
    case .fall(let share): percent = Int16(clamping: share)
    }
    let (most, least) = (limit, percent)
    return try await translating {
      try await database.transaction { transaction in
        try await transaction.making(request, id: \.id) { known in
          try await transaction.query(
            "select \(Self.alertColumns) from price_alert where id = \(known) and account_id = \(owner)"
          ).first.map { try Self.alert($0) }
        } make: {
          // One after the other for each account, so that the count holds.
          try await transaction.execute("select from account where id = \(owner) for no key update")
          let row = try await transaction.query(
            """
            insert into price_alert (account_id, search, date, currency, limit_price, fall_percent)
            select \(owner), \(name), \(PostgresDate(days: search.date.daysSinceEpoch)), \(search.currency.code), \(most),
              \(least)
            where (select count(*) from price_alert where account_id = \(owner)) < \(Self.alertsMax)
            returning \(Self.alertColumns)
            """
          ).first
          guard let row else { return nil }
          var stored = try Self.alert(row)
          let price = try await transaction.query("select price from price_latest where search = \(name)")
            .decodeFirst(Int64.self)
          guard let price else { return stored }
          if stored.alert.see(price) {
            stored.toldAt = stored.createdAt
            _ = try await jobs.submit(
              [TellOrder.priceFell(stored.id, fall: stored.alert.falls, price: price).newJob()], in: transaction)
          }
          stored.lastPrice = price
          try await save(stored, price: price, transaction)
          return stored
        }
      }
    }
  }

  func save(_ stored: StoredPriceAlert, price: Int64, _ transaction: Transaction) async throws {
    try await transaction.execute(
      """
      update price_alert set highest = \(stored.alert.highest), is_armed = \(stored.alert.isArmed),
        falls = \(Int32(clamping: stored.alert.falls)), last_price = \(price),
        told_at = \(stored.toldAt.map { PostgresTimestamp($0) })
      where id = \(stored.id)
      """)
  }

  /// Somebody's alerts, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func alerts(of owner: UserID) async throws -> [StoredPriceAlert] {
    try await translating {
      try await database.query(
        """
        select \(Self.alertColumns) from price_alert where account_id = \(owner)
        order by created_at, id limit \(Self.alertsMax)
        """
      ).map(Self.alert)
    }
  }

  /// Removes an alert; whether there was one.
  ///
  /// - Throws: `StoreError`.
  package func removeAlert(_ id: PriceAlertID, of owner: UserID) async throws -> Bool {
    try await translating {
      try await database.execute("delete from price_alert where id = \(id) and account_id = \(owner)") > 0
    }
  }

  /// Searches with alerts that sellers have not been asked about for so long; whoever gets one asks.
  ///
  /// - Throws: `StoreError`.
  package func takeSearches(unaskedSeconds: Int32, limit: Int64) async throws -> [String] {
    let due: SQL = "(asked_at is null or asked_at < now() - make_interval(secs => \(Double(unaskedSeconds))))"
    return try await translating {
      let taken = try await database.query(
        """
        update price_alert set asked_at = now()
        where \(due) and search in (
          select search from price_alert where date >= (now() at time zone 'UTC')::date and \(due)
          group by search order by min(asked_at) nulls first, search limit \(limit))
        returning search
        """
      ).decode(String.self)
      return Set(taken).sorted()
    }
  }
}
