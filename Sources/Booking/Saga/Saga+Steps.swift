import Kernel

/// What is to be done, as everything stands.
extension Saga {
  /// Goes on as far as it goes by itself.
  mutating func settle(_ now: Instant) {
    // Every step opens or drops a call, asks, or goes on to the next phase, of which there are few.
    for _ in 0..<(64 + 8 * items.count) where !step(now) { return }
  }

  /// - Returns: whether anything was done.
  private mutating func step(_ now: Instant) -> Bool {
    switch phase {
    case .begun: prepare(now)
    case .pending: collect(now)
    case .paid: go(.ticketing)
    case .ticketing: buy(now)
    case .ticketed: watch(now)
    case .changing: change(now)
    case .refundNeeded: giveBack(now)
    case .releasing: release(now)
    case .refunded, .lapsed, .cancelled: look(now)
    }
  }

  @discardableResult
  mutating func go(_ next: BookingPhase) -> Bool {
    precondition(phase.following.contains(next), "a booking cannot go from \(phase) to \(next)")
    phase = next
    effects.append(.entered(next))
    return true
  }

  mutating func ask(_ subject: BookingQuestion.Subject) {
    counts.questions += 1
    let asked = BookingQuestion(number: counts.questions, subject: subject)
    question = asked
    effects.append(.asked(asked))
  }

  func wants(_ index: Int) -> Bool { items[index].undoing == nil && !items[index].isOut }
  var hasItemCalls: Bool { items.contains { $0.call != nil } }

  // MARK: Before the money

  /// Until when the money has to be taken.
  var deadline: Instant {
    let pay = begun.adding(seconds: patience.paySeconds)
    let ends = items.indices.lazy.filter { wants($0) }.compactMap { items[$0].until }
    return min(pay, ends.min().map { $0.adding(seconds: -patience.marginSeconds) } ?? pay)
  }

  /// Whether money may be on its way, so that nothing can be let go before it is known.
  var isTakingMoney: Bool {
    guard let call = payment?.call, call.action == .capture else { return payment?.stage == .captured }
    if case .intended = call.state { return false }
    return true
  }

  private mutating func isGivenUp(_ now: Instant) -> Bool {
    if isTakingMoney { return false }
    if undoing == nil, now >= deadline { undoing = .lapse }
    guard undoing != nil else { return false }
    question = nil
    for index in items.indices { _ = drop(.item(index)) }
    _ = drop(.payment)
    leave()
    return go(.releasing)
  }

  /// The payment is to be let go.
  mutating func leave() {
    payment?.isLeft = true
    payment?.look = nil
  }

  private mutating func prepare(_ now: Instant) -> Bool {
    if isGivenUp(now) { return true }
    if verify(now) || takeWhole() { return true }
    return isAgreed() && go(.pending)
  }

  private mutating func verify(_ now: Instant) -> Bool {
    for index in items.indices where wants(index) && items[index].stage == .wished && items[index].call == nil {
      open(.verify, .item(index), due: now)
      return true
    }
    return false
  }

  /// Whether all that is wanted can be had at prices that the customer has agreed to; asks where not.
  private mutating func isAgreed() -> Bool {
    if question != nil || hasItemCalls { return false }
    let refused = items.indices.filter { items[$0].undoing == nil && items[$0].isOut }
    if !refused.isEmpty {
      let rest = items.indices.contains { wants($0) }
      if policy == .bestEffort, rest { ask(.without(refused)) } else { undoing = .refusal }
      return false
    }
    guard items.indices.contains(where: { wants($0) }) else {
      undoing = .refusal
      return false
    }
    if items.indices.contains(where: { wants($0) && items[$0].asked != nil }) {
      ask(.price(now: priceNow))
      return false
    }
    return true
  }

  private mutating func collect(_ now: Instant) -> Bool {
    if payment?.stage == .captured { return go(.paid) }
    if isGivenUp(now) { return true }
    if question == nil, verify(now) || takeWhole() || hold(now) { return true }
    if look(now) { return true }
    let isReady = isAgreed()
    if undoing != nil { return true }
    return pay(isReady: isReady, now)
  }

  private mutating func hold(_ now: Instant) -> Bool {
    for index in items.indices where wants(index) && items[index].canHold && items[index].call == nil {
      guard case .verified = items[index].stage, items[index].asked == nil else { continue }
      open(.hold, .item(index), due: now)
      return true
    }
    return false
  }

  private mutating func pay(isReady: Bool, _ now: Instant) -> Bool {
    guard let payment, payment.call == nil else { return false }
    if payment.isThere, payment.stage != .none, payment.amount != total, !payment.isLeft {
      leave()
      return true
    }
    switch payment.stage {
    case .failed, .voided, .captured: return false
    case .pending, .authorised, .none:
      if lookAtPayment(now) { return true }
      if payment.isLeft {
        guard payment.look == nil else { return false }
        open(.void, .payment, due: now)
        return true
      }
      guard isReady else { return false }
      if payment.stage == .none, !payment.isThere {
        let amount = total
        self.payment?.amount = amount
        open(.authorise, .payment, due: now)
        return true
      }
      guard payment.stage == .authorised else { return false }
      open(.capture, .payment, due: now)
      return true
    }
  }

  private mutating func release(_ now: Instant) -> Bool {
    for index in items.indices where items[index].call == nil {
      if items[index].isWithSeller {
        open(.cancel, .item(index), due: now)
        return true
      }
      if !items[index].isOut { items[index].stage = .returned }
    }
    if let payment, payment.call == nil, payment.isThere {
      if lookAtPayment(now) { return true }
      if payment.stage == .captured {
        guard owed > 0 else { return finishReleasing() }
        return refund(now)
      }
      guard payment.look == nil else { return false }
      open(.void, .payment, due: now)
      return true
    }
    return finishReleasing()
  }

  private mutating func finishReleasing() -> Bool {
    if hasItemCalls || payment?.call != nil { return false }
    return go(undoing == .lapse ? .lapsed : .cancelled)
  }

  // MARK: After the money

  private mutating func buy(_ now: Instant) -> Bool {
    let hasRefused = items.contains { $0.isOut && $0.undoing == nil }
    if undoing == nil, policy == .allOrNothing, hasRefused { undoing = .policy }
    if let undoing {
      for index in items.indices {
        // A purchase that was not begun is not begun any more.
        _ = dropPurchase(index)
        if wants(index) { items[index].undoing = undoing }
      }
    }
    for index in items.indices where wants(index) && items[index].call == nil && !items[index].isBought {
      guard items[index].stage != .stranded else { continue }
      open(.book, .item(index), due: now)
      return true
    }
    if look(now) { return true }
    let isOver = items.indices.allSatisfy { items[$0].call == nil && (!wants($0) || items[$0].hasPapers) }
    guard isOver else { return false }
    return go(owed > 0 || items.contains { $0.undoing != nil && $0.isWithSeller } ? .refundNeeded : .ticketed)
  }

  private mutating func dropPurchase(_ index: Int) -> Bool {
    items[index].call?.action == .book && drop(.item(index))
  }

  private mutating func watch(_ now: Instant) -> Bool {
    if look(now) || lookAtPayment(now) { return true }
    let isUndone = items.contains { $0.undoing != nil && $0.isWithSeller }
    if isUndone || owed > 0 { return go(.refundNeeded) }
    guard question == nil else { return false }
    let missed = items.indices.filter { items[$0].isMissed }
    if !missed.isEmpty {
      ask(.without(missed))
      return true
    }
    for index in items.indices where items[index].isBought {
      guard let proposal = items[index].proposal else { continue }
      ask(.sellerChange(item: index, proposal))
      return true
    }
    return false
  }

  private mutating func change(_ now: Instant) -> Bool {
    if items.contains(where: { if case .change = $0.call?.action { true } else { false } }) { return false }
    let isUndone = items.contains { $0.undoing != nil && $0.isWithSeller }
    return go(isUndone || owed > 0 ? .refundNeeded : .ticketed)
  }

  private mutating func giveBack(_ now: Instant) -> Bool {
    for index in items.indices where items[index].undoing != nil && items[index].isWithSeller {
      if items[index].call == nil {
        open(.cancel, .item(index), due: now)
        return true
      }
    }
    if look(now) || lookAtPayment(now) { return true }
    if hasItemCalls { return false }
    guard let payment, payment.call == nil else { return false }
    if owed > 0 { return refund(now) }
    if items.contains(where: { $0.undoing == nil && $0.isBought && !$0.hasPapers }) { return false }
    if items.contains(where: { $0.isBought }) { return go(.ticketed) }
    question = nil
    return go(payment.refunded > 0 ? .refunded : .cancelled)
  }

  private mutating func refund(_ now: Instant) -> Bool {
    guard payment?.look == nil else { return false }
    payment?.refunds += 1
    open(.refund(owed), .payment, due: now)
    return true
  }

  // MARK: Looking

  /// Whether it is asked how the item stands, once that is due.
  func looksAt(_ index: Int) -> Bool {
    switch phase {
    case .pending: items[index].isWithSeller
    case .ticketing, .ticketed, .refundNeeded, .refunded, .cancelled:
      items[index].isWithSeller || items[index].stage == .stranded
    case .begun, .paid, .changing, .releasing, .lapsed: false
    }
  }

  var looksAtPayment: Bool {
    guard payment?.isThere == true else { return false }
    return switch phase {
    case .pending, .ticketed, .refundNeeded, .releasing: true
    case .begun, .paid, .ticketing, .changing, .refunded, .lapsed, .cancelled: false
    }
  }

  private mutating func look(_ now: Instant) -> Bool {
    for index in items.indices where items[index].call == nil && looksAt(index) {
      guard let due = items[index].look, due <= now else { continue }
      items[index].look = nil
      open(.look, .item(index), due: now)
      return true
    }
    return false
  }

  private mutating func lookAtPayment(_ now: Instant) -> Bool {
    guard looksAtPayment, payment?.call == nil, let due = payment?.look, due <= now else { return false }
    payment?.look = nil
    open(.look, .payment, due: now)
    return true
  }
}
