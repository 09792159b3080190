package import Kernel

/// The way from a selection to tickets, or back to where no money is taken.
///
/// A value: events go in, what is to be stored comes out, and what is to be asked of the outside is in it. Whoever runs it
/// stores it with the effects in one transaction before anything is sent (``take(at:)`` marks what is sent, and is stored
/// too), so that after a crash at any point the stored value knows what may have happened: a call that was only intended
/// was not made, and one that was sent is unknown until the other side says how it stands under our own reference.
///
/// What to do next follows from how everything stands, never from what came last; webhooks are hints to ask again. So events
/// may come twice, late, or in another order. Compensation is known before the call that may need it (``SagaItem/isWithSeller``).
package struct Saga: Hashable, Sendable {
  /// Items of a booking, at most.
  package static let itemsMax = 20

  /// Its name in the ledger and in payments' references.
  package let booking: String
  package let currency: Currency
  package let policy: BookingPolicy
  /// Who collects the money.
  package let collector: String
  package let begun: Instant
  package let patience: SagaPatience
  /// What makes its items a package; nil where each is sold by itself.
  package internal(set) var package: SagaPackage?

  package internal(set) var phase = BookingPhase.begun
  package internal(set) var items: [SagaItem]
  package internal(set) var payment: SagaPayment?
  package internal(set) var question: BookingQuestion?
  /// Why all of it is to be undone, where it is.
  package internal(set) var undoing: Undoing?
  package internal(set) var counts = Counts()
  /// What the event under way leads to; empty between events.
  var effects: [SagaEffect] = []

  /// A booking that is about to begin.
  package init(
    _ booking: String, _ items: [(item: SagaItem, currency: Currency)], policy: BookingPolicy, collector: String,
    begun: Instant, package: SagaPackage? = nil, patience: SagaPatience = SagaPatience()
  ) throws(SagaFault) {
    guard let first = items.first, items.count <= Saga.itemsMax else { throw .itemCount(items.count) }
    for (index, (item, currency)) in items.enumerated() {
      guard currency == first.currency else { throw .currencies(first.currency, currency) }
      guard (item.part != nil) == (package != nil) else { throw .part(item: index) }
      guard item.price > 0 || package != nil, item.price < 1 << 48 else { throw .price(item: index) }
    }
    if let package {
      guard package.price > 0, package.price < 1 << 48 else { throw .packagePrice }
      guard policy == .allOrNothing else { throw .packagePolicy }
    }
    self.booking = booking
    self.currency = first.currency
    self.items = items.map(\.item)
    self.policy = policy
    self.collector = collector
    self.begun = begun
    self.patience = patience
    self.package = package
  }

  /// A booking as it was stored.
  ///
  /// - Parameters:
  ///   - kept: as it began.
  ///   - standing: how it stood.
  package init(_ kept: Saga, as standing: Standing) {
    self = kept
    phase = standing.phase
    payment = standing.payment
    question = standing.question
    undoing = standing.undoing
    counts = standing.counts
  }

  /// What was given out so far.
  package struct Counts: Hashable, Sendable {
    package var questions = 0
    package var calls = 0
    package var entries = 0

    package init() {}
  }

  /// How a stored booking stands, beside its items.
  package struct Standing {
    package let phase: BookingPhase
    package let payment: SagaPayment?
    package let question: BookingQuestion?
    package let undoing: Undoing?
    package let counts: Counts

    package init(
      _ phase: BookingPhase, payment: SagaPayment?, question: BookingQuestion?, undoing: Undoing?, counts: Counts
    ) {
      self.phase = phase
      self.payment = payment
      self.question = question
      self.undoing = undoing
      self.counts = counts
    }
  }

  // MARK: Events

  /// Takes an event in; what follows is to be stored together with the new value.
  ///
  /// - Throws: `SagaFault` for what cannot be, with nothing changed.
  package mutating func handle(_ event: SagaEvent, at now: Instant) throws(SagaFault) -> [SagaEffect] {
    switch event {
    case .answer(let number, let isAsked, let answer): take(answer, number: number, isAsked: isAsked, now)
    case .hint(let target): hint(target, now)
    case .pay(let method): try pay(method)
    case .consent(let number, let isYes): try consent(number, isYes)
    case .cancel: try cancel()
    case .change(let item, let offer, let price): try change(item, offer, price)
    case .tick: break
    }
    settle(now)
    defer { effects = [] }
    return effects
  }

  private mutating func pay(_ method: String?) throws(SagaFault) {
    guard phase == .begun || phase == .pending, undoing == nil else { throw .notPayable(phase) }
    if let payment {
      guard payment.call == nil, payment.stage == .failed || payment.stage == .voided else { throw .paymentUnderWay }
    }
    payment = SagaPayment(number: (payment?.number ?? 0) + 1, amount: 0, method: method)
  }

  private mutating func consent(_ number: Int, _ isYes: Bool) throws(SagaFault) {
    guard let asked = question, asked.number == number else { throw .noQuestion(number) }
    if case .sellerChange(let index, _) = asked.subject {
      guard phase == .ticketed, items[index].call == nil, items[index].undoing == nil else {
        throw .notChangeable(phase)
      }
    }
    question = nil
    switch (asked.subject, isYes) {
    case (.price, true): takeAsked()
    case (.without(let refused), true):
      for index in refused {
        items[index].undoing = items[index].undoing ?? .refusal
        items[index].isMissed = false
      }
    case (.without, false) where package != nil: giveUpPackage()
    case (.price, false), (.without, false): undoing = .refusal
    case (.sellerChange(let index, let offer), true):
      go(.changing)
      items[index].isForced = true
      open(.change(offer, price: items[index].cost), .item(index), due: begun)
    // Who does not want a part as it is to be now need not keep the rest either.
    case (.sellerChange, false) where package != nil: giveUpPackage()
    case (.sellerChange(let index, _), false): items[index].undoing = .seller
    }
  }

  private mutating func cancel() throws(SagaFault) {
    switch phase {
    case .begun, .pending, .paid, .ticketing: undoing = .customer
    case .ticketed, .changing, .refundNeeded:
      // Who has less than the package that they bought calls it off for nothing.
      if items.contains(where: \.isMissed) { giveUpPackage() }
      for index in items.indices where items[index].isBought && items[index].undoing == nil {
        items[index].undoing = .customer
      }
      question = nil
    case .releasing: break
    case .refunded, .lapsed, .cancelled: throw .over(phase)
    }
  }

  private mutating func change(_ index: Int, _ offer: OfferKey, _ price: Int64) throws(SagaFault) {
    guard items.indices.contains(index) else { throw .noItem(index) }
    guard price > 0 else { throw .price(item: index) }
    guard package == nil else { throw .inPackage(item: index) }
    let item = items[index]
    guard phase == .ticketed, question == nil, item.hasPapers, item.call == nil, item.undoing == nil else {
      throw .notChangeable(phase)
    }
    // Money that is missing is collected before anything is bought; that takes a booking of its own.
    guard price <= item.price else { throw .dearer(by: price - item.price) }
    go(.changing)
    items[index].isForced = false
    open(.change(offer, price: price), .item(index), due: begun)
  }

  private mutating func hint(_ target: SagaTarget, _ now: Instant) {
    switch target {
    case .item(let index):
      guard items.indices.contains(index) else { return }
      if items[index].call?.hurry(now) != true { items[index].look = now }
    case .payment:
      if payment?.call?.hurry(now) != true { payment?.look = now }
    }
  }

  // MARK: Money

  /// What the customer has agreed to pay for what is still wanted.
  package var total: Int64 {
    // What its parts come to is not known before they were verified; what was agreed for all of them is.
    if let package, phase == .begun, undoing == nil { return package.price }
    return items.reduce(0) { $0 + ($1.isOut || $1.undoing != nil ? 0 : $1.price) }
  }

  /// What was taken and is not, or no more, for anything that is bought or about to be.
  package var owed: Int64 {
    guard let payment, payment.stage == .captured else { return 0 }
    let spent = items.reduce(Int64(0)) { sum, item in
      switch item.stage {
      case .wished, .verified, .held: sum + (item.undoing == nil ? item.price : 0)
      case .bought: sum + item.price
      case .refused, .returned: sum + item.kept
      case .stranded: sum
      }
    }
    return payment.amount - payment.refunded - spent
  }

  /// What the newest payment is called.
  package var paymentReference: String { "\(booking)-P\(payment?.number ?? 1)" }

  /// Whether somebody should look at it: it goes on trying, or what it bought is left with us.
  package var needsAttention: Bool {
    let calls = items.compactMap(\.call) + [payment?.call].compactMap(\.self)
    return calls.contains { $0.attempts >= 8 || $0.asks >= 8 } || items.contains { $0.stage == .stranded }
  }
}

extension SagaCall {
  /// Has what is unknown asked for at once.
  mutating func hurry(_ now: Instant) -> Bool {
    guard case .unknown(let sent, _, let isAsking) = state else { return false }
    if !isAsking { state = .unknown(sent: sent, due: now, isAsking: false) }
    return true
  }
}
