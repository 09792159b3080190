package import Booking
package import Kernel
import Postgres

/// Something of ours that is to be held or sold.
package struct OwnOrder: Sendable {
  package let reference: BookingReference
  package let goods: OwnGoods
  /// What was agreed.
  package let price: Money
  /// For how long it is held; nil where it is sold.
  package let holdSeconds: Int64?

  package init(_ reference: BookingReference, _ goods: OwnGoods, price: Money, holdSeconds: Int64?) {
    self.reference = reference
    self.goods = goods
    self.price = price
    self.holdSeconds = holdSeconds
  }
}

/// Holding, selling and letting go.
///
/// Every transaction locks first the rooms or the run, rooms in the order of their ids, and then what was ordered of them,
/// in the order of references: so that no two ever wait for each other. That a room is in one stay at a time holds beyond
/// that by a constraint, and seats by a check.
extension InventoryStore {
  /// Takes something, once for each reference.
  ///
  /// - Throws: `StoreError`.
  package func take(_ order: OwnOrder) async throws -> OwnTaking {
    do {
      return try await translating {
        try await database.transaction { transaction in
          let goods = try await lock(order.goods, transaction)
          if let known = try await ordered(order.reference, transaction), known.state != .lapsed {
            return try await goOn(with: known, order, transaction)
          }
          guard let goods else { return .unknown }
          guard goods.price.currency == order.price.currency, goods.price.minorUnits <= order.price.minorUnits else {
            return .dearer(goods.price)
          }
          guard try await write(order, goods, transaction) else { return .gone }
          guard let sale = try await ordered(order.reference, transaction) else {
            throw StoreError.rowMissing(table: "inventory_sale")
          }
          return .taken(sale)
        }
      }
    } catch is RoomTaken {
      // Somebody who does not go by our locks, such as a person at the database.
      return .gone
    }
  }

  /// Lets go of what was held, and gives back what was sold, by its terms.
  ///
  /// - Returns: how it stands then; nil where nothing was ordered under the reference.
  /// - Throws: `StoreError`.
  package func giveBack(_ reference: BookingReference, at now: Instant) async throws -> OwnSale? {
    try await translating {
      try await database.transaction { transaction in
        guard
          let known = try await transaction.query(
            "select offer from inventory_sale where reference = \(reference.text)"
          )
          .decodeFirst(String.self), let goods = OwnGoods(known)
        else { return nil }
        _ = try await lock(goods, transaction)
        guard let sale = try await ordered(reference, transaction) else { return nil }
        switch sale.state {
        case .returned, .lapsed: return sale
        case .held: try await release(reference, as: .returned, refunded: 0, transaction)
        case .sold:
          let terms = try await transaction.query(
            "select first::text, free_days from inventory_sale where reference = \(reference.text)"
          ).decodeOnly(String.self, Int16?.self)
          let isFree = try OwnTerms(first: LocalDate(terms.0), freeDays: terms.1.map(Int.init)).isFree(at: now)
          try await release(reference, as: .returned, refunded: isFree ? sale.price.minorUnits : 0, transaction)
        }
        return try await ordered(reference, transaction)
      }
    }
  }

  // MARK: Steps

  /// What is to be taken, as it is priced, once it is locked.
  private struct Priced {
    let price: Money
    let first: LocalDate
    let freeDays: Int?
  }

  private struct RoomTaken: Error {}

  /// Locks rooms or a run, and lets go of what was held of them and ran out.
  ///
  /// - Returns: their price; nil where one of them is not there or not on sale.
  private func lock(_ goods: OwnGoods, _ transaction: Transaction) async throws -> Priced? {
    switch goods {
    case .rooms(let ids, let first, let nights, let people):
      let rooms = try await transaction.query(
        """
        select \(InventoryRows.room) from inventory_room room where id = any(\(ids)) order by id for no key update
        """
      ).map { try InventoryRows.room($0) }
      try await lapse(
        "reference in (select reference from inventory_night where room_id = any(\(ids)))", transaction)
      guard rooms.count == ids.count, rooms.allSatisfy(\.isOnSale), rooms.reduce(0, { $0 + $1.sleeps }) >= people,
        let price = try? OwnPrice.rooms(rooms, nights: nights)
      else { return nil }
      return Priced(price: price, first: first, freeDays: OwnTerms.strictest(rooms))
    case .seats(let id, let people):
      let run = try await transaction.query(
        "select \(InventoryRows.run) from inventory_run run where id = \(id) for no key update of run"
      ).first.map { try InventoryRows.run($0).run }
      try await lapse("run_id = \(id)", transaction)
      guard let run, run.isOnSale, let price = try? run.seat.multiplied(by: Int64(people)) else { return nil }
      return Priced(price: price, first: run.day, freeDays: run.freeDays)
    }
  }

  /// Ends what was held and ran out.
  private func lapse(_ condition: SQL, _ transaction: Transaction) async throws {
    let late = try await transaction.query(
      """
      select reference from inventory_sale where \(condition) and state = 'held' and held_until <= now()
      order by reference for no key update
      """
    ).decode(String.self)
    for text in late {
      guard let reference = BookingReference(text) else { continue }
      try await release(reference, as: .lapsed, refunded: 0, transaction)
    }
  }

  private func ordered(_ reference: BookingReference, _ transaction: Transaction) async throws -> OwnSale? {
    try await transaction.query("\(InventoryRows.sale(reference)) for no key update").first
      .map { try InventoryRows.sale($0, reference) }
  }

  /// What was ordered before under the reference goes on.
  private func goOn(with sale: OwnSale, _ order: OwnOrder, _ transaction: Transaction) async throws -> OwnTaking {
    guard sale.state == .held, order.holdSeconds == nil else { return .taken(sale) }
    guard sale.price.currency == order.price.currency, sale.price.minorUnits <= order.price.minorUnits else {
      return .dearer(sale.price)
    }
    try await transaction.execute(
      """
      update inventory_sale set state = 'sold', held_until = null, version = version + 1, changed_at = now()
      where reference = \(order.reference.text)
      """)
    return .taken(try await ordered(order.reference, transaction) ?? sale)
  }

  /// - Returns: whether it was free.
  private func write(_ order: OwnOrder, _ goods: Priced, _ transaction: Transaction) async throws -> Bool {
    var run: (id: String, seats: Int32)?
    switch order.goods {
    case .rooms(let ids, let first, let nights, _):
      let isTaken = try await transaction.query(
        """
        select exists (select from inventory_night
          where room_id = any(\(ids)) and nights && \(InventoryRows.nights(first, nights)))
        """
      ).decodeOnly(Bool.self)
      if isTaken { return false }
    case .seats(let id, let people):
      let isThere = try await transaction.query(
        """
        update inventory_run set taken = taken + \(Int32(people)) where id = \(id) and taken + \(Int32(people)) <= seats
        returning true
        """
      ).decodeFirst(Bool.self)
      guard isThere == true else { return false }
      run = (id, Int32(people))
    }
    try await transaction.execute(
      """
      insert into inventory_sale (reference, offer, state, held_until, run_id, seats, first, free_days, currency, price)
      values (\(order.reference.text), \(order.goods.name), \(order.holdSeconds == nil ? "sold" : "held"),
        now() + make_interval(secs => \(order.holdSeconds.map { Double($0) })), \(run?.id), \(run?.seats),
        \(goods.first.description)::text::date, \(goods.freeDays.map { Int16(clamping: $0) }),
        \(goods.price.currency.code), \(goods.price.minorUnits))
      on conflict (reference) do update set offer = excluded.offer, state = excluded.state,
        held_until = excluded.held_until, run_id = excluded.run_id, seats = excluded.seats, first = excluded.first,
        free_days = excluded.free_days, currency = excluded.currency, price = excluded.price, refunded = 0,
        version = inventory_sale.version + 1, changed_at = now()
      """)
    guard case .rooms(let ids, let first, let nights, _) = order.goods else { return true }
    do {
      try await transaction.execute(
        """
        insert into inventory_night (reference, room_id, nights)
        select \(order.reference.text), id, \(InventoryRows.nights(first, nights)) from unnest(\(ids)) as room (id)
        order by id
        """)
    } catch PostgresError.server(let error) where error.sqlState == "23P01" {
      throw RoomTaken()
    }
    return true
  }

  private func release(
    _ reference: BookingReference, as state: OwnSale.State, refunded: Int64, _ transaction: Transaction
  ) async throws {
    try await transaction.execute(
      """
      update inventory_run set taken = taken - sale.seats from inventory_sale sale
      where sale.reference = \(reference.text) and sale.run_id = inventory_run.id and sale.state in ('held', 'sold')
      """)
    try await transaction.execute("delete from inventory_night where reference = \(reference.text)")
    try await transaction.execute(
      """
      update inventory_sale set state = \(state.rawValue), held_until = null, refunded = \(refunded),
        version = version + 1, changed_at = now()
      where reference = \(reference.text)
      """)
  }
}

/// What our goods cost.
enum OwnPrice {
  /// Some nights in some rooms, all in one currency.
  ///
  /// - Throws: `MoneyError`.
  static func rooms(_ rooms: [OwnRoom], nights: Int) throws -> Money {
    guard let first = rooms.first else { throw StoreError.faulty(reason: "an offer without rooms") }
    let night = try rooms.dropFirst().reduce(first.night) { try $0.adding($1.night) }
    return try night.multiplied(by: Int64(nights))
  }
}

/// Until when our goods are given back for nothing.
struct OwnTerms {
  let first: LocalDate
  let freeDays: Int?

  /// The moment from which nothing is paid back; nil where nothing ever is.
  var end: Instant? {
    freeDays.map { Instant(secondsSinceEpoch: Int64(first.adding(days: -$0).daysSinceEpoch) * 86_400) }
  }

  func isFree(at now: Instant) -> Bool { end.map { now < $0 } ?? false }

  /// Of several rooms the one whose terms end first counts.
  static func strictest(_ rooms: [OwnRoom]) -> Int? {
    rooms.contains { $0.freeDays == nil } ? nil : rooms.compactMap(\.freeDays).max()
  }
}
