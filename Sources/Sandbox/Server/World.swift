import HTTP
import Kernel
import Secrets
import Synchronization

/// Everything a sandbox knows, behind one lock that is never held across a wait.
final class World: Sendable {
  struct State: Sendable {
    var books = Books()
    var till = Till()
    /// What is collected in Adyen's shape.
    var cashbox = Cashbox()
    var dice: FaultDice
    var shelf = OfferShelf()
    var cancellations: [String: (sale: String, refund: Int64)] = [:]
    var changes: [String: PendingChange] = [:]
    /// How far the sandbox's clock is ahead.
    var secondsAhead: Int64 = 0
    var counter: UInt64 = 0
    var requests: [String: Int] = [:]
    var webhookURL: String?
    var stripeWebhookURL: String?
    var adyenWebhookURL: String?
  }

  let settings: SandboxSettings
  let inventory: Inventory
  private let state: Mutex<State>
  private let clock: @Sendable () -> Instant

  init(_ settings: SandboxSettings, clock: @escaping @Sendable () -> Instant) {
    self.settings = settings
    self.clock = clock
    inventory = Inventory(seed: settings.seed, pricesMoveSeconds: settings.pricesMoveSeconds)
    var first = State(dice: FaultDice(settings))
    first.webhookURL = settings.webhookURL
    first.stripeWebhookURL = settings.stripeWebhookURL
    first.adyenWebhookURL = settings.adyenWebhookURL
    state = Mutex(first)
  }

  /// The sandbox's time.
  var now: Instant { clock().adding(seconds: state.withLock { $0.secondsAhead }) }

  /// The sandbox's time, for who holds what is known.
  func clock(_ state: State) -> Instant { clock().adding(seconds: state.secondsAhead) }

  /// Reads and changes what is known; holds that ran out are given up before.
  func with<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
    let now = now
    return try state.withLock { state in
      state.books.lapse(at: now)
      return try body(&state)
    }
  }

  /// A name that nothing else has: a prefix, then sixteen signs that follow from the seed.
  func name(_ prefix: String, _ state: inout State) -> String {
    state.counter += 1
    var mixing = Mixing(settings.seed)
    mixing.add(prefix)
    mixing.add(state.counter)
    let text = String(mixing.value, radix: 36, uppercase: false)
    return prefix + String(repeating: "0", count: max(0, 14 - text.utf8.count)) + text
  }

  /// Ticket numbers: an airline's three digits and ten more.
  func documents(_ count: Int, _ state: inout State) -> [String] {
    (0..<count).map { _ in
      state.counter += 1
      var mixing = Mixing(settings.seed)
      mixing.add("ticket")
      mixing.add(state.counter)
      return "999" + String(String(10_000_000_000 + mixing.value % 10_000_000_000).dropFirst())
    }
  }

  /// What a party pays for a flight at this moment.
  func price(_ goods: Goods, _ state: State) -> Int64 {
    let now = clock().adding(seconds: state.secondsAhead)
    switch goods {
    case .flight(let key, let cabin, let party):
      return state.books.risen(
        inventory.price(inventory.flight(key), cabin: cabin, party, at: now), goods.stock)
    case .room(let key):
      let room = inventory.house(key.house, in: key.destination).rooms.first { $0.code == key.room }
      let night = inventory.moved(room?.night ?? 0, goods.stock, at: now)
      return state.books.risen(
        night * Int64(key.rooms * key.nights) * (100 + Int64(max(0, key.party.count - 2)) * 30) / 100, goods.stock)
    }
  }

  /// How many of these there were before anything was sold.
  func capacity(_ goods: Goods) -> Int {
    switch goods {
    case .flight(let key, _, _): inventory.flight(key).seats
    case .room(let key): inventory.house(key.house, in: key.destination).rooms.first { $0.code == key.room }?.count ?? 0
    }
  }
}

/// A change that waits to be confirmed.
struct PendingChange: Sendable {
  let sale: String
  let goods: Goods
  let extra: Int64
}

/// Offers that were made and may be taken up; the oldest are forgotten.
struct OfferShelf: Sendable {
  struct Offer: Sendable {
    let id: String
    let goods: Goods
    let passengers: [String]
    let expires: Instant
    var isTaken = false
  }

  private var offers: [String: Offer] = [:]
  private var line: [String] = []
  private static let countMax = 200_000

  mutating func put(_ offer: Offer) {
    offers[offer.id] = offer
    line.append(offer.id)
    guard line.count > OfferShelf.countMax else { return }
    for id in line.prefix(OfferShelf.countMax / 4) { offers[id] = nil }
    line.removeFirst(OfferShelf.countMax / 4)
  }

  func offer(_ id: String) -> Offer? { offers[id] }

  mutating func take(_ id: String) { offers[id]?.isTaken = true }
}
