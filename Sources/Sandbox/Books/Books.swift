import Kernel

/// In which words something was sold.
enum Shape: String, Sendable { case duffel, amadeus, bedbank, stripe, adyen }

/// What was sold.
struct Sale: Sendable {
  enum State: String, Sendable { case held, confirmed, cancelled, lapsed }

  let id: String
  let shape: Shape
  /// What the buyer calls it; empty where it said nothing.
  let reference: String
  /// Which goods: a flight and cabin, or a room of a house and its nights.
  var goods: Goods
  var travellers: [Traveller]
  var state: State
  /// In cents.
  var price: Int64
  var paid: Int64 = 0
  var refunded: Int64 = 0
  /// When unpaid places are given up.
  var heldUntil: Instant?
  let created: Instant
  var cancelled: Instant?
  var documents: [String] = []
  /// How often it was changed, by anybody.
  var changes = 0
  /// Times that the airline wants and the buyer has not agreed to.
  var airlineDelayMinutes: Int?
}

/// A name on a ticket.
struct Traveller: Sendable {
  let id: String
  let givenName: String
  let familyName: String
}

/// What is sold.
enum Goods: Hashable, Sendable {
  case flight(FlightKey, cabin: String, Party)
  case room(RoomKey)

  /// What runs out: seats of a flight in all cabins, rooms of a kind in all nights.
  var stock: String {
    switch self {
    case .flight(let key, _, _): key.text
    case .room(let key): "\(key.house) \(key.room) \(key.checkIn)"
    }
  }

  var count: Int {
    switch self {
    case .flight(_, _, let party): party.count
    case .room(let key): key.rooms
    }
  }
}

/// Which room, when and for whom.
struct RoomKey: Hashable, Sendable {
  var checkIn: LocalDate
  var checkOut: LocalDate
  var house: Int
  var destination: String
  var room: String
  /// Of each room.
  var party: Party
  /// Rooms that are alike.
  var rooms = 1

  var nights: Int { checkIn.days(until: checkOut) }
}

/// Why a sale did not come about.
enum SaleRefusal: Error, Hashable {
  case soldOut
  case priceChanged(now: Int64)
  case noSuchSale
  case notAllowed
  case gone
}

/// What was sold, and what of it was paid and given back.
struct Books: Sendable {
  private(set) var sales: [String: Sale] = [:]
  private(set) var order: [String] = []
  private var taken: [String: Int] = [:]
  /// What is held, so that nobody has to look through everything that was ever sold.
  private var held: Set<String> = []
  private var references: Set<String> = []
  /// What somebody else's demand has added to prices, in thousandths.
  private var rises: [String: Int64] = [:]
  /// Calls that asked for the same reference again after it had been sold.
  private(set) var repeatedReferences = 0

  /// What a price is after what others have bought.
  func risen(_ price: Int64, _ stock: String) -> Int64 { price * (1000 + (rises[stock] ?? 0)) / 1000 }

  mutating func raise(_ stock: String) { rises[stock, default: 0] += 40 }

  func taken(_ stock: String) -> Int { taken[stock] ?? 0 }

  /// Enters a sale, if so many are left.
  mutating func enter(_ sale: Sale, of capacity: Int) throws(SaleRefusal) {
    guard taken(sale.goods.stock) + sale.goods.count <= capacity else { throw .soldOut }
    let isRepeated = !sale.reference.isEmpty && !references.insert(sale.reference).inserted
    if isRepeated { repeatedReferences += 1 }
    if sale.state == .held { held.insert(sale.id) }
    taken[sale.goods.stock, default: 0] += sale.goods.count
    sales[sale.id] = sale
    order.append(sale.id)
  }

  func sale(_ id: String) throws(SaleRefusal) -> Sale {
    guard let sale = sales[id] else { throw .noSuchSale }
    return sale
  }

  /// Pays what was held.
  mutating func pay(_ id: String, _ amount: Int64, documents: [String], at now: Instant) throws(SaleRefusal) -> Sale {
    lapse(at: now)
    var sale = try sale(id)
    guard sale.state == .held else { throw sale.state == .lapsed ? .gone : .notAllowed }
    guard amount == sale.price else { throw .priceChanged(now: sale.price) }
    sale.state = .confirmed
    sale.paid = amount
    sale.heldUntil = nil
    sale.documents = documents
    sales[id] = sale
    return sale
  }

  /// Gives something back; again, it stays as it is.
  mutating func cancel(_ id: String, refund: Int64, at now: Instant) throws(SaleRefusal) -> Sale {
    var sale = try sale(id)
    guard sale.state != .cancelled else { return sale }
    guard sale.state != .lapsed else { throw .gone }
    sale.state = .cancelled
    sale.cancelled = now
    sale.refunded = sale.paid == 0 ? 0 : refund
    taken[sale.goods.stock, default: 0] -= sale.goods.count
    sales[id] = sale
    return sale
  }

  /// Puts other goods in the place of those sold.
  mutating func change(_ id: String, to goods: Goods, extra: Int64, of capacity: Int) throws(SaleRefusal) -> Sale {
    var sale = try sale(id)
    guard sale.state == .confirmed else { throw .notAllowed }
    guard taken(goods.stock) + goods.count <= capacity else { throw .soldOut }
    taken[sale.goods.stock, default: 0] -= sale.goods.count
    taken[goods.stock, default: 0] += goods.count
    sale.goods = goods
    sale.price += extra
    sale.paid += extra
    sale.changes += 1
    sales[id] = sale
    return sale
  }

  /// The airline wants other times.
  mutating func delay(_ id: String, minutes: Int) throws(SaleRefusal) -> Sale {
    var sale = try sale(id)
    sale.airlineDelayMinutes = minutes
    sale.changes += 1
    sales[id] = sale
    return sale
  }

  /// Gives up what was held and not paid in time.
  mutating func lapse(at now: Instant) {
    for id in held {
      guard let sale = sales[id], sale.state == .held else {
        held.remove(id)
        continue
      }
      guard let until = sale.heldUntil, until <= now else { continue }
      held.remove(id)
      sales[id]?.state = .lapsed
      sales[id]?.cancelled = until
      taken[sale.goods.stock, default: 0] -= sale.goods.count
    }
  }
}
