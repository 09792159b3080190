package import Kernel

/// Calls to the outside: written down, made, asked for, made again or given up.
extension Saga {
  /// The next request that is due, marked as sent, which is to be stored before it is sent; nil where none is.
  package mutating func take(at now: Instant) -> (request: SagaRequest, effects: [SagaEffect])? {
    for target in targets {
      guard var call = call(target) else { continue }
      switch call.state {
      case .intended(let due) where due <= now:
        call.state = .sent(now)
        set(call, target)
        return (.make(call), [.journal(call.line(.sent))])
      case .unknown(let sent, let due, false) where due <= now:
        call.state = .unknown(sent: sent, due: now, isAsking: true)
        call.asks += 1
        set(call, target)
        return (.ask(call), [.journal(call.line(.unknown))])
      default: continue
      }
    }
    return nil
  }

  /// After a crash: nobody waits for answers any more, so that what was sent is unknown.
  ///
  /// - Parameters:
  ///   - now: the time.
  ///   - limit: what was sent later is still waited for by somebody else; nil where nobody can be left who waits.
  /// - Returns: what is to be stored.
  package mutating func recover(at now: Instant, sentBefore limit: Instant? = nil) -> [SagaEffect] {
    for target in targets {
      guard var call = call(target) else { continue }
      if let limit, let asked = call.asked, asked > limit { continue }
      switch call.state {
      case .sent(let sent):
        call.state =
          call.action.isHarmless
          ? .intended(due: now) : .unknown(sent: latest(sent, now), due: now, isAsking: false)
        effects.append(.journal(call.line(call.action.isHarmless ? .intent : .unknown)))
      case .unknown(let sent, _, true): call.state = .unknown(sent: sent, due: now, isAsking: false)
      case .intended, .unknown: continue
      }
      set(call, target)
    }
    settle(now)
    defer { effects = [] }
    return effects
  }

  /// When something is due by itself; nil where nothing is until somebody does something.
  package var wake: Instant? {
    var moments: [Instant] = []
    for target in targets {
      switch call(target)?.state {
      case .intended(let due), .unknown(_, let due, false): moments.append(due)
      case nil:
        switch target {
        case .item(let index): if let look = items[index].look, looksAt(index) { moments.append(look) }
        case .payment: if let look = payment?.look, looksAtPayment { moments.append(look) }
        }
      case .sent, .unknown(_, _, true): break
      }
    }
    if phase == .begun || phase == .pending, !isTakingMoney { moments.append(deadline) }
    return moments.min()
  }

  /// When the first answer that somebody waits for should have come; nil where nobody waits for any.
  package var overdue: Instant? {
    targets.compactMap { call($0)?.asked?.adding(seconds: patience.answerSeconds) }.min()
  }

  private var targets: [SagaTarget] { items.indices.map { .item($0) } + (payment == nil ? [] : [.payment]) }

  /// The call that is under way with somebody.
  package func call(_ target: SagaTarget) -> SagaCall? {
    switch target {
    case .item(let index): items[index].call
    case .payment: payment?.call
    }
  }

  mutating func set(_ call: SagaCall?, _ target: SagaTarget) {
    switch target {
    case .item(let index): items[index].call = call
    case .payment: payment?.call = call
    }
  }

  /// Writes a call down, and first what would have to be undone.
  mutating func open(_ action: SagaAction, _ target: SagaTarget, due: Instant) {
    switch (action, target) {
    case (.hold, .item(let index)), (.book, .item(let index)): items[index].isWithSeller = true
    case (.authorise, _): payment?.isThere = true
    default: break
    }
    let call = SagaCall(number: counts.calls, target: target, action: action, state: .intended(due: due))
    counts.calls += 1
    set(call, target)
    effects.append(.journal(call.line(.intent)))
  }

  /// Ends a call.
  mutating func close(_ call: SagaCall, _ state: JournalLine.State, _ words: String? = nil) {
    set(nil, call.target)
    effects.append(.journal(call.line(state, words)))
  }

  /// Gives up a call that was never made, or of which is known that nothing came.
  mutating func drop(_ target: SagaTarget) -> Bool {
    guard let call = call(target), case .intended = call.state else { return false }
    close(call, .dropped)
    nothingCame(of: call)
    return true
  }

  func isHeld(_ index: Int) -> Bool { if case .held = items[index].stage { true } else { false } }

  /// Nothing of the call is with whom it went to.
  mutating func nothingCame(of call: SagaCall) {
    switch (call.action, call.target) {
    case (.hold, .item(let index)), (.book, .item(let index)): items[index].isWithSeller = isHeld(index)
    case (.authorise, _): payment?.isThere = false
    default: break
    }
  }

  // MARK: Answers

  mutating func take(_ answer: SagaAnswer, number: Int, isAsked: Bool, _ now: Instant) {
    let calls = items.compactMap(\.call) + [payment?.call].compactMap(\.self)
    guard let call = calls.first(where: { $0.number == number }) else { return }
    switch call.state {
    case .intended: return
    case .sent(let sent):
      if !isAsked { made(call, answer, sent: sent, now) }
    case .unknown(let sent, let began, let isAsking):
      if isAsked {
        if isAsking { asked(call, answer, sent: sent, began: began, now) }
      } else {
        // A worker that was believed dead has heard something after all.
        switch answer {
        case .notSent, .unknown: return
        case .offered, .seller, .payment, .declined: made(call, answer, sent: sent, now)
        }
      }
    }
  }

  /// The latest at which a call may have left that was written down as sent, and is not waited for any more.
  private func latest(_ sent: Instant, _ now: Instant) -> Instant {
    min(now, sent.adding(seconds: patience.answerSeconds))
  }

  private mutating func made(_ call: SagaCall, _ answer: SagaAnswer, sent: Instant, _ now: Instant) {
    switch answer {
    case .notSent(let words), .declined(.throttled, let words): again(call, now, words)
    case .unknown(let words):
      if call.action.isHarmless { return again(call, now, words) }
      var call = call
      call.state = .unknown(
        sent: latest(sent, now), due: now.adding(seconds: patience.pause(0)), isAsking: false)
      set(call, call.target)
      effects.append(.journal(call.line(.unknown, words)))
    case .declined(let refusal, let words):
      close(call, .declined, words)
      declined(call, refusal, now)
    case .offered, .seller, .payment: done(call, answer, now)
    }
  }

  private mutating func asked(
    _ call: SagaCall, _ answer: SagaAnswer, sent: Instant, began: Instant, _ now: Instant
  ) {
    switch finding(call, answer) {
    case .done: done(call, answer, now)
    // The answer may tell how it stood when the question began.
    case .notDone where sent.seconds(until: began) >= patience.quietSeconds: again(call, now, nil)
    case .notDone, .nothing:
      var call = call
      call.state = .unknown(
        sent: sent, due: now.adding(seconds: patience.pause(min(call.asks, 12))), isAsking: false)
      set(call, call.target)
    }
  }

  private enum Finding { case done, notDone, nothing }

  /// What the other side's standing says of a call of which nobody knew what became of it.
  private func finding(_ call: SagaCall, _ answer: SagaAnswer) -> Finding {
    switch answer {
    case .seller(let standing): return seller(call, standing)
    case .payment(let standing): return provider(call, standing)
    case .offered, .declined, .notSent, .unknown: return .nothing
    }
  }

  private func seller(_ call: SagaCall, _ standing: SaleStanding?) -> Finding {
    guard case .item(let index) = call.target else { return .nothing }
    guard let standing else { return call.action == .cancel ? .done : .notDone }
    switch (call.action, standing.state) {
    case (.cancel, .cancelled), (.cancel, .lapsed): return .done
    case (.cancel, _): return .notDone
    case (.book, .held): return .notDone
    case (.change, .cancelled): return .done
    // What came after the change shows its price too.
    case (.change(_, let price), _):
      return standing.version > items[index].version && standing.price.minorUnits == price ? .done : .notDone
    default: return .done
    }
  }

  private func provider(_ call: SagaCall, _ standing: PaymentStanding?) -> Finding {
    guard let standing else { return call.action == .void ? .done : .notDone }
    switch (call.action, standing.state) {
    case (.authorise, _): return .done
    case (.capture, .captured), (.capture, .voided), (.capture, .failed): return .done
    case (.void, .voided), (.void, .failed), (.void, .captured): return .done
    case (.refund(let units), _):
      return standing.refunded.minorUnits >= (payment?.refunded ?? 0) + units ? .done : .notDone
    default: return .notDone
    }
  }

  /// Makes a call again of which is known that nothing came, or gives it up.
  private mutating func again(_ call: SagaCall, _ now: Instant, _ words: String?) {
    var call = call
    call.attempts += 1
    call.asks = 0
    if call.attempts >= patience.attemptsMax, !call.action.isNeeded {
      close(call, .declined, words ?? "tried \(call.attempts) times")
      return declined(call, .other, now)
    }
    call.state = .intended(due: now.adding(seconds: patience.pause(call.attempts)))
    set(call, call.target)
    effects.append(.journal(call.line(.intent, words)))
  }
}

extension SagaAction {
  /// Whether there is no end without it.
  var isNeeded: Bool {
    switch self {
    case .cancel, .void, .refund, .look: true
    case .verify, .hold, .book, .change, .authorise, .capture: false
    }
  }
}

extension SagaCall {
  /// Since when somebody waits for an answer; nil where nobody does.
  var asked: Instant? {
    switch state {
    case .sent(let at), .unknown(_, let at, true): at
    case .intended, .unknown(_, _, false): nil
    }
  }

  func line(_ state: JournalLine.State, _ words: String? = nil) -> JournalLine {
    JournalLine(
      number: number, target: target, action: action, state: state, attempts: attempts, words: words)
  }
}
