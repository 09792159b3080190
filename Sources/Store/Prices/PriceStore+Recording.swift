package import Booking
import JSON
import Kernel
import Postgres

/// What became of sightings.
package struct PriceReport: Sendable, Hashable {
  /// Written to the history.
  package var noted = 0
  /// Of these, other than before.
  package var changed = 0
  /// Alerts that are told.
  package var told = 0
}

extension PriceStore {
  /// Sightings that are recorded at once, at most.
  package static let batchMax = 512

  /// Records what searches showed, tells changes to the outbox, and falls to those who want to hear of them.
  ///
  /// A round in which a seller was missing may show a price that is dearer than it is: such a price counts only when it
  /// is lower than the last one, or that is a day old. Of several sightings of a search the newest counts.
  ///
  /// - Throws: `StoreError`; nothing is then recorded.
  /// - Precondition: there are at most ``batchMax``.
  package func record(_ sightings: [PriceSighting]) async throws -> PriceReport {
    precondition(sightings.count <= Self.batchMax, "more prices than are recorded at once")
    let rows = SightingRows(sightings)
    guard !rows.names.isEmpty else { return PriceReport() }
    return try await translating {
      try await database.transaction { transaction in
        // In the order of their names, so that two who record wait for each other at most once.
        let known = try await transaction.query(
          """
          select search, price from price_latest where search = any(\(rows.names)) order by search for update
          """
        ).decode(String.self, Int64.self)
        let noted = try await transaction.query(rows.statement).decode(String.self)
        var report = PriceReport(noted: noted.count)
        let before = Dictionary(uniqueKeysWithValues: known)
        let changes = noted.compactMap { name -> (PriceSighting, Int64)? in
          guard let sighting = rows.byName[name], let old = before[name], old != sighting.price else { return nil }
          return (sighting, old)
        }
        report.changed = changes.count
        try await outbox.add(changes.map { PriceStore.event($0.0, from: $0.1) }, in: transaction)
        report.told = try await tellFalls(noted, rows.byName, transaction)
        return report
      }
    }
  }

  private static func event(_ sighting: PriceSighting, from old: Int64) -> StoredEvent {
    let currency = sighting.search.currency
    let name = sighting.search.name ?? ""
    var writer = JSONWriter()
    writer.object { object in
      object.field("search", name)
      object.field("from", Money(minorUnits: old, currency).amountText)
      object.field("to", Money(minorUnits: sighting.price, currency).amountText)
      object.field("currency", currency.code)
      object.field("at", sighting.at.description)
    }
    return StoredEvent(
      .priceUpdates, key: name, kind: "price.changed", payload: String(decoding: writer.finish(), as: UTF8.self))
  }

  private func tellFalls(
    _ names: [String], _ sightings: [String: PriceSighting], _ transaction: Transaction
  ) async throws -> Int {
    let alerts = try await transaction.query(
      "select \(Self.alertColumns) from price_alert where search = any(\(names)) order by id for update"
    ).map(Self.alert)
    var told: [NewJob] = []
    for var stored in alerts {
      guard let price = sightings[stored.search]?.price else { continue }
      if stored.alert.see(price) {
        told.append(TellOrder.priceFell(stored.id, fall: stored.alert.falls, price: price).newJob())
        stored.toldAt = sightings[stored.search]?.at
      }
      try await save(stored, price: price, transaction)
    }
    if !told.isEmpty { _ = try await jobs.submit(told, in: transaction) }
    return told.count
  }
}

/// Sightings as columns, which is how they travel.
private struct SightingRows {
  let byName: [String: PriceSighting]
  let names: [String]
  private let rows: [PriceSighting]

  init(_ sightings: [PriceSighting]) {
    var byName: [String: PriceSighting] = [:]
    for sighting in sightings {
      guard let name = sighting.search.name else { continue }
      if let other = byName[name], other.at > sighting.at { continue }
      byName[name] = sighting
    }
    self.byName = byName
    let sorted = byName.sorted { $0.key < $1.key }
    names = sorted.map(\.key)
    rows = sorted.map(\.value)
  }

  /// Keeps the newest prices and notes those that go to the history, whose names it gives.
  var statement: SQL {
    """
    with seen as (
      select * from unnest(
        \(names), \(rows.map { $0.search.route ?? "" }),
        \(rows.map { PostgresDate(days: $0.search.date.daysSinceEpoch) }), \(rows.map(\.search.currency.code)),
        \(rows.map(\.price)), \(rows.map { Int32(clamping: $0.offers) }), \(rows.map(\.isComplete)),
        \(rows.map { PostgresTimestamp($0.at) }))
        as seen (search, route, date, currency, price, offers, is_complete, seen_at)
    ), kept as (
      insert into price_latest as latest
        (search, route, date, currency, price, offers, is_complete, seen_at, noted_at)
      select search, route, date, currency, price, offers, is_complete, seen_at, seen_at from seen order by search
      on conflict (search) do update set price = excluded.price, offers = excluded.offers,
        is_complete = excluded.is_complete, seen_at = excluded.seen_at,
        noted_at = case when latest.price <> excluded.price
          or latest.noted_at <= excluded.seen_at - interval '1 hour' then excluded.seen_at else latest.noted_at end
      where latest.seen_at < excluded.seen_at and (excluded.is_complete or excluded.price <= latest.price
        or latest.seen_at < excluded.seen_at - interval '1 day')
      returning search, noted_at = seen_at as is_noted
    )
    insert into price_sighting (search, route, date, price, is_complete, seen_at)
    select search, route, date, price, is_complete, seen_at from seen join kept using (search) where is_noted
    returning search
    """
  }
}
