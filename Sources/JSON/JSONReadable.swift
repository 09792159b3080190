/// A type that reads itself from one JSON value.
public protocol JSONReadable {
  /// Reads the value at a node, or throws what is wrong with it and where.
  init(json: JSONNode) throws(JSONError)

  /// What a message says must be there, like "a whole number".
  static var jsonExpectation: String { get }
}

extension JSONReadable {
  /// "given" unless a type says more: "/trip is missing: it must be given".
  public static var jsonExpectation: String { "given" }
}

extension JSONNode: JSONReadable {
  /// The node itself, for values that are read later or only handed on.
  public init(json: JSONNode) throws(JSONError) {
    self = json
  }
}

extension String: JSONReadable {
  /// Reads text.
  @inlinable
  @inline(__always)
  public init(json: JSONNode) throws(JSONError) {
    self = try json.string
  }

  /// For messages.
  public static var jsonExpectation: String { "text" }
}

extension Bool: JSONReadable {
  /// Reads true or false.
  @inlinable
  @inline(__always)
  public init(json: JSONNode) throws(JSONError) {
    self = try json.bool
  }

  /// For messages.
  public static var jsonExpectation: String { "true or false" }
}

extension Double: JSONReadable {
  /// Reads a number.
  @inlinable
  @inline(__always)
  public init(json: JSONNode) throws(JSONError) {
    self = try json.double
  }

  /// For messages.
  public static var jsonExpectation: String { "a number" }
}

extension JSONReadable where Self: FixedWidthInteger {
  /// Reads a whole number exactly.
  @inlinable
  @inline(__always)
  public init(json: JSONNode) throws(JSONError) {
    self = try json.integer(as: Self.self)
  }

  /// For messages.
  public static var jsonExpectation: String { "a whole number" }
}

extension Int: JSONReadable {}
extension Int8: JSONReadable {}
extension Int16: JSONReadable {}
extension Int32: JSONReadable {}
extension Int64: JSONReadable {}
extension UInt: JSONReadable {}
extension UInt8: JSONReadable {}
extension UInt16: JSONReadable {}
extension UInt32: JSONReadable {}
extension UInt64: JSONReadable {}

extension Optional: JSONReadable where Wrapped: JSONReadable {
  /// Reads `null` as nil.
  @inlinable
  public init(json: JSONNode) throws(JSONError) {
    self = json.isNull ? nil : try Wrapped(json: json)
  }

  /// What the wrapped type says, or null.
  public static var jsonExpectation: String { "\(Wrapped.jsonExpectation) or null" }
}

extension Array: JSONReadable where Element: JSONReadable {
  /// Reads every element.
  @inlinable
  public init(json: JSONNode) throws(JSONError) {
    self = []
    guard json.kind == .array else { throw json.wrongType(Self.jsonExpectation) }
    // Not through the iterator, whose nodes would be retained and released one by one.
    let entries = json.storage.tape.entries
    var place = json.index &+ 1
    let end = json.index &+ entries[json.index].span
    while place < end {
      append(try Element(json: JSONNode(storage: json.storage, index: place)))
      place &+= entries[place].span
    }
  }

  /// For messages.
  public static var jsonExpectation: String { "an array" }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
  /// Reads an object whose names are data.
  ///
  /// Names that differ in bytes but that Unicode calls the same text are refused as doubles: a dictionary has room for
  /// one of them only.
  public init(json: JSONNode) throws(JSONError) {
    self = [:]
    for (name, node) in try json.members {
      if updateValue(try Value(json: node), forKey: name) != nil {
        throw node.invalid("has a name that stands for the same text as another: keep one of them")
      }
    }
  }

  /// For messages.
  public static var jsonExpectation: String { "an object" }
}

extension JSONReadable where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// Reads one of the cases by its name.
  @inlinable
  public init(json: JSONNode) throws(JSONError) {
    let text = try json.string
    guard let value = Self(rawValue: text) else {
      throw json.unknownName(text, among: Self.allCases.map(\.rawValue), Self.jsonExpectation)
    }
    self = value
  }

  /// The allowed names.
  public static var jsonExpectation: String {
    "one of " + allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }
}
