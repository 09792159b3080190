import Booking
import Kernel

/// A seller's own books.
struct SellerModel {
  struct Record {
    var state: SaleStanding.State
    var price: Int64
    var version: Int64 = 1
    var tickets = 0
    var holds = 0
    /// What the seller has charged us and not given back.
    var charged: Int64 = 0
  }

  struct Shelf {
    var price: Int64
    var left: Int
    let holds: Bool
    let feePercent: Int64?
  }

  let name: String
  var shelves: [String: Shelf] = [:]
  var records: [BookingReference: Record] = [:]

  init(name: String) { self.name = name }

  func key(_ offer: String) -> OfferKey { OfferKey(seller: name, name: offer) }

  func money(_ units: Int64) -> Money { Money(minorUnits: units, .euro) }

  func standing(_ reference: BookingReference) -> SaleStanding? {
    records[reference].map {
      SaleStanding(reference, sellerName: "s", state: $0.state, price: money($0.price), version: $0.version)
    }
  }

  /// Does what is asked, however often.
  mutating func act(_ action: SagaAction, _ item: SagaItem, _ now: Instant, _ random: inout SeededRandom) -> SagaAnswer
  {
    lapse(item.reference, now)
    switch action {
    case .verify: return verify(item, now, &random)
    case .hold: return hold(item, now, &random)
    case .book: return book(item, now, &random)
    case .cancel: return cancel(item.reference)
    case .change(let offer, let price): return change(item.reference, offer, price)
    case .look: return .seller(standing(item.reference))
    case .authorise, .capture, .void, .refund: preconditionFailure("sellers collect nothing")
    }
  }

  private mutating func lapse(_ reference: BookingReference, _ now: Instant) {
    guard var record = records[reference], case .held(let until) = record.state, until <= now else { return }
    record.state = .lapsed
    record.version += 1
    records[reference] = record
  }

  private func verify(_ item: SagaItem, _ now: Instant, _ random: inout SeededRandom) -> SagaAnswer {
    guard let shelf = shelves[item.offer.name], shelf.left > 0 else { return .declined(.soldOut, words: "sold out") }
    return .offered(price: shelf.price, expires: now.adding(seconds: Int64.random(in: 300...6000, using: &random)))
  }

  private mutating func hold(_ item: SagaItem, _ now: Instant, _ random: inout SeededRandom) -> SagaAnswer {
    guard let shelf = shelves[item.offer.name], shelf.left > 0 else { return .declined(.soldOut, words: "sold out") }
    guard shelf.holds else { return .declined(.notAllowed, words: "no holds") }
    guard shelf.price <= item.cost else { return .declined(.priceChanged, words: "dearer") }
    let until = now.adding(seconds: Int64.random(in: 200...6000, using: &random))
    var record = records[item.reference] ?? Record(state: .held(until: until), price: shelf.price, version: 0)
    record.holds += 1
    record.state = .held(until: until)
    record.version += 1
    records[item.reference] = record
    shelves[item.offer.name]?.left -= 1
    return .seller(standing(item.reference))
  }

  private mutating func book(_ item: SagaItem, _ now: Instant, _ random: inout SeededRandom) -> SagaAnswer {
    var record = records[item.reference] ?? Record(state: .booked, price: item.cost, version: 0)
    switch record.state {
    case .lapsed: return .declined(.expired, words: "ran out")
    case .held: break
    default:
      guard let shelf = shelves[item.offer.name], shelf.left > 0 else { return .declined(.soldOut, words: "sold out") }
      guard shelf.price <= item.cost else { return .declined(.priceChanged, words: "dearer") }
      record.price = item.cost
      shelves[item.offer.name]?.left -= 1
    }
    record.tickets += 1
    record.version += 1
    record.charged += record.price
    record.state = Int.random(in: 0..<4, using: &random) == 0 ? .booked : .ticketed(["T\(record.tickets)"])
    records[item.reference] = record
    return .seller(standing(item.reference))
  }

  private mutating func cancel(_ reference: BookingReference) -> SagaAnswer {
    guard var record = records[reference] else { return .declined(.other, words: "nothing there") }
    switch record.state {
    case .held: record.state = .cancelled(refund: money(0))
    case .booked, .ticketed, .changedBySeller:
      let isForced = if case .changedBySeller = record.state { true } else { false }
      guard let fee = isForced ? 0 : shelves.values.first?.feePercent else {
        return .declined(.notAllowed, words: "never")
      }
      giveBack(&record, record.price - record.price * fee / 100)
    case .cancelled, .lapsed: return .seller(standing(reference))
    }
    record.version += 1
    records[reference] = record
    return .seller(standing(reference))
  }

  private func giveBack(_ record: inout Record, _ refund: Int64) {
    record.charged -= refund
    record.tickets -= 1
    record.state = .cancelled(refund: money(refund))
  }

  private mutating func change(_ reference: BookingReference, _ offer: OfferKey, _ price: Int64) -> SagaAnswer {
    guard var record = records[reference], price <= record.price else { return .declined(.notAllowed, words: "no") }
    switch record.state {
    case .ticketed, .changedBySeller: break
    default: return .declined(.notAllowed, words: "nothing to change")
    }
    record.charged -= record.price - price
    record.price = price
    record.state = .ticketed(["C\(record.version)"])
    record.version += 1
    records[reference] = record
    return .seller(standing(reference))
  }

  /// What sellers do by themselves; whether anything has changed.
  mutating func move(_ item: SagaItem, _ now: Instant, _ random: inout SeededRandom) -> Bool {
    guard var record = records[item.reference] else { return false }
    switch (record.state, Int.random(in: 0..<10, using: &random)) {
    case (.booked, 0): giveBack(&record, record.price)
    case (.booked, _): record.state = .ticketed(["P1"])
    case (.ticketed, 0): giveBack(&record, record.price)
    case (.ticketed, 1), (.ticketed, 2):
      let offer = Offer(
        key("other"), kind: .flight, price: money(record.price), taxes: money(0), expires: now, terms: SaleTerms())
      record.state = .changedBySeller(offer)
    default: return false
    }
    record.version += 1
    records[item.reference] = record
    return true
  }
}
