package import Booking
package import Kernel

/// Sells what the installation itself has, behind the same port as everybody else: held first, and sold under our reference
/// once however often it is asked.
package struct OwnSeller: Seller {
  package let name: String
  package let kinds: Set<OfferKind> = [.lodging, .rail, .coach]
  private let store: InventoryStore
  private let now: @Sendable () -> Instant
  /// How long something is held: longer than a customer has to pay.
  package static let holdSeconds: Int64 = 2400
  /// How long an offer is shown.
  private static let offerSeconds: Int64 = 1800
  /// Rooms and runs that one search looks at.
  private static let rowsMax = 500

  /// Sells under a name.
  package init(_ name: String, _ store: InventoryStore, now: @escaping @Sendable () -> Instant) {
    self.name = name
    self.store = store
    self.now = now
  }

  package func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
    let people = search.adults + search.childAges.count
    guard people <= OwnGoods.peopleMax else { return [] }
    return try await asking { () async throws -> [Offer] in
      switch search.kind {
      case .lodging:
        guard (1...OwnGoods.nightsMax).contains(search.nights) else { return [] }
        let rooms = try await store.freeRooms(
          in: search.destination, from: search.date, nights: search.nights, limit: Self.rowsMax)
        return stays(rooms, search, people)
      case .rail, .coach:
        return try await store.runs(search, limit: Self.rowsMax).filter { $0.left >= people }.compactMap {
          offer($0.run, left: $0.left, people)
        }
      case .flight, .activity: return []
      }
    }
  }

  package func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer {
    let goods = try goods(of: offer)
    let found = try await asking { () async throws -> Offer? in
      switch goods {
      case .rooms(let ids, let first, let nights, let people):
        let rooms = try await store.free(ids, from: first, nights: nights)
        guard rooms.count == ids.count else { return nil }
        return self.offer(rooms, from: first, nights: nights, people, name: goods.name)
      case .seats(let id, let people):
        guard let (run, left) = try await store.run(id), left >= people else { return nil }
        return self.offer(run, left: left, people)
      }
    }
    guard let found else { throw .declined(.soldOut, words: "it is taken") }
    return found
  }

  package func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    try await take(order, holdSeconds: Self.holdSeconds)
  }

  package func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
    try await take(order, holdSeconds: nil)
  }

  package func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? {
    try await asking { () async throws -> OwnSale? in try await store.sale(reference) }.map { standing($0) }
  }

  package func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
    let sale = try await changing { () async throws -> OwnSale? in try await store.giveBack(reference, at: now()) }
    guard let sale else { throw .declined(.other, words: "nothing is ordered under \(reference)") }
    return standing(sale)
  }

  package func change(
    _ reference: BookingReference, to order: SaleOrder
  ) async throws(SellerFault) -> SaleStanding {
    throw .declined(.notAllowed, words: "\(name) does not exchange what was bought")
  }

  // MARK: Offers

  /// Rooms for a party: one that sleeps all of it, else as many of one house as it takes or as are wanted, the largest first.
  private func stays(_ rooms: [OwnRoom], _ search: OfferSearch, _ people: Int) -> [Offer] {
    var offers: [Offer] = []
    for (_, house) in Dictionary(grouping: rooms, by: \.house).sorted(by: { $0.key < $1.key }) {
      let wide = search.rooms > 1 ? [] : house.filter { $0.sleeps >= people }
      var sets = wide.map { [$0] }
      if wide.isEmpty {
        var (chosen, places) = ([OwnRoom](), 0)
        let widest = house.filter { $0.night.currency == house[0].night.currency }.sorted {
          ($1.sleeps, $0.night.minorUnits, $0.id) < ($0.sleeps, $1.night.minorUnits, $1.id)
        }
        for room in widest where (places < people || chosen.count < search.rooms) && chosen.count < OwnGoods.roomsMax {
          chosen.append(room)
          places += room.sleeps
        }
        sets = places >= people && chosen.count >= search.rooms ? [chosen] : []
      }
      offers += sets.compactMap { offer($0, from: search.date, nights: search.nights, people, name: nil) }
    }
    return offers
  }

  private func offer(
    _ rooms: [OwnRoom], from first: LocalDate, nights: Int, _ people: Int, name: String?
  ) -> Offer? {
    guard let room = rooms.first, let price = try? OwnPrice.rooms(rooms, nights: nights) else { return nil }
    let goods = OwnGoods.rooms(rooms.map(\.id), first: first, nights: nights, people: people)
    let place = OfferedPlace(
      code: room.house, name: room.house, first: first, nights: nights,
      rate: rooms.map(\.rate).joined(separator: " + "))
    return Offer(
      OfferKey(seller: self.name, name: name ?? goods.name), kind: .lodging, price: price, taxes: .zero(price.currency),
      expires: now().adding(seconds: Self.offerSeconds), place: place,
      terms: terms(OwnTerms(first: first, freeDays: OwnTerms.strictest(rooms)), price.currency))
  }

  private func offer(_ run: OwnRun, left: Int, _ people: Int) -> Offer? {
    guard let price = try? run.seat.multiplied(by: Int64(people)) else { return nil }
    let ride = OfferedRide(
      from: run.origin, to: run.destination, departure: run.departure, arrival: run.arrival, carrier: run.carrier,
      number: run.number, cabin: run.kind == .rail ? "second" : "economy")
    return Offer(
      OfferKey(seller: name, name: OwnGoods.seats(run.id, people: people).name), kind: run.kind, price: price,
      taxes: .zero(price.currency),
      expires: min(now().adding(seconds: Self.offerSeconds), run.departure), rides: [ride],
      terms: terms(OwnTerms(first: run.day, freeDays: run.freeDays), price.currency), left: left)
  }

  private func terms(_ terms: OwnTerms, _ currency: Currency) -> SaleTerms {
    SaleTerms(refunds: terms.end.map { [RefundStep(before: $0, fee: .zero(currency))] } ?? [])
  }

  // MARK: Orders

  private func take(_ order: SaleOrder, holdSeconds: Int64?) async throws(SellerFault) -> SaleStanding {
    let goods = try goods(of: order.offer)
    let own = OwnOrder(order.reference, goods, price: order.price, holdSeconds: holdSeconds)
    switch try await changing({ () async throws -> OwnTaking in try await store.take(own) }) {
    case .taken(let sale): return standing(sale)
    case .gone: throw .declined(.soldOut, words: "it is taken")
    case .dearer(let price): throw .declined(.priceChanged, words: "it costs \(price) now")
    case .unknown: throw .declined(.expired, words: "it is not on sale any more")
    }
  }

  private func goods(of offer: OfferKey) throws(SellerFault) -> OwnGoods {
    guard let goods = OwnGoods(offer.name) else {
      throw .declined(.malformed, words: "the offer's name is none of \(name)'s")
    }
    return goods
  }

  private func standing(_ sale: OwnSale) -> SaleStanding {
    let state: SaleStanding.State =
      switch sale.state {
      case .held: sale.heldUntil.map { .held(until: $0) } ?? .lapsed
      case .sold: .ticketed([sale.reference.text])
      case .returned: .cancelled(refund: Money(minorUnits: sale.refunded, sale.price.currency))
      case .lapsed: .lapsed
      }
    return SaleStanding(
      sale.reference, sellerName: sale.reference.text, state: state, price: sale.price, version: sale.version)
  }

  /// What only reads and fails has changed nothing.
  private func asking<Value: Sendable>(_ body: () async throws -> Value) async throws(SellerFault) -> Value {
    do { return try await body() } catch { throw .notSent(words: "\(error)") }
  }

  /// What changes something and fails has changed nothing, but where the connection broke while it was saved.
  private func changing<Value: Sendable>(_ body: () async throws -> Value) async throws(SellerFault) -> Value {
    do {
      return try await body()
    } catch StoreError.unavailable(let reason) {
      throw .notSent(words: reason)
    } catch StoreError.overloaded(let reason) {
      throw .notSent(words: reason)
    } catch {
      throw .unknown(words: "\(error)")
    }
  }
}
