import Kernel
import Testing

@testable import Booking

@Suite("The saga of a booking")
struct SagaTests {
  private let start = Instant(secondsSinceEpoch: 1_800_000_000)

  private func saga(_ policy: BookingPolicy = .allOrNothing, prices: [Int64] = [100]) throws -> Saga {
    var random = SeededRandom(seed: 7)
    let items = prices.enumerated().map { number, price in
      (
        item: SagaItem(
          BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o\(number)"), price: price),
        currency: Currency.euro
      )
    }
    return try Saga("B1", items, policy: policy, collector: "test", begun: start)
  }

  private func goesWell(_ call: SagaCall, _ saga: Saga) -> SagaAnswer {
    func seller(_ state: SaleStanding.State, _ version: Int64) -> SagaAnswer {
      guard case .item(let index) = call.target else { return .notSent(words: "") }
      let item = saga.items[index]
      return .seller(
        SaleStanding(
          item.reference, sellerName: "X", state: state, price: Money(minorUnits: item.price, .euro), version: version))
    }
    func payment(_ state: PaymentStanding.State, back: Int64 = 0) -> SagaAnswer {
      .payment(
        PaymentStanding(
          saga.paymentReference, state, Money(minorUnits: saga.payment?.amount ?? 0, .euro),
          refunded: Money(minorUnits: back, .euro)))
    }
    return switch call.action {
    case .verify: .offered(price: 100, expires: start.adding(seconds: 3600))
    case .hold: seller(.held(until: start.adding(seconds: 3600)), 1)
    case .book, .look, .change: seller(.ticketed(["T1"]), 2)
    case .cancel: seller(.cancelled(refund: Money(minorUnits: 80, .euro)), 3)
    case .authorise: payment(.authorised)
    case .capture: payment(.captured)
    case .void: payment(.voided)
    case .refund(let units): payment(.captured, back: units)
    }
  }

  private func take(_ saga: inout Saga, at now: Instant) throws -> (request: SagaRequest, effects: [SagaEffect]) {
    let taken = saga.take(at: now)
    return try #require(taken)
  }

  private func ticketed() throws -> Saga {
    var saga = try saga()
    _ = try saga.handle(.pay(method: "card"), at: start)
    while saga.phase != .ticketed { try step(&saga) }
    return saga
  }

  private func step(_ saga: inout Saga) throws {
    let (request, _) = try take(&saga, at: start)
    let answer = goesWell(request.call, saga)
    _ = try saga.handle(.answer(number: request.call.number, isAsked: false, answer), at: start)
  }

  @Test("what goes well is verified, held, reserved, taken and ticketed, in this order")
  func well() throws {
    var saga = try saga()
    _ = try saga.handle(.pay(method: "card"), at: start)
    var actions: [SagaAction] = []
    while saga.phase != .ticketed {
      let (request, _) = try take(&saga, at: start)
      actions.append(request.call.action)
      _ = try saga.handle(
        .answer(number: request.call.number, isAsked: false, goesWell(request.call, saga)), at: start)
    }
    #expect(actions == [.verify, .hold, .authorise, .capture, .book])
    #expect(saga.owed == 0 && saga.wake == nil)
  }

  @Test("a higher price is asked about before any money is taken, and a no ends it")
  func dearer() throws {
    var saga = try saga(prices: [90])
    _ = try saga.handle(.pay(method: "card"), at: start)
    try step(&saga)
    #expect(saga.question?.subject == .price(now: 100))
    let next = saga.take(at: start)?.request
    #expect(next == nil)
    var other = saga
    _ = try saga.handle(.consent(question: 1, false), at: start)
    #expect(saga.phase == .cancelled)
    _ = try other.handle(.consent(question: 1, true), at: start)
    while other.phase != .ticketed { try step(&other) }
    #expect(other.payment?.amount == 100)
    #expect(throws: SagaFault.noQuestion(1)) { try other.handle(.consent(question: 1, true), at: start) }
  }

  @Test("what nobody knows is asked for under our own reference, and tried again only after the quiet time")
  func unknown() throws {
    var saga = try saga()
    _ = try saga.handle(.pay(method: "card"), at: start)
    for _ in 0..<2 { try step(&saga) }
    let (request, _) = try take(&saga, at: start)
    #expect(request.call.action == .authorise)
    _ = try saga.handle(.answer(number: request.call.number, isAsked: false, .unknown(words: "")), at: start)
    var asked = 0
    var now = start
    while asked < 100 {
      now = try #require(saga.wake)
      guard let (next, _) = saga.take(at: now) else { break }
      guard case .ask = next else { break }
      asked += 1
      _ = try saga.handle(.answer(number: next.call.number, isAsked: true, .payment(nil)), at: now)
      if case .intended = saga.payment?.call?.state { break }
    }
    #expect(asked > 1 && start.seconds(until: now) >= SagaPatience().quietSeconds)
  }

  @Test(
    "the quiet time begins when a call can have left at the latest, and is over before the question, not the answer")
  func late() throws {
    var saga = try saga()
    let patience = saga.patience
    _ = try saga.handle(.pay(method: "card"), at: start)
    for _ in 0..<2 { try step(&saga) }
    let (request, _) = try take(&saga, at: start)
    // It may have waited for a connection until then, and have left in the last moment.
    let given = start.adding(seconds: 60)
    _ = try saga.handle(.answer(number: request.call.number, isAsked: false, .unknown(words: "")), at: given)
    var (asked, told) = (given, given)
    while true {
      asked = try #require(saga.wake)
      guard let (next, _) = saga.take(at: asked), case .ask = next else { break }
      // Each answer is on its way for so long that the time would be over by when it comes.
      told = asked.adding(seconds: 80)
      _ = try saga.handle(.answer(number: next.call.number, isAsked: true, .payment(nil)), at: told)
      if case .intended = saga.payment?.call?.state { break }
    }
    #expect(given.seconds(until: asked) >= patience.quietSeconds)
    // Of one that nobody waits for any more, it is not later than it could have been waited for.
    var crashed = try self.saga()
    _ = try crashed.handle(.pay(method: "card"), at: start)
    for _ in 0..<2 { try step(&crashed) }
    _ = try take(&crashed, at: start)
    let found = start.adding(seconds: 1000)
    _ = crashed.recover(at: found)
    guard case .unknown(let sent, _, _) = crashed.payment?.call?.state else {
      Issue.record("\(String(describing: crashed.payment?.call?.state))")
      return
    }
    #expect(sent == start.adding(seconds: patience.answerSeconds))
  }

  @Test("after a crash what was sent is unknown, and what was only intended is sent")
  func crash() throws {
    var saga = try saga(prices: [100, 100])
    _ = try saga.handle(.tick, at: start)
    for _ in 0..<2 { try step(&saga) }
    _ = saga.take(at: start)
    _ = saga.recover(at: start)
    let requests = [saga.take(at: start), saga.take(at: start)].compactMap { $0?.request }
    let isAsked = requests.map { if case .ask = $0 { true } else { false } }
    #expect(isAsked == [true, false] && saga.items.allSatisfy { $0.isWithSeller })
  }

  @Test("who gives back bears the fee; what the seller withdraws is paid back in full")
  func givingBack() throws {
    var mine = try ticketed()
    _ = try mine.handle(.cancel, at: start)
    while mine.phase != .refunded { try step(&mine) }
    #expect(mine.payment?.refunded == 80 && mine.items[0].kept == 20)
    var theirs = try ticketed()
    _ = try theirs.handle(.hint(.item(0)), at: start)
    let (look, _) = try take(&theirs, at: start)
    let standing = SaleStanding(
      theirs.items[0].reference, sellerName: "X", state: .cancelled(refund: Money(minorUnits: 80, .euro)),
      price: Money(minorUnits: 100, .euro), version: 9)
    _ = try theirs.handle(.answer(number: look.call.number, isAsked: false, .seller(standing)), at: start)
    #expect(theirs.phase == .refundNeeded && theirs.owed == 100)
  }

  @Test("while the customer is asked, the sellers' news are still looked at, and nothing stays due")
  func newsInQuestion() throws {
    var saga = try saga(.bestEffort, prices: [100, 100])
    _ = try saga.handle(.pay(method: "card"), at: start)
    for _ in 0..<3 { try step(&saga) }
    let (hold, _) = try take(&saga, at: start)
    #expect(hold.call.action == .hold && hold.call.target == .item(1))
    let sold = SagaAnswer.declined(.soldOut, words: "sold out")
    _ = try saga.handle(.answer(number: hold.call.number, isAsked: false, sold), at: start)
    #expect(saga.phase == .pending && saga.question?.subject == .without([1]))
    _ = try saga.handle(.hint(.item(0)), at: start)
    let (look, _) = try take(&saga, at: start)
    #expect(look.call.action == .look && look.call.target == .item(0))
    let held = SaleStanding(
      saga.items[0].reference, sellerName: "X", state: .held(until: start.adding(seconds: 3600)),
      price: Money(minorUnits: 100, .euro), version: 2)
    _ = try saga.handle(.answer(number: look.call.number, isAsked: false, .seller(held)), at: start)
    let wake = try #require(saga.wake)
    #expect(saga.question != nil && wake > start)
  }

  @Test("events that cannot be are refused with a reason and change nothing")
  func refused() throws {
    var saga = try saga()
    _ = try saga.handle(.pay(method: "card"), at: start)
    let before = saga
    #expect(throws: SagaFault.paymentUnderWay) { try saga.handle(.pay(method: "card"), at: start) }
    #expect(throws: SagaFault.notChangeable(.begun)) {
      try saga.handle(.change(item: 0, OfferKey(seller: "s", name: "x"), price: 1), at: start)
    }
    #expect(throws: SagaFault.noItem(7)) {
      try saga.handle(.change(item: 7, OfferKey(seller: "s", name: "x"), price: 1), at: start)
    }
    #expect(saga == before)
    #expect(throws: SagaFault.itemCount(0)) {
      try Saga("B", [], policy: .bestEffort, collector: "c", begun: start)
    }
  }

  @Test("no phase that is an end leads on but from tickets, and every phase can be reached")
  func phases() {
    let reached = BookingPhase.allCases.reduce(into: Set<BookingPhase>()) { $0.formUnion($1.following) }
    #expect(reached == Set(BookingPhase.allCases).subtracting([.begun]))
    for phase in BookingPhase.allCases { #expect(phase.isSettled == (phase.following.isEmpty || phase == .ticketed)) }
  }
}
