/// What lies between places: time, fare and walking from each to each, asymmetric if need be.
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

  /// How many places there are.
  public let placeCount: Int
  /// Time from each place to each, row by row.
  public var durations: [Int]
  /// How it changes over the day, if it does; then ``durations`` are not used.
  public var profile: Profile?
  /// Fares, row by row; empty if travel is free.
  public var fares: [Int] = []
  /// Walking, row by row; empty if none counts.
  public var walks: [Int] = []

  /// Travel that takes the same time all day.
  public init(placeCount: Int, durations: [Int]) {
    self.placeCount = placeCount
    self.durations = durations
  }

  /// Travel that depends on when one sets out.
  public init(placeCount: Int, profile: Profile) {
    self.placeCount = placeCount
    self.durations = []
    self.profile = profile
  }
}
