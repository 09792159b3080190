/// Something of which there is only so much: money, walking, visits of one kind.
public struct Limit: Hashable, Sendable {
  /// Over what the amount is counted.
  public enum Scope: Hashable, Sendable {
    /// All days together.
    case trip
    /// Each day anew.
    case day
  }

  /// What counts beside the uses that activities name.
  public enum Measure: Hashable, Sendable {
    /// Nothing.
    case usesOnly
    /// Prices of activities and nights, and fares of travel: a budget.
    case money
    /// Fares of travel, divided among so many people and rounded up; with uses it makes one person's cap.
    case fares(sharedBy: Int)
    /// Walking between places.
    case walking
  }

  /// What people call it.
  public var name: String
  /// The most that may be used.
  public var most: Int
  /// Over what it is counted.
  public var scope: Scope
  /// What counts.
  public var measure: Measure

  /// A limit.
  public init(_ name: String, most: Int, per scope: Scope = .trip, of measure: Measure = .usesOnly) {
    self.name = name
    self.most = most
    self.scope = scope
    self.measure = measure
  }
}

/// Activities of which few are wanted: one lunch a day, one of two boat tours.
public struct ActivityGroup: Hashable, Sendable {
  /// What people call it.
  public var name: String
  /// Who belongs to it.
  public var members: [ActivityIndex]
  /// How many of them at most.
  public var most: Int
  /// Over what they are counted.
  public var scope: Limit.Scope
  /// Whether each member in the plan, up to the most, goes before every score.
  public var isMandatory: Bool

  /// A group.
  public init(
    _ name: String, _ members: [ActivityIndex], most: Int = 1, per scope: Limit.Scope = .trip, isMandatory: Bool = false
  ) {
    self.name = name
    self.members = members
    self.most = most
    self.scope = scope
    self.isMandatory = isMandatory
  }
}

/// One activity before another, if both are in the plan.
public struct Precedence: Hashable, Sendable {
  /// What comes first.
  public var first: ActivityIndex
  /// What comes after.
  public var second: ActivityIndex

  /// A precedence.
  public init(_ first: ActivityIndex, before second: ActivityIndex) {
    self.first = first
    self.second = second
  }
}
