import Kernel
import Testing

@testable import Booking

/// A flight for 100, a stay for 200 and a flight for 100, sold for 390: ten are given away.
@Suite("The saga of a package")
struct PackageSagaTests {
  private static let start = Instant(secondsSinceEpoch: 1_800_000_000)

  /// A package, its sellers, and whoever collects the money; everybody does what they are asked.
  private struct World {
    var saga: Saga
    var ledger = Ledger()
    /// What sellers want.
    var costs: [Int64]
    /// What they keep of what is given back.
    var fees: [Int64] = [10, 0, 0]
    var soldOut: Set<Int> = []
    var withdrawn: Set<Int> = []
    /// What they want something else in the place of.
    var moved: Set<Int> = []
    private var version: Int64 = 0

    init(costs: [Int64] = [100, 200, 100], agreed: Int64 = 390) throws {
      self.costs = costs
      var random = SeededRandom(seed: 7)
      let items = PackageKey.kinds.enumerated().map { number, kind in
        (
          item: SagaItem(
            BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o\(number)"), part: kind),
          currency: Currency.euro
        )
      }
      saga = try Saga(
        "B1", items, policy: .allOrNothing, collector: "test", begun: PackageSagaTests.start,
        package: SagaPackage(.standard, price: agreed))
    }

    mutating func happens(_ event: SagaEvent) throws {
      write(try saga.handle(event, at: PackageSagaTests.start))
      // No booking of three asks for more.
      for _ in 0..<60 {
        guard let (request, effects) = saga.take(at: PackageSagaTests.start) else { return }
        write(effects)
        let answer = answer(request.call)
        write(try saga.handle(.answer(number: request.call.number, isAsked: false, answer), at: PackageSagaTests.start))
      }
      Issue.record("it does not end: \(saga)")
    }

    private mutating func write(_ effects: [SagaEffect]) {
      for case .ledger(let entry) in effects {
        #expect(throws: Never.self) { try ledger.write(entry) }
      }
    }

    private mutating func answer(_ call: SagaCall) -> SagaAnswer {
      version += 1
      guard case .item(let index) = call.target else { return payment(call.action) }
      func says(_ state: SaleStanding.State) -> SagaAnswer {
        .seller(
          SaleStanding(
            saga.items[index].reference, sellerName: "X", state: state,
            price: Money(minorUnits: saga.items[index].cost, .euro), version: version))
      }
      let back = Money(minorUnits: saga.items[index].cost - fees[index], .euro)
      switch call.action {
      case .verify: return .offered(price: costs[index], expires: PackageSagaTests.start.adding(seconds: 3600))
      case .hold: return .declined(.notAllowed, words: "no holds")
      case .book:
        if soldOut.contains(index) { return .declined(.soldOut, words: "sold out") }
        return says(.ticketed(["T\(index)"]))
      case .look where withdrawn.contains(index):
        return says(.cancelled(refund: Money(minorUnits: saga.items[index].cost, .euro)))
      case .look where moved.contains(index):
        let offer = Offer(
          OfferKey(seller: "s", name: "other"), kind: .flight, price: .zero(.euro), taxes: .zero(.euro),
          expires: PackageSagaTests.start, terms: SaleTerms())
        return says(.changedBySeller(offer))
      case .cancel: return says(.cancelled(refund: back))
      default: return says(.ticketed(["T\(index)"]))
      }
    }

    private func payment(_ action: SagaAction) -> SagaAnswer {
      let (state, more): (PaymentStanding.State, Int64) =
        switch action {
        case .authorise: (.authorised, 0)
        case .void: (.voided, 0)
        case .refund(let units): (.captured, units)
        default: (.captured, 0)
        }
      return .payment(
        PaymentStanding(
          saga.paymentReference, state, Money(minorUnits: saga.payment?.amount ?? 0, .euro),
          refunded: Money(minorUnits: (saga.payment?.refunded ?? 0) + more, .euro)))
    }

    func posted(_ account: LedgerAccount) -> Int64 { ledger.balance(account, .euro).posted }

    /// What the customer paid, sellers got, was given away and lost; nothing may be left over.
    var books: [Int64] {
      [posted(.card("test")), posted(.seller("s")), posted(.discount), posted(.loss)]
    }
  }

  private func ticketed(_ change: (inout World) -> Void = { _ in }) throws -> World {
    var world = try World()
    change(&world)
    try world.happens(.pay(method: "card"))
    return world
  }

  @Test("sellers are paid what they want, the customer pays the one price, and the rest is in an account of its own")
  func well() throws {
    var world = try World()
    #expect(world.saga.total == 390)
    try world.happens(.pay(method: "card"))
    #expect(world.saga.phase == .ticketed && world.saga.payment?.amount == 390 && world.saga.question == nil)
    #expect(world.saga.items.map(\.cost) == [100, 200, 100] && world.saga.items.map(\.price) == [100, 190, 100])
    #expect(world.books == [390, -400, 10, 0] && world.posted(.customer("B1")) == 0)
    // Others' books have what they were paid.
    #expect((0..<3).map { world.saga.itemEntry($0).charged } == [100, 200, 100])
  }

  @Test(
    "what one part costs more another may cost less; where the whole is dearer that is one question about the whole")
  func dearer() throws {
    // 110 + 180 - 9 + 100 = 381.
    var even = try World(costs: [110, 180, 100])
    try even.happens(.pay(method: "card"))
    #expect(even.saga.phase == .ticketed && even.saga.counts.questions == 0 && even.saga.payment?.amount == 381)
    // 110 + 190 + 110 = 410.
    var asked = try World(costs: [110, 200, 110])
    try asked.happens(.pay(method: "card"))
    #expect(asked.saga.question?.subject == .price(now: 410) && asked.saga.total == 390)
    #expect(asked.saga.payment?.amount == 0, "no money before the answer")
    var refused = asked
    try refused.happens(.consent(question: 1, false))
    #expect(refused.saga.phase == .cancelled && refused.books == [0, 0, 0, 0])
    try asked.happens(.consent(question: 1, true))
    #expect(asked.saga.phase == .ticketed && asked.saga.counts.questions == 1)
    #expect(asked.books == [410, -420, 10, 0] && asked.saga.package?.price == 410)
  }

  @Test("calling it off costs the parts' fees, and of a part never more than its share of the price")
  func calledOff() throws {
    var world = try ticketed()
    try world.happens(.cancel)
    #expect(world.saga.phase == .refunded && world.saga.payment?.refunded == 380)
    #expect(world.books == [10, -10, 0, 0])
    // The stay is not taken back for anything: of its 200 the customer has paid 190.
    var dear = try ticketed { $0.fees = [10, 200, 0] }
    try dear.happens(.cancel)
    #expect(dear.saga.payment?.refunded == 190 && dear.books == [200, -210, 10, 0])
    #expect(dear.saga.items.map(\.kept) == [10, 190, 0])
  }

  @Test("a part that cannot be had after all ends all of it, and the money goes back")
  func soldOut() throws {
    let world = try ticketed { $0.soldOut = [2] }
    #expect(world.saga.phase == .refunded && world.saga.payment?.refunded == 390)
    // The flight there is given back, and its fee is not the customer's.
    #expect(world.books == [0, -10, 0, 10])
  }

  @Test("a part that is withdrawn is paid back at its share; who does not want the rest then gives it back for nothing")
  func withdrawn() throws {
    var world = try ticketed()
    world.withdrawn = [1]
    try world.happens(.hint(.item(1)))
    #expect(world.saga.phase == .ticketed && world.saga.payment?.refunded == 190)
    #expect(world.saga.question?.subject == .without([1]) && world.books == [200, -200, 0, 0])
    var kept = world
    try kept.happens(.consent(question: 1, true))
    #expect(kept.saga.phase == .ticketed && kept.saga.question == nil && kept.saga.total == 200)
    try kept.happens(.cancel)
    #expect(kept.saga.payment?.refunded == 380, "who has said that the rest is wanted bears its fees")
    for event in [SagaEvent.consent(question: 1, false), .cancel] {
      var back = world
      try back.happens(event)
      #expect(back.saga.phase == .refunded && back.saga.payment?.refunded == 390 && back.books == [0, -10, 0, 10])
    }
  }

  @Test("another offer in a part's place costs no more; who does not want it gives all of it back for nothing")
  func moved() throws {
    var world = try ticketed()
    world.moved = [2]
    try world.happens(.hint(.item(2)))
    let other = OfferKey(seller: "s", name: "other")
    #expect(world.saga.question?.subject == .sellerChange(item: 2, other))
    world.moved = []
    var back = world
    try back.happens(.consent(question: 1, false))
    #expect(back.saga.phase == .refunded && back.saga.payment?.refunded == 390 && back.books == [0, -10, 0, 10])
    try world.happens(.consent(question: 1, true))
    #expect(world.saga.phase == .ticketed && world.saga.items[2].offer == other && world.books == [390, -400, 10, 0])
  }

  @Test("a part is not exchanged, a package is booked as a whole, and parts are in packages alone")
  func refused() throws {
    var world = try ticketed()
    let before = world.saga
    #expect(throws: SagaFault.inPackage(item: 0)) {
      try world.happens(.change(item: 0, OfferKey(seller: "s", name: "x"), price: 90))
    }
    #expect(world.saga == before)
    let items = before.items.map { (item: $0, currency: Currency.euro) }
    let package = SagaPackage(.standard, price: 390)
    #expect(throws: SagaFault.packagePolicy) {
      try Saga("B", items, policy: .bestEffort, collector: "c", begun: Self.start, package: package)
    }
    #expect(throws: SagaFault.part(item: 0)) {
      try Saga("B", items, policy: .allOrNothing, collector: "c", begun: Self.start)
    }
    #expect(throws: SagaFault.packagePrice) {
      try Saga(
        "B", items, policy: .allOrNothing, collector: "c", begun: Self.start,
        package: SagaPackage(.standard, price: 0))
    }
  }
}
