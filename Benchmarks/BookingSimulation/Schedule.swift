import Booking
import Kernel

/// One world from its beginning to its end.
struct Schedule {
  indirect enum Happening {
    case event(SagaEvent)
    case timer
    case acts(SagaRequest, life: Int, isHeard: Bool)
    /// A request that has waited here for a connection leaves, to be acted on so much later.
    case leaves(SagaRequest, life: Int, rest: Int64)
    case answer(SagaRequest, SagaAnswer, life: Int)
    case restart
    case sellerMoves(Int)
    case bankMoves
    case priceMoves
  }

  static let begin = Instant(secondsSinceEpoch: 1_800_000_000)
  /// After these seconds nothing fails any more, so that everything has to end.
  static let stormSeconds: Int64 = 4 * 3600
  static let happeningsMax = 4000

  let seed: UInt64
  let keepsTrace: Bool
  var random: SeededRandom
  var agenda = Agenda<Happening>()
  var now = Schedule.begin
  var seller = SellerModel(name: "sim")
  var collector = CollectorModel()
  /// What is in the database: all that a crash leaves.
  var saga: Saga
  var ledger = Ledger()
  /// Grows with every start of ours.
  var life = 0
  var isUp = true
  var timer: Instant?
  var faultPercent: Int
  var trace: [String] = []
  var broken: String?
  /// What the customer has agreed to pay at most.
  var agreed: Int64
  /// Holds that the seller did not take back when asked, which run out by themselves.
  var leftHolds: Set<BookingReference> = []

  init(seed: UInt64, keepsTrace: Bool = false) throws(SagaFault) {
    self.seed = seed
    self.keepsTrace = keepsTrace
    var random = SeededRandom(seed: seed)
    faultPercent = [0, 3, 10, 25, 50].randomElement(using: &random) ?? 20
    let percents: [Int64?] = [0, 20, 100, nil]
    var items: [(SagaItem, Currency)] = []
    // A third of the worlds sell a package, by a rule of their own.
    let rule =
      Int.random(in: 0..<3, using: &random) == 0
      ? PackageRule(discountPercent: Int.random(in: 0...50, using: &random)) : nil
    let kinds: [OfferKind] = [.lodging, .flight, .lodging]
    var sum: Int64 = 0
    let fee = percents.randomElement(using: &random) ?? 0
    for number in 0..<Int.random(in: 1...3, using: &random) {
      let price = Int64.random(in: 1...90_000, using: &random)
      let reference = BookingReference(using: &random)
      let key = seller.key("o\(number)")
      let item =
        rule == nil
        ? SagaItem(reference, offer: key, price: price) : SagaItem(reference, offer: key, part: kinds[number])
      items.append((item, .euro))
      sum += rule?.share(of: price, kinds[number]) ?? price
      seller.shelves["o\(number)"] = SellerModel.Shelf(
        price: price, left: Int.random(in: 0..<12, using: &random), holds: Int.random(in: 0..<4, using: &random) > 0,
        feePercent: fee)
    }
    var patience = SagaPatience()
    patience.paySeconds = Int64.random(in: 900...7200, using: &random)
    // What was shown may have been too little or too much by now.
    if rule != nil { sum = max(1, sum + Int64.random(in: -sum / 20...sum / 10, using: &random)) }
    agreed = sum
    saga = try Saga(
      "B\(seed)", items.map { (item: $0.0, currency: $0.1) },
      policy: Bool.random(using: &random) || rule != nil ? .allOrNothing : .bestEffort,
      collector: "sim", begun: Schedule.begin, package: rule.map { SagaPackage($0, price: sum) }, patience: patience)
    self.random = random
  }

  mutating func run() {
    plan()
    restart()
    var count = 0
    while broken == nil, let (at, what) = agenda.next() {
      now = Instant(secondsSinceEpoch: at)
      count += 1
      if count > Schedule.happeningsMax { return fail("it does not end") }
      happen(what)
    }
    if broken == nil { judge() }
  }

  private mutating func plan() {
    for _ in 0..<chance([1, 1, 1, 2, 3]) where chance([0, 1, 1, 1, 1, 1]) > 0 {
      later(.event(.pay(method: "card")), within: 1000)
    }
    if chance([0, 0, 0, 0, 0, 1]) > 0 { later(.event(.cancel), within: 3000) }
    if chance([0, 0, 1]) > 0 { later(.priceMoves, within: 300) }
    for _ in 0..<chance([0, 1, 4]) { later(.event(.hint(.payment)), within: 8000) }
  }

  private mutating func happen(_ what: Happening) {
    switch what {
    case .event(let event): deliver(event)
    case .timer:
      if timer == now {
        timer = nil
        deliver(.tick)
      }
    case .acts(let request, let life, let isHeard): act(request, life, isHeard)
    case .leaves(let request, let life, let rest):
      // What waited in a process that has ended never leaves.
      guard isUp, life == self.life else { return }
      agenda.add(.acts(request, life: life, isHeard: false), at: now.secondsSinceEpoch + rest)
    case .answer(let request, let answer, let life):
      // A process that is gone hears nothing; now and then one that was only believed gone does.
      guard life == self.life || Int.random(in: 0..<4, using: &random) == 0 else { return }
      let isAsked = if case .ask = request { true } else { false }
      deliver(.answer(number: request.call.number, isAsked: isAsked, answer))
    case .restart: restart()
    case .sellerMoves(let index):
      guard seller.move(saga.items[index], now, &random) else { return }
      let standing = seller.standing(saga.items[index].reference)
      note("the seller moves item \(index): \(standing?.state as Any)")
      webhooks(.item(index))
    case .bankMoves:
      if let reference = collector.move(&random) {
        let standing = collector.standing(reference)
        note("the bank moves \(reference): \(standing?.state as Any)")
        webhooks(.payment)
      }
    case .priceMoves:
      for name in seller.shelves.keys.sorted() where Bool.random(using: &random) {
        let price = seller.shelves[name]?.price ?? 1
        seller.shelves[name]?.price = max(1, price + Int64.random(in: -price / 4...price / 4, using: &random))
      }
    }
  }

  // MARK: Us

  /// A worker or a route takes an event in.
  private mutating func deliver(_ event: SagaEvent) {
    guard isUp, !crashes() else { return again(event) }
    var working = saga
    let effects: [SagaEffect]
    do {
      effects = try working.handle(event, at: now)
    } catch {
      return note("\(event): refused, \(error)")
    }
    note("\(event)")
    // Nothing is kept of what was not committed.
    if crashes() { return again(event) }
    if case .consent(_, true) = event, case .price(let now) = saga.question?.subject { agreed = max(agreed, now) }
    commit(working, effects)
    if crashes() { return }
    pump()
  }

  /// Webhooks that were not answered come again, and so do customers.
  private mutating func again(_ event: SagaEvent) {
    switch event {
    case .hint, .pay, .cancel, .consent, .change: later(.event(event), within: 400)
    case .answer, .tick: break
    }
  }

  private mutating func commit(_ working: Saga, _ effects: [SagaEffect]) {
    saga = working
    for effect in effects {
      note("   \(effect)")
      switch effect {
      case .ledger(let entry):
        do {
          if try ledger.write(entry) == .known { fail("an entry was written twice: \(entry.id)") }
        } catch {
          fail("\(error)")
        }
      case .asked(let question):
        if chance([0, 1, 1, 1, 1, 1]) > 0 {
          later(.event(.consent(question: question.number, chance([0, 1, 1, 1]) > 0)), within: 900)
        }
      case .entered(.ticketed): afterwards()
      case .entered, .journal: break
      }
    }
    if let payment = saga.payment, payment.stage == .failed || payment.stage == .voided, saga.phase == .pending,
      Bool.random(using: &random)
    {
      later(.event(.pay(method: "other card")), within: 300)
    }
    check()
  }

  private mutating func afterwards() {
    guard now < Schedule.begin.adding(seconds: 4 * Schedule.stormSeconds) else { return }
    switch chance([0, 1, 2, 3, 3, 3]) {
    case 0: later(.event(.cancel), within: 3000)
    case 1:
      let price = Int64.random(in: 1...100_000, using: &random)
      later(.event(.change(item: 0, seller.key("new"), price: price)), within: 3000)
    case 2: for index in saga.items.indices { later(.sellerMoves(index), within: 9000) }
    default: break
    }
  }

  /// Sends what is due, each only after it was committed as sent.
  private mutating func pump() {
    var working = saga
    while let (request, effects) = working.take(at: now) {
      if crashes() { return }
      commit(working, effects)
      if crashes() { return }
      send(request)
      if !isUp { return }
    }
    setTimer()
  }

  private mutating func setTimer() {
    guard let wake = saga.wake else { return }
    // All that is due was done just now; a worker would be woken for nothing, again and again.
    guard wake > now else { return fail("something is due, and nothing is done") }
    if let timer, timer <= wake { return }
    timer = wake
    agenda.add(.timer, at: wake.secondsSinceEpoch)
  }

  private var isStorm: Bool { now < Schedule.begin.adding(seconds: Schedule.stormSeconds) }

  private mutating func crashes() -> Bool {
    guard isStorm, faultPercent > 0, Int.random(in: 0..<400, using: &random) < faultPercent else { return false }
    crash()
    return true
  }

  private mutating func crash() {
    note("CRASH")
    isUp = false
    timer = nil
    later(.restart, within: 300)
  }

  private mutating func restart() {
    guard life == 0 || !isUp else { return }
    isUp = true
    life += 1
    var working = saga
    let effects = working.recover(at: now)
    note("restart")
    commit(working, effects)
    pump()
  }

  // MARK: The others

  private mutating func send(_ request: SagaRequest) {
    let fate = Fate.draw(isStorm ? faultPercent : 0, &random)
    note("-> \(request.call.action) \(request.call.target) \(fate)")
    let (there, back) = (Int64.random(in: 0...3, using: &random), Int64.random(in: 0...3, using: &random))
    func at(_ seconds: Int64) -> Int64 { now.secondsSinceEpoch + seconds }
    switch fate {
    case .well: agenda.add(.acts(request, life: life, isHeard: true), at: at(there))
    case .declined:
      let refusal = SellerFault.Refusal.allCases.randomElement(using: &random) ?? .other
      if case .item(let index) = request.call.target { leftHolds.insert(saga.items[index].reference) }
      agenda.add(.answer(request, .declined(refusal, words: "no"), life: life), at: at(there + back))
    case .notSent: agenda.add(.answer(request, .notSent(words: "no route"), life: life), at: at(there))
    case .requestLost: agenda.add(.answer(request, .unknown(words: "timeout"), life: life), at: at(30))
    case .answerLost:
      agenda.add(.acts(request, life: life, isHeard: false), at: at(there))
      agenda.add(.answer(request, .unknown(words: "timeout"), life: life), at: at(30))
    case .late:
      // It leaves in the last moment before it is given up, and lies there.
      let wait = Int64.random(in: 1..<saga.patience.answerSeconds, using: &random)
      let rest = Int64.random(in: 0..<saga.patience.quietSeconds, using: &random)
      agenda.add(.leaves(request, life: life, rest: rest), at: at(wait))
      agenda.add(.answer(request, .unknown(words: "timeout"), life: life), at: at(wait))
    case .crash:
      agenda.add(.acts(request, life: life, isHeard: true), at: at(there))
      crash()
    }
  }

  private mutating func act(_ request: SagaRequest, _ life: Int, _ isHeard: Bool) {
    let action: SagaAction = if case .ask = request { .look } else { request.call.action }
    let answer: SagaAnswer
    switch request.call.target {
    case .item(let index):
      answer = seller.act(action, saga.items[index], now, &random)
      if action != .look, action != .verify { webhooks(request.call.target) }
      if action == .book { later(.sellerMoves(index), within: 5000) }
      if action == .book { agenda.add(.sellerMoves(index), at: now.secondsSinceEpoch + 6000) }
    case .payment:
      answer = collector.act(action, saga.paymentReference, amount: saga.payment?.amount ?? 0, &random)
      if action != .look { webhooks(.payment) }
      if action == .authorise { for _ in 0..<3 { later(.bankMoves, within: 1500) } }
    }
    note("<- \(action) \(request.call.target): \(answer)\(isHeard ? "" : " (unheard)")")
    if isHeard {
      let back = now.secondsSinceEpoch + Int64.random(in: 0...3, using: &random)
      agenda.add(.answer(request, answer, life: life), at: back)
    }
    check()
  }

  /// None, one or several, in any order; what matters is told at least once.
  private mutating func webhooks(_ target: SagaTarget) {
    for _ in 0..<chance([1, 1, 2, 3]) { later(.event(.hint(target)), within: 200) }
  }

  // MARK: Small things

  mutating func fail(_ what: String) {
    if broken == nil { broken = what }
    let standing = saga
    note("BROKEN: \(what) in \(standing)")
  }

  mutating func note(_ text: @autoclosure () -> String) {
    if keepsTrace { trace.append("\(Schedule.begin.seconds(until: now))s  \(text())") }
  }

  private mutating func later(_ what: Happening, within seconds: Int64) {
    agenda.add(what, at: now.secondsSinceEpoch + Int64.random(in: 0...seconds, using: &random))
  }

  private mutating func chance(_ values: [Int]) -> Int { values.randomElement(using: &random) ?? 0 }
}
