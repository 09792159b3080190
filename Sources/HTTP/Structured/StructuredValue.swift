/// A bare item of a structured field (RFC 9651, section 3.3).
public enum StructuredValue: Hashable, Sendable {
  /// A whole number of fifteen digits at most.
  case integer(Int64)
  /// A number with three digits after its point at most, in thousandths.
  case decimal(thousandths: Int64)
  /// Printable ASCII.
  case string(String)
  /// A word without quotes.
  case token(String)
  /// Any bytes.
  case bytes([UInt8])
  /// `?1` or `?0`.
  case boolean(Bool)
  /// Seconds since 1970.
  case date(Int64)
  /// Any text.
  case displayString(String)
}

/// Values by their keys, in the order in which the keys came; the last value of a key counts.
public struct StructuredMap<Value: Hashable & Sendable>: Hashable, Sendable {
  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// Lower-case letters, digits and a few signs.
    public let key: String
    /// What it has.
    public fileprivate(set) var value: Value
  }

  /// All of them.
  public private(set) var members: [Member] = []

  /// None.
  public init() {}

  /// The value of a key.
  ///
  /// - Complexity: O(number of members).
  public subscript(key: String) -> Value? { members.first { $0.key == key }?.value }

  /// Gives a key a value; a key that is there already keeps its place.
  public mutating func set(_ key: String, _ value: Value) {
    if let index = members.firstIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append(Member(key: key, value: value))
    }
  }
}

/// What stands behind a value: `;q=1;u`.
public typealias StructuredParameters = StructuredMap<StructuredValue>

/// A value with its parameters.
public struct StructuredItem: Hashable, Sendable {
  /// The value.
  public var value: StructuredValue
  /// What is said about it.
  public var parameters: StructuredParameters

  /// An item.
  public init(_ value: StructuredValue, _ parameters: StructuredParameters = StructuredParameters()) {
    self.value = value
    self.parameters = parameters
  }
}

/// What a list or a dictionary has.
public enum StructuredMember: Hashable, Sendable {
  /// One value.
  case item(StructuredItem)
  /// Several in parentheses.
  case innerList([StructuredItem], StructuredParameters)
}
