import Kernel

/// What was paid so far, and what of it can be used further.
struct FareState: Hashable, BitwiseCopyable {
  /// Units paid before what is open.
  var paid: Int32
  /// Units paid if nothing more is ridden; `never` where what is open covers nothing that ends here.
  var closed: Int32
  /// What is open: a number of the reckoner; 0 for nothing.
  var open: Int32
  /// When the first ride of what is open departs and arrives; 0 where no limit of time matters.
  var first: Int32
  var firstArrival: Int32

  static let none = FareState(paid: 0, closed: 0, open: 0, first: 0, firstArrival: 0)
  static let never: Int32 = 1 << 30

  /// Nothing open, and so much paid.
  static func closed(_ sum: Int32) -> FareState {
    FareState(paid: sum, closed: sum, open: 0, first: 0, firstArrival: 0)
  }
}

/// Reckons what each further ride costs: the automaton of fares that searches and prices run on.
///
/// A state is what of earlier rides still matters to later prices: with tickets the span that one is to cover, with legs
/// the group of the last one and how often it was changed within it. States are numbered as they come up and what
/// follows from them is kept, so that a search mostly looks up numbers. A ride without a known fare counts as dearer
/// than everything that is known: journeys with the fewest of such rides come first.
///
/// One reckoner serves one thread and one slice.
final class FareReckoner {
  /// What a ride without a known fare counts as.
  static let unknown: Int32 = 1 << 25

  struct Ride {
    let fareClass: Int32
    let from: Int32
    let to: Int32
    let zonesPassed: UInt64
    let departure: Int32
    let arrival: Int32
  }

  /// What is bought for a ride.
  enum Step {
    case unknown
    case newTicket(open: Int32)
    case sameTicket(open: Int32)
    case leg(LegFareSystem.Product)
    case change(LegFareSystem.Product?, leg: LegFareSystem.Product?, takesBackFirst: Bool)
  }

  /// What follows from a state that is open.
  struct Facts: BitwiseCopyable {
    let system: Int32
    /// Never less is to be paid in addition to what was paid before.
    let least: Int32
    /// What it can save at most against paying afresh from here on; nil where that depends on where.
    let savingMax: Int32?
    /// Something open can cost more than nothing open: it is only compared with its like.
    let mayHurt: Bool
    /// Seconds after the first departure until the first of its tickets, and all of them, can be used no further.
    var secondsLeast: Int32 = .max
    var secondsMost: Int32 = .max
    /// Tickets that last and allow changes without end, of a system in which prices depend on nothing but both ends.
    var isPlain = false
  }

  /// What a system of fares asks of a ride.
  struct Traits: BitwiseCopyable {
    let isTickets: Bool
    let namesOrigins: Bool
    let namesZonesPassed: Bool
    /// Seconds until the first ticket expires that one can change with.
    let secondsLeast: Int32

    /// Whether what a ride makes of what is open is known when it begins, but for the price.
    @inline(__always)
    var isKnownBefore: Bool { isTickets && !namesZonesPassed }
  }

  let model: FareModel
  let clock: FareClock
  /// By state.
  @inline(__always)
  var facts: UnsafeMutablePointer<Facts> { factList.elements }
  private var factList = FlatList<Facts>(capacity: 1 << 10)
  /// By system.
  let traits: UnsafeMutablePointer<Traits>
  /// By class: its system.
  let systemOfClass: UnsafeMutablePointer<Int32>
  /// By system: when something of it can be boarded at the latest that leads on in time.
  private let lastUses: UnsafeMutablePointer<Int32>
  /// By system: whether limits of time matter within the time of the query.
  private(set) var isTimed: [Bool]
  /// By system: what begins then or later expires after the end of the query, so that it does not matter when.
  private(set) var lastStarts: [Int32]
  /// What a ride can lower the sum by at most, in units.
  let discountMax: Int32
  /// What the last ride reckoned can have led to.
  var outcomes: [FareState] = []
  /// How each outcome came about, where that is asked for.
  var steps: [Step] = []
  var isTelling = false
  let following = FareTable()
  /// By system: the zones in which its rides can end.
  var zonesServed: [[Int32]] = []
  let prices = FareTable()
  var spans: [Int32: TicketSystem.Span] = [:]
  var spanNumbers: [TicketSystem.Span: Int32] = [:]
  var chains: [Int32: LegChain] = [:]
  var chainNumbers: [LegChain: Int32] = [:]
  /// Groups that legs can count to, with their prices; lists one behind the other.
  var options: [LegOption] = []
  var optionStarts: [Int32] = [0]

  init(_ model: FareModel, _ clock: FareClock) {
    (self.model, self.clock) = (model, clock)
    let count = model.systems.count
    isTimed = [Bool](repeating: true, count: count)
    lastStarts = [Int32](repeating: .max, count: count)
    var discount: Int32 = 0
    for case .legs(let legs) in model.systems {
      for rule in legs.transferRules { discount = max(discount, -(rule.product?.units ?? 0)) }
      for rule in legs.legRules { discount = max(discount, -(rule.product?.units ?? 0)) }
    }
    discountMax = 2 * discount
    factList.append(Facts(system: -1, least: 0, savingMax: 0, mayHurt: false))
    traits = .allocate(capacity: count + 1)
    lastUses = .allocate(capacity: count + 1)
    lastUses.initialize(repeating: .max, count: count + 1)
    for (index, system) in model.systems.enumerated() {
      if case .tickets(let tickets) = system {
        (traits + index).initialize(
          to: Traits(
            isTickets: true, namesOrigins: tickets.namesOrigins, namesZonesPassed: tickets.namesZonesPassed,
            secondsLeast: tickets.durations.first ?? .max))
      } else {
        (traits + index).initialize(
          to: Traits(isTickets: false, namesOrigins: true, namesZonesPassed: false, secondsLeast: .max))
      }
    }
    systemOfClass = .allocate(capacity: model.classes.count + 1)
    for (index, own) in model.classes.enumerated() { (systemOfClass + index).initialize(to: own.system) }
  }

  deinit {
    traits.deallocate()
    systemOfClass.deallocate()
    lastUses.deallocate()
  }

  /// Says when journeys lie: limits of time beyond that do not matter.
  ///
  /// - Parameters:
  ///   - start: when journeys begin.
  ///   - end: before when they end.
  ///   - lastUse: when something of a system can be boarded at the latest that leads on in time.
  func begin(from start: Int32, before end: Int32, lastUse: (Int) -> Int32) {
    for (index, system) in model.systems.enumerated() {
      lastUses[index] = min(end, lastUse(index))
      guard case .legs(let legs) = system else { continue }
      let hasHours = clock.hours(of: Int32(index), at: start) != clock.hours(of: Int32(index), at: end)
      lastStarts[index] =
        hasHours ? .max : legs.transferRules.compactMap(\.secondsMax).min().map { end - $0 } ?? .min
      isTimed[index] = lastStarts[index] > start
    }
  }

  /// When a chain of legs began, as far as that matters.
  @inline(__always)
  func start(_ second: Int32, in system: Int32) -> Int32 {
    isTimed[Int(system)] ? min(second, lastStarts[Int(system)]) : 0
  }

  /// When what is open began, as far as that matters: tickets that begin later expire after their last use.
  @inline(__always)
  func start(_ second: Int32, of open: Int32) -> Int32 { min(second, lastStart(of: open)) }

  /// What is begun then or later expires after its last use.
  @inline(__always)
  func lastStart(of open: Int32) -> Int32 {
    let facts = facts[Int(open)]
    return facts.secondsLeast == .max ? 0 : lastUses[Int(facts.system)] &- facts.secondsLeast
  }

  /// The same for all that a ride of a system can begin.
  @inline(__always)
  func lastStart(ofAny system: Int32) -> Int32 {
    if !traits[Int(system)].isTickets { return lastStarts[Int(system)] }
    let least = traits[Int(system)].secondsLeast
    return least == .max ? .min : lastUses[Int(system)] &- least
  }

  /// When a ride began, as far as it matters to anything that it can begin.
  @inline(__always)
  func start(_ second: Int32, ofAny system: Int32) -> Int32 {
    if !traits[Int(system)].isTickets { return isTimed[Int(system)] ? second : 0 }
    return traits[Int(system)].secondsLeast == .max ? 0 : min(second, lastStart(ofAny: system))
  }

  /// What can have been paid after a ride; several where one can choose.
  func reckon(_ before: FareState, _ ride: Ride) {
    outcomes.removeAll(keepingCapacity: true)
    if isTelling { steps.removeAll() }
    guard ride.fareClass >= 0 else { return addUnknown(before) }
    let fareClass = model.classes[Int(ride.fareClass)]
    switch model.systems[Int(fareClass.system)] {
    case .tickets: reckonTickets(before, ride)
    case .legs(let system): reckon(before, ride, fareClass, system)
    }
  }

  func addUnknown(_ before: FareState) {
    guard before.closed < FareState.never else { return }
    outcomes.append(.closed(before.closed + Self.unknown))
    if isTelling { steps.append(.unknown) }
  }

  /// Gives a state that has come up a number.
  func number(_ facts: Facts) -> Int32 {
    factList.append(facts)
    return Int32(factList.count - 1)
  }
}

extension FareState {
  /// Whether less was paid for the same open thing, which can be used for no shorter a time.
  ///
  /// What can hurt is compared only with what began at the same time.
  @inline(__always)
  func isNoWorse(_ other: FareState, hurts: Bool) -> Bool {
    guard open == other.open, paid <= other.paid, closed <= other.closed else { return false }
    return hurts
      ? first == other.first && firstArrival == other.firstArrival
      : first >= other.first && firstArrival >= other.firstArrival
  }
}
