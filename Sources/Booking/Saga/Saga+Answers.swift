import Kernel

/// What answers change.
extension Saga {
  mutating func done(_ call: SagaCall, _ answer: SagaAnswer, _ now: Instant) {
    close(call, .ok)
    switch (call.target, answer) {
    case (.item(let index), .offered(let price, let expires)):
      guard items[index].stage == .wished else { return }
      items[index].stage = .verified(until: expires)
      asks(index, price)
    case (.item(let index), .seller(let standing?)):
      if case .change(let offer, let price) = call.action { changed(index, offer, price, standing, now) }
      heed(standing, index, now)
      if call.action == .look, items[index].look == nil, needsPapers(index) {
        items[index].look = now.adding(seconds: 60)
      }
    case (.item(let index), .seller(nil)): unknownThere(index)
    case (.payment, .payment(let standing?)): heed(standing, now)
    case (.payment, .payment(nil)):
      // What was never there needs no letting go.
      if call.action == .void { ended(.voided) }
    default: break
    }
  }

  private func needsPapers(_ index: Int) -> Bool { items[index].isBought && !items[index].hasPapers }

  /// The seller has nothing of it, or nothing any more.
  private mutating func unknownThere(_ index: Int) {
    switch items[index].stage {
    case .wished, .verified, .held:
      items[index].stage = items[index].undoing == nil && undoing == nil ? .refused(.expired) : .returned
    case .bought: return lost(index, refund: 0)
    case .refused, .returned, .stranded: break
    }
    items[index].isWithSeller = false
  }

  // MARK: Sellers

  /// Takes over what a seller says of an item; what is older than what was heeded says nothing.
  mutating func heed(_ standing: SaleStanding, _ index: Int, _ now: Instant) {
    guard standing.version >= items[index].version else { return }
    items[index].version = standing.version
    items[index].proposal = nil
    switch (standing.state, items[index].stage) {
    case (.held(let until), .wished), (.held(let until), .verified):
      items[index].stage = .held(until: until)
      asks(index, standing.price.minorUnits)
    case (.booked, .wished), (.booked, .verified), (.booked, .held): bought(index, papers: [], now)
    case (.ticketed(let papers), .wished), (.ticketed(let papers), .verified), (.ticketed(let papers), .held):
      bought(index, papers: papers, now)
    case (.ticketed(let papers), .bought): items[index].stage = .bought(papers: papers)
    case (.cancelled(let refund), .bought): lost(index, refund: refund.minorUnits)
    case (.cancelled(let refund), .stranded): takenBack(index, refund: refund.minorUnits)
    case (.cancelled, _), (.lapsed, _):
      if !items[index].isBought { unknownThere(index) }
    case (.changedBySeller(let offer), .wished), (.changedBySeller(let offer), .verified),
      (.changedBySeller(let offer), .held), (.changedBySeller(let offer), .bought):
      // Only what has its papers is changed; the seller's name of the order stands for those that were not seen.
      if !items[index].isBought { bought(index, papers: [standing.sellerName], now) }
      if !items[index].hasPapers { items[index].stage = .bought(papers: [standing.sellerName]) }
      items[index].proposal = offer.key
    default: break
    }
    // What the seller does not want any more is not asked any more.
    if items[index].proposal == nil, case .sellerChange(index, _) = question?.subject { question = nil }
  }

  private mutating func bought(_ index: Int, papers: [String], _ now: Instant) {
    let item = items[index]
    items[index].stage = .bought(papers: papers)
    items[index].isWithSeller = true
    if papers.isEmpty { items[index].look = now.adding(seconds: 30) }
    enter(
      [
        (.customer(booking), item.price), (.discount, item.cost - item.price), (.seller(item.offer.seller), -item.cost),
      ], "\(item.reference) is bought")
  }

  /// What was bought is with the seller no more, and so much comes back from there.
  private mutating func lost(_ index: Int, refund: Int64) {
    let item = items[index]
    let back = min(max(refund, 0), item.cost)
    let fee = item.cost - back
    // Who gives something back bears the terms, of what they paid for it; whatever else happened is not the customer's fault.
    let isMine = item.undoing == .customer
    let (kept, loss) = isMine ? (min(fee, item.price), 0) : (0, fee)
    items[index].stage = .returned
    items[index].isWithSeller = false
    items[index].kept = kept
    items[index].isMissed = package != nil && !isMine
    enter(
      [
        (.seller(item.offer.seller), back), (.loss, loss), (.customer(booking), kept - item.price),
        // What was given away with it is given away no more, but for what a fee is higher than the share.
        (.discount, item.price - kept - back - loss),
      ], "\(item.reference) is given back")
  }

  /// What was left with us is taken back after all.
  private mutating func takenBack(_ index: Int, refund: Int64) {
    let item = items[index]
    items[index].stage = .returned
    let back = min(max(refund, 0), item.cost)
    enter([(.seller(item.offer.seller), back), (.loss, -back)], "\(item.reference) is given back after all")
  }

  private mutating func changed(
    _ index: Int, _ offer: OfferKey, _ price: Int64, _ standing: SaleStanding, _ now: Instant
  ) {
    guard standing.version >= items[index].version else { return }
    // Withdrawn since, it tells by its price whether it was changed before.
    if case .cancelled = standing.state, standing.price.minorUnits != price { return }
    let share = share(index, of: price)
    let (saved, back) = (items[index].cost - price, items[index].price - share)
    items[index].offer = offer
    items[index].cost = price
    items[index].price = share
    enter(
      [(.seller(offer.seller), saved), (.customer(booking), -back), (.discount, back - saved)],
      "\(items[index].reference) is changed")
  }

  mutating func declined(_ call: SagaCall, _ refusal: SellerFault.Refusal, _ now: Instant) {
    switch call.target {
    case .item(let index): declined(call, refusal, index, now)
    case .payment: paymentDeclined(call, now)
    }
  }

  private mutating func declined(
    _ call: SagaCall, _ refusal: SellerFault.Refusal, _ index: Int, _ now: Instant
  ) {
    switch call.action {
    case .verify: items[index].stage = .refused(refusal)
    case .hold:
      nothingCame(of: call)
      switch refusal {
      case .notAllowed: items[index].canHold = false
      // Asked anew, with the price that it has now.
      case .priceChanged: items[index].stage = .wished
      default: items[index].stage = .refused(refusal)
      }
    case .book:
      nothingCame(of: call)
      items[index].stage = .refused(refusal)
    case .cancel: notTakenBack(index)
    case .change: if items[index].isForced { items[index].undoing = items[index].undoing ?? .seller }
    case .look: items[index].look = now.adding(seconds: patience.pause(8))
    case .authorise, .capture, .void, .refund: break
    }
  }

  private mutating func notTakenBack(_ index: Int) {
    guard items[index].isBought else {
      // A reservation that cannot be given back runs out by itself.
      items[index].isWithSeller = false
      if !items[index].isOut { items[index].stage = .returned }
      return
    }
    if items[index].undoing == .customer {
      items[index].undoing = nil
      return
    }
    items[index].stage = .stranded
    items[index].isWithSeller = false
    items[index].isMissed = package != nil
    let item = items[index]
    enter(
      [(.loss, item.cost), (.customer(booking), -item.price), (.discount, item.price - item.cost)],
      "\(item.reference) is left with us")
  }

  // MARK: Money

  /// Takes over what the provider says of the payment; it never goes back.
  mutating func heed(_ standing: PaymentStanding, _ now: Instant) {
    guard standing.reference == paymentReference, let known = payment?.stage else { return }
    switch (standing.state, known) {
    case (.pending, .none), (.pending, .pending):
      payment?.stage = .pending
      guard payment?.isLeft == false else { return }
      let looks = payment?.looks ?? 0
      payment?.looks += 1
      payment?.look = now.adding(seconds: min(300, 5 << Int64(min(looks, 7))))
    case (.authorised, .none), (.authorised, .pending):
      payment?.stage = .authorised
      reserve()
    case (.captured, .none), (.captured, .pending), (.captured, .authorised):
      reserve()
      payment?.stage = .captured
      payment?.isReserved = false
      settleReserve(.posting(reserveEntry), "is taken")
    case (.voided, _) where known != .captured: ended(.voided)
    case (.failed, _) where known != .captured: ended(.failed)
    default: break
    }
    let back = standing.refunded.minorUnits - (payment?.refunded ?? 0)
    if back > 0, payment?.stage == .captured {
      payment?.refunded += back
      enter([(.customer(booking), back), (.card(collector), -back)], "\(paymentReference) is paid back")
    }
  }

  private mutating func ended(_ stage: SagaPayment.Stage) {
    guard payment?.stage != .captured else { return }
    payment?.stage = stage
    payment?.isThere = false
    guard payment?.isReserved == true else { return }
    payment?.isReserved = false
    settleReserve(.voiding(reserveEntry), "is let go")
  }

  private mutating func paymentDeclined(_ call: SagaCall, _ now: Instant) {
    switch call.action {
    case .authorise:
      payment?.isThere = false
      payment?.stage = .failed
    // It cannot be taken: it is let go, and the customer may pay otherwise.
    case .capture: leave()
    // Perhaps it is gone already; perhaps it was taken.
    case .void, .look: payment?.look = now.adding(seconds: patience.pause(5))
    case .refund: payment?.look = now.adding(seconds: patience.pause(9))
    case .verify, .hold, .book, .cancel, .change: break
    }
  }

  private var reserveEntry: String { "\(paymentReference)/reserved" }

  private mutating func reserve() {
    guard let payment, !payment.isReserved else { return }
    self.payment?.isReserved = true
    effects.append(
      .ledger(
        LedgerEntry(
          reserveEntry, .pending, debit: .card(collector), credit: .customer(booking), minorUnits: payment.amount,
          currency, memo: "\(paymentReference) is reserved")))
  }

  private mutating func settleReserve(_ kind: LedgerEntry.Kind, _ memo: String) {
    effects.append(
      .ledger(LedgerEntry("\(paymentReference)/settled", kind, memo: "\(paymentReference) \(memo)")))
  }

  private mutating func enter(_ lines: [(LedgerAccount, Int64)], _ memo: String) {
    let lines = lines.filter { $0.1 != 0 }.map { LedgerLine($0.0, Money(minorUnits: $0.1, currency)) }
    if lines.isEmpty { return }
    counts.entries += 1
    effects.append(.ledger(LedgerEntry("\(booking)/\(counts.entries)", .posted, lines, memo: memo)))
  }
}
