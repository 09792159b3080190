/// What lies between places: from each to each one or several ways to go, asymmetric if need be.
public struct Travel: Hashable, Sendable {
  /// Travel times that change over the day: known at some departures, linear between them, constant outside.
  public struct Profile: Hashable, Sendable {
    /// The departures at which times are known, ascending, at the same distance from each other.
    public var departures: [Int]
    /// The time for each departure, from and to: `durations[(slot * places + from) * places + to]`.
    public var durations: [Int]

    /// A profile.
    public init(departures: [Int], durations: [Int]) {
      self.departures = departures
      self.durations = durations
    }
  }

  /// One way to go: on foot, which is slow and free; by taxi, which is fast and dear.
  ///
  /// What is dearer at night is another option, whose profile has travellers wait until it begins.
  public struct Option: Hashable, Sendable {
    /// What people call it.
    public var name: String
    /// Time from each place to each, row by row.
    public var durations: [Int]
    /// How it changes over the day, if it does; then ``durations`` are not used.
    public var profile: Profile?
    /// Fares, row by row; empty if it is free.
    public var fares: [Int]
    /// Walking, row by row; empty if none counts.
    public var walks: [Int]

    /// A way that takes the same time all day.
    public init(_ name: String, durations: [Int], fares: [Int] = [], walks: [Int] = []) {
      self.name = name
      self.durations = durations
      self.fares = fares
      self.walks = walks
    }

    /// A way that depends on when one sets out.
    public init(_ name: String, profile: Profile, fares: [Int] = [], walks: [Int] = []) {
      self.init(name, durations: [], fares: fares, walks: walks)
      self.profile = profile
    }
  }

  /// How many places there are.
  public let placeCount: Int
  /// The ways to go, of which the search chooses one for each leg.
  public var options: [Option]

  /// Travel with a choice of ways.
  public init(placeCount: Int, options: [Option]) {
    self.placeCount = placeCount
    self.options = options
  }

  /// Travel in one way that takes the same time all day.
  public init(placeCount: Int, durations: [Int], fares: [Int] = [], walks: [Int] = []) {
    self.init(placeCount: placeCount, options: [Option("", durations: durations, fares: fares, walks: walks)])
  }

  /// Travel in one way that depends on when one sets out.
  public init(placeCount: Int, profile: Profile, fares: [Int] = [], walks: [Int] = []) {
    self.init(placeCount: placeCount, options: [Option("", profile: profile, fares: fares, walks: walks)])
  }

  /// What a leg from one place to another takes, costs and has of walking, leaving at a time, by the way it goes.
  ///
  /// Waiting for a better departure is part of it: first in, first out.
  public func leg(from: PlaceIndex, to: PlaceIndex, leaving time: Int, by option: Int) -> Leg {
    let way = options[option]
    let cell = from.position * placeCount + to.position
    return Leg(
      option: option, duration: duration(way, cell, leaving: time), fare: way.fares.isEmpty ? 0 : way.fares[cell],
      walk: way.walks.isEmpty ? 0 : way.walks[cell])
  }

  /// The ways from one place to another, leaving at a time, of which none is slower, dearer and longer to walk than
  /// another; the fastest first.
  public func legs(from: PlaceIndex, to: PlaceIndex, leaving time: Int) -> [Leg] {
    let all = options.indices.map { leg(from: from, to: to, leaving: time, by: $0) }
    let kept = all.filter { leg in !all.contains { $0.isBetter(than: leg) } }
    return kept.sorted { ($0.duration, $0.option) < ($1.duration, $1.option) }
  }

  /// One leg by one option.
  public struct Leg: Hashable, Sendable {
    /// Which option.
    public let option: Int
    /// How long it takes, waiting for its departure included.
    public let duration: Int
    /// What it costs.
    public let fare: Int
    /// How much of it one walks.
    public let walk: Int

    func isBetter(than other: Leg) -> Bool {
      if duration > other.duration || fare > other.fare || walk > other.walk { return false }
      return (duration, fare, walk) != (other.duration, other.fare, other.walk) || option < other.option
    }
  }

  private func duration(_ way: Option, _ cell: Int, leaving time: Int) -> Int {
    guard let profile = way.profile else { return way.durations[cell] }
    let clock = TravelClock(
      Profile(
        departures: profile.departures,
        durations: profile.departures.indices.map { profile.durations[$0 * placeCount * placeCount + cell] }),
      places: 1, nodes: [0])
    defer { clock.deallocate() }
    return Int(clock.arrival(from: 0, to: 0, leaving: Int32(time))) - time
  }
}
