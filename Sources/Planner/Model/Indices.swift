/// A place of a problem: a row and a column of its ``Travel``.
public struct PlaceIndex: Hashable, Comparable, Sendable {
  /// The position, from 0.
  public let position: Int

  /// The place at a position.
  public init(_ position: Int) {
    self.position = position
  }

  /// Whether one comes before another.
  public static func < (left: PlaceIndex, right: PlaceIndex) -> Bool { left.position < right.position }
}

/// An activity of a problem.
public struct ActivityIndex: Hashable, Comparable, Sendable {
  /// The position, from 0.
  public let position: Int

  /// The activity at a position.
  public init(_ position: Int) {
    self.position = position
  }

  /// Whether one comes before another.
  public static func < (left: ActivityIndex, right: ActivityIndex) -> Bool { left.position < right.position }
}

/// A hard limit of a problem.
public struct LimitIndex: Hashable, Comparable, Sendable {
  /// The position, from 0.
  public let position: Int

  /// The limit at a position.
  public init(_ position: Int) {
    self.position = position
  }

  /// Whether one comes before another.
  public static func < (left: LimitIndex, right: LimitIndex) -> Bool { left.position < right.position }
}
