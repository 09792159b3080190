package import Booking
package import Kernel
import Postgres

/// What an installation sells itself.
package struct InventoryStore: Sendable {
  let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  // MARK: What there is

  /// Puts a room in, or changes it; what is sold of it stays as it was sold.
  ///
  /// - Throws: `StoreError`.
  package func put(_ room: OwnRoom) async throws {
    try await translating {
      _ = try await database.execute(
        """
        insert into inventory_room (id, place, house, rate, sleeps, currency, night_price, free_days, is_on_sale)
        values (\(room.id), \(room.place), \(room.house), \(room.rate), \(Int16(clamping: room.sleeps)),
          \(room.night.currency.code), \(room.night.minorUnits), \(room.freeDays.map { Int16(clamping: $0) }),
          \(room.isOnSale))
        on conflict (id) do update set place = excluded.place, house = excluded.house, rate = excluded.rate,
          sleeps = excluded.sleeps, currency = excluded.currency, night_price = excluded.night_price,
          free_days = excluded.free_days, is_on_sale = excluded.is_on_sale, changed_at = now()
        """)
    }
  }

  /// Puts a run in, or changes it; what is sold of it stays as it was sold.
  ///
  /// - Returns: false where more seats are taken than it is to have, with nothing changed.
  /// - Throws: `StoreError`.
  package func put(_ run: OwnRun) async throws -> Bool {
    try await translating {
      let written = try await database.query(
        """
        insert into inventory_run (id, kind, origin, destination, day, departure, arrival, carrier, number, seats,
          currency, seat_price, free_days, is_on_sale)
        values (\(run.id), \(run.kind.rawValue), \(run.origin), \(run.destination), \(run.day.description)::text::date,
          \(PostgresTimestamp(run.departure)), \(PostgresTimestamp(run.arrival)), \(run.carrier), \(run.number),
          \(Int32(clamping: run.seats)), \(run.seat.currency.code), \(run.seat.minorUnits),
          \(run.freeDays.map { Int16(clamping: $0) }), \(run.isOnSale))
        on conflict (id) do update set kind = excluded.kind, origin = excluded.origin,
          destination = excluded.destination, day = excluded.day, departure = excluded.departure,
          arrival = excluded.arrival, carrier = excluded.carrier, number = excluded.number, seats = excluded.seats,
          currency = excluded.currency, seat_price = excluded.seat_price, free_days = excluded.free_days,
          is_on_sale = excluded.is_on_sale, changed_at = now()
          where inventory_run.taken <= excluded.seats
        returning true
        """
      ).decodeFirst(Bool.self)
      return written == true
    }
  }

  /// Rooms by id, after one.
  ///
  /// - Throws: `StoreError`.
  package func rooms(after id: String, limit: Int) async throws -> [OwnRoom] {
    try await translating {
      try await database.query(
        "select \(InventoryRows.room) from inventory_room room where id > \(id) order by id limit \(Int64(limit))"
      ).map { try InventoryRows.room($0) }
    }
  }

  /// Runs by id, after one, each with the seats that are left.
  ///
  /// - Throws: `StoreError`.
  package func runs(after id: String, limit: Int) async throws -> [(run: OwnRun, left: Int)] {
    try await translating {
      try await database.query(
        "select \(InventoryRows.run) from inventory_run run where id > \(id) order by id limit \(Int64(limit))"
      ).map { try InventoryRows.run($0) }
    }
  }

  // MARK: What is free

  /// Rooms of a place that are free for some nights, by house and id.
  ///
  /// - Throws: `StoreError`.
  package func freeRooms(in place: String, from first: LocalDate, nights: Int, limit: Int) async throws -> [OwnRoom] {
    try await translating {
      try await database.query(
        """
        select \(InventoryRows.room) from inventory_room room
        where place = \(place) and is_on_sale and \(InventoryRows.isFree(first, nights))
        order by house, id limit \(Int64(limit))
        """
      ).map { try InventoryRows.room($0) }
    }
  }

  /// Runs of a day that are on sale, with the seats that are left.
  ///
  /// - Throws: `StoreError`.
  package func runs(_ search: OfferSearch, limit: Int) async throws -> [(run: OwnRun, left: Int)] {
    try await translating {
      try await database.query(
        """
        select \(InventoryRows.run) from inventory_run run
        where kind = \(search.kind.rawValue) and origin = \(search.origin) and destination = \(search.destination)
          and day = \(search.date.description)::text::date and is_on_sale
        order by departure, id limit \(Int64(limit))
        """
      ).map { try InventoryRows.run($0) }
    }
  }

  /// The rooms of these ids that are on sale and free for some nights, by id.
  ///
  /// - Throws: `StoreError`.
  func free(_ ids: [String], from first: LocalDate, nights: Int) async throws -> [OwnRoom] {
    try await translating {
      try await database.query(
        """
        select \(InventoryRows.room) from inventory_room room
        where id = any(\(ids)) and is_on_sale and \(InventoryRows.isFree(first, nights)) order by id
        """
      ).map { try InventoryRows.room($0) }
    }
  }

  /// A run that is on sale; nil where there is none.
  ///
  /// - Throws: `StoreError`.
  func run(_ id: String) async throws -> (run: OwnRun, left: Int)? {
    try await translating {
      try await database.query(
        "select \(InventoryRows.run) from inventory_run run where id = \(id) and is_on_sale"
      ).first.map { try InventoryRows.run($0) }
    }
  }

  /// What was ordered under a reference; nil where nothing was.
  ///
  /// - Throws: `StoreError`.
  package func sale(_ reference: BookingReference) async throws -> OwnSale? {
    try await translating {
      try await database.query(InventoryRows.sale(reference)).first.map { try InventoryRows.sale($0, reference) }
    }
  }
}

/// How the inventory is read.
enum InventoryRows {
  static let room: SQL = "room.id, place, house, rate, sleeps, currency, night_price, free_days, is_on_sale"
  /// What is held and ran out is left again.
  static let run: SQL = """
    run.id, kind, origin, destination, day::text as day, departure, arrival, carrier, number, run.seats, currency,
    seat_price, free_days, is_on_sale, run.seats - taken + coalesce((
      select sum(sale.seats) from inventory_sale sale
      where sale.run_id = run.id and sale.state = 'held' and sale.held_until <= now()), 0)::int as seats_left
    """

  static func nights(_ first: LocalDate, _ count: Int) -> SQL {
    "daterange(\(first.description)::text::date, \(first.adding(days: count).description)::text::date)"
  }

  /// No stay that is sold, or held and not run out, lies across the nights.
  static func isFree(_ first: LocalDate, _ count: Int) -> SQL {
    """
    not exists (
      select from inventory_night night join inventory_sale sale using (reference)
      where night.room_id = room.id and night.nights && \(nights(first, count))
        and (sale.state <> 'held' or sale.held_until > now()))
    """
  }

  static func sale(_ reference: BookingReference) -> SQL {
    """
    select case when state = 'held' and held_until <= now() then 'lapsed' else state end as state, held_until,
      currency, price, refunded, version
    from inventory_sale where reference = \(reference.text)
    """
  }

  static func room(_ row: Row) throws -> OwnRoom {
    OwnRoom(
      id: try row["id"], place: try row["place"], house: try row["house"], rate: try row["rate"],
      sleeps: Int(try row["sleeps", as: Int16.self]), night: try money(row, "night_price"),
      freeDays: try row["free_days", as: Int16?.self].map(Int.init), isOnSale: try row["is_on_sale"])
  }

  static func run(_ row: Row) throws -> (run: OwnRun, left: Int) {
    guard let kind = OfferKind(rawValue: try row["kind"]) else {
      throw StoreError.faulty(reason: "a run of the inventory is of a kind that is not known here")
    }
    let run = OwnRun(
      id: try row["id"], kind: kind, origin: try row["origin"], destination: try row["destination"],
      day: try LocalDate(try row["day", as: String.self]), departure: Instant(try row["departure"]),
      arrival: Instant(try row["arrival"]), carrier: try row["carrier"], number: try row["number"],
      seats: Int(try row["seats", as: Int32.self]), seat: try money(row, "seat_price"),
      freeDays: try row["free_days", as: Int16?.self].map(Int.init), isOnSale: try row["is_on_sale"])
    return (run, Int(try row["seats_left", as: Int32.self]))
  }

  static func sale(_ row: Row, _ reference: BookingReference) throws -> OwnSale {
    guard let state = OwnSale.State(rawValue: try row["state"]) else {
      throw StoreError.faulty(reason: "the sale \(reference) is in a state that is not known here")
    }
    return OwnSale(
      reference: reference, state: state,
      heldUntil: try row["held_until", as: PostgresTimestamp?.self].map { Instant($0) },
      price: try money(row, "price"), refunded: try row["refunded"], version: try row["version"])
  }

  static func money(_ row: Row, _ column: String) throws -> Money {
    let code: String = try row["currency"]
    guard let currency = try? Currency(code) else {
      throw StoreError.faulty(reason: "the inventory has the currency \(code)")
    }
    return Money(minorUnits: try row[column, as: Int64.self], currency)
  }
}
