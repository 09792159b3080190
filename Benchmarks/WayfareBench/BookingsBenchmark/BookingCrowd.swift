import Booking
import EventLoop
import Kernel
import Providers
import Store
import Synchronization
import Worker

/// Customers who book and pay, and the runs that carry out what they booked.
///
/// A loop here takes the queue's place, whose clock is the machine's: it runs what is due by the bookings' clock.
final class BookingCrowd: Sendable {
  /// What was done on purpose, beside what the sandboxes count.
  struct Deeds: Sendable {
    var made = 0
    var doubleSubmits = 0
    var forgedEvents = 0
    var deaths = 0
    var refusedCards = 0
    var calledOff = 0
    var answers = 0
    var violations: [String] = []
  }

  private struct State: Sendable {
    var next = 0
    var busy: Set<BookingID> = []
    var calledOff: Set<BookingID> = []
    var deeds = Deeds()
  }

  private struct Died: Error {}

  private static let dueMax = 500
  private static let runsAtOnce = 64
  private static let doubles = 3
  /// How long a process that ended is not missed, in seconds of the bookings' clock.
  private static let missedAfterSeconds = 30

  private let options: BookingsOptions
  private let share: Double
  private let store: BookingStore
  private let markets: [BookingMarket]
  private let hooks: BookingHooks
  private let clock: FastClock
  private let loop: EventLoop
  private let desk: BookingDesk
  private let state = Mutex(State())

  init(
    _ options: BookingsOptions, share: Double, store: BookingStore, markets: [BookingMarket], hooks: BookingHooks,
    clock: FastClock, loop: EventLoop
  ) {
    self.options = options
    self.share = share
    self.store = store
    self.markets = markets
    self.hooks = hooks
    self.clock = clock
    self.loop = loop
    desk = BookingDesk(
      store, sellers: markets.flatMap { [$0.flights, $0.beds] as [any Seller] }, collectors: markets.map(\.collector)
    ) { clock.now }
  }

  var deeds: Deeds { state.withLock { $0.deeds } }

  /// Makes all bookings, and runs what is due beside them.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.makeAll() }
      group.addTask { try await self.runDue { self.state.withLock { $0.deeds.made } >= self.options.bookings } }
      try await group.waitForAll()
    }
  }

  /// Runs what is due until nothing will be any more, or so many seconds of the bookings' clock have passed.
  func settle(within seconds: Int) async throws {
    let end = clock.now.adding(seconds: Int64(seconds))
    try await runDue {
      if self.clock.now >= end { return true }
      return try await self.store.due(at: end, most: 1).isEmpty
    }
  }

  // MARK: Making

  private func makeAll() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<options.atOnce {
        group.addTask {
          while let number = self.nextNumber() {
            try Interruption.check()
            try await self.book(number)
            self.count { $0.made += 1 }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func nextNumber() -> Int? {
    state.withLock { state in
      guard state.next < options.bookings else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private func count(_ change: (inout Deeds) -> Void) { state.withLock { change(&$0.deeds) } }

  private func violation(_ words: String) { count { $0.violations.append(words) } }

  /// What follows from the seed for one booking.
  private func random(_ number: Int) -> SeededRandom {
    SeededRandom(seed: options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
  }

  private func happens(_ share: Double, _ random: inout SeededRandom) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  private func book(_ number: Int) async throws {
    var random = random(number)
    let market = markets[number % markets.count]
    let kinds: [OfferKind] =
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<11: [.flight]
      case 11..<16: [.lodging]
      default: [.flight, .lodging]
      }
    var items: [SagaItem] = []
    for kind in kinds {
      let offer = try await market.offer(kind)
      items.append(SagaItem(BookingReference(using: &random), offer: offer.key, price: offer.price.minorUnits))
    }
    let new = NewBooking(
      RepeatableRequest(caller: "bench", key: "\(number)", content: Array("\(number)".utf8)), trip: nil,
      currency: .euro, policy: happens(0.8, &random) ? .allOrNothing : .bestEffort,
      collector: market.collector.name, items: items,
      travellers: [
        SaleTraveller(
          givenName: "Ada", familyName: "Lovelace", born: LocalDate(daysSinceEpoch: 7305), mail: "ada@example.org")
      ])
    let id = BookingID(using: &random)
    let isDouble = happens(share, &random)
    guard try await submit(new, id, times: isDouble ? Self.doubles : 1) else { return }
    if happens(share, &random) {
      count { $0.forgedEvents += 1 }
      if !(try await hooks.refusesForged(market: market.number, reference: items[0].reference)) {
        violation("an event that was forged or old was not refused")
      }
    }
    let isRefused = happens(share, &random)
    if isRefused { count { $0.refusedCards += 1 } }
    try await pay(id, isRefused ? "pm_card_chargeDeclined" : "pm_card_visa")
    let dies = happens(share, &random) ? Int.random(in: 1...15, using: &random) : nil
    try await run(id, dyingAt: dies)
  }

  /// Asks for a booking so many times at once; whether the one that was made is this one.
  private func submit(_ new: NewBooking, _ id: BookingID, times: Int) async throws -> Bool {
    if times == 1 {
      guard case .made = try await store.make(new, id, at: clock.now) else {
        violation("booking \(id) was there before anybody made it")
        return false
      }
      return true
    }
    count { $0.doubleSubmits += 1 }
    let made = try await withThrowingTaskGroup(of: BookingMaking.self) { group in
      // The same id each time would hide a second booking.
      for offset in 0..<times {
        let one = offset == 0 ? id : BookingID(high: id.high ^ UInt64(offset), low: id.low)
        group.addTask { try await self.store.make(new, one, at: self.clock.now) }
      }
      return try await group.reduce(into: [BookingMaking]()) { $0.append($1) }
    }
    var ids: Set<BookingID> = []
    var count = 0
    for making in made {
      switch making {
      case .made(let booking):
        count += 1
        ids.insert(booking.id)
      case .again(let booking): ids.insert(booking.id)
      case .different, .taken: violation("one of \(times) requests with one key was taken for another")
      }
    }
    guard count == 1, ids.count == 1, let only = ids.first else {
      violation("\(times) requests with one key made \(count) bookings")
      return false
    }
    if only != id { try await go(only, new) }
    return only == id
  }

  /// Another of the requests came first: its booking is paid and carried out.
  private func go(_ id: BookingID, _ new: NewBooking) async throws {
    try await pay(id, "pm_card_visa")
    try await run(id)
  }

  private func pay(_ id: BookingID, _ method: String) async throws {
    do {
      _ = try await store.change(id, isRun: true) { saga in ((), try saga.handle(.pay(method: method), at: clock.now)) }
    } catch is SagaFault {
      // An event made a run of it meanwhile, which came to an end; the customer sees that and goes.
    }
  }

  // MARK: Running

  private func runDue(until isOver: @Sendable () async throws -> Bool) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var running = 0
      while true {
        try Interruption.check()
        let wasOver = try await isOver()
        let due = try await store.due(at: clock.now, most: Self.dueMax).filter { claim($0) }
        for id in due {
          if running >= Self.runsAtOnce {
            try await group.next()
            running -= 1
          }
          running += 1
          group.addTask { try await self.runClaimed(id) }
        }
        if wasOver, due.isEmpty { break }
        try await loop.sleep(for: .milliseconds(50))
      }
      try await group.waitForAll()
    }
  }

  private func claim(_ id: BookingID) -> Bool { state.withLock { $0.busy.insert(id).inserted } }

  private func run(_ id: BookingID, dyingAt step: Int? = nil) async throws {
    // A run that is under way sees what is due now, or the loop does.
    guard claim(id) else { return }
    try await runClaimed(id, dyingAt: step)
  }

  private func runClaimed(_ id: BookingID, dyingAt step: Int? = nil, isAgain: Bool = false) async throws {
    let steps = Atomic<Int>(0)
    let run = BookingRun(desk: desk, id: id, isAgain: isAgain) { _ in
      if steps.wrappingAdd(1, ordering: .relaxed).newValue == step { throw Died() }
    }
    do {
      _ = try await run.goOn()
    } catch is Died {
      count { $0.deaths += 1 }
      // What was committed is all that is left, as of a process that ended; the queue gives the job to another.
      try await clock.wait(seconds: Self.missedAfterSeconds, on: loop)
      return try await runClaimed(id, isAgain: true)
    }
    let isAsked = try await heed(id)
    state.withLock { state in _ = state.busy.remove(id) }
    if isAsked { try await self.run(id) }
  }

  /// What the customer does about how it stands; whether anything.
  private func heed(_ id: BookingID) async throws -> Bool {
    guard let saga = try await store.find(id)?.saga else { return false }
    var random = SeededRandom(seed: options.seed ^ id.low ^ UInt64(saga.counts.calls))
    if let question = saga.question {
      count { $0.answers += 1 }
      return try await change(id, .consent(question: question.number, happens(0.75, &random)))
    }
    if saga.phase == .pending, let payment = saga.payment, payment.call == nil,
      payment.stage == .failed || payment.stage == .voided
    {
      return try await change(id, .pay(method: "pm_card_visa"))
    }
    let wantsOut = id.low % 50 == 0
    guard saga.phase == .ticketed, wantsOut, state.withLock({ $0.calledOff.insert(id).inserted }) else {
      return false
    }
    count { $0.calledOff += 1 }
    return try await change(id, .cancel)
  }

  private func change(_ id: BookingID, _ event: SagaEvent) async throws -> Bool {
    do {
      _ = try await store.change(id, isRun: true) { saga in ((), try saga.handle(event, at: clock.now)) }
      return true
    } catch is SagaFault {
      // It stands otherwise by now; what is due then is seen to by whoever runs it.
      return false
    }
  }
}
