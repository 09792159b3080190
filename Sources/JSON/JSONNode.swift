/// What a value is, as JSON tells values apart.
public enum JSONKind: Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool
  /// A number.
  case number
  /// A string.
  case string
  /// An array.
  case array
  /// An object.
  case object
}

/// One value of a document: cheap to copy, decoded when read, and keeps the document alive.
///
/// A property of the wrong type throws an error that names the place and what was found there:
/// `/nights must be a whole number, found the string "3"`.
public struct JSONNode: Sendable {
  @usableFromInline let storage: JSONStorage
  @usableFromInline let index: Int

  @inline(__always)
  @usableFromInline
  init(storage: JSONStorage, index: Int) {
    self.storage = storage
    self.index = index
  }

  @inline(__always)
  var entry: JSONEntry { storage.tape.entries[index] }

  /// What the value is.
  public var kind: JSONKind {
    switch entry.kind {
    case .null: .null
    case .yes, .no: .bool
    case .integer, .decimal: .number
    case .string, .wideString, .escapedString: .string
    case .array: .array
    case .object: .object
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { entry.kind == .null }

  /// The value as text, its escapes resolved.
  public var string: String {
    get throws(JSONError) {
      let entry = entry
      guard entry.isText else { throw wrongType("text") }
      return storage.tape.string(entry)
    }
  }

  /// The value as a whole number, exactly; `2.0` and `1e3` are whole numbers.
  public var int: Int {
    get throws(JSONError) { try integer(as: Int.self) }
  }

  /// The value as a whole number of any width, exactly.
  @inlinable
  @inline(__always)
  public func integer<Integer: FixedWidthInteger>(as type: Integer.Type) throws(JSONError) -> Integer {
    if let number = try wholeNumber() {
      if let value = Integer(exactly: number) { return value }
    } else if let magnitude = hugeMagnitude, let value = Integer(exactly: magnitude) {
      return value
    }
    throw outOfRange(Integer.min, Integer.max)
  }

  /// A whole number of 64 bits, or nil if it is whole but needs more.
  @usableFromInline
  func wholeNumber() throws(JSONError) -> Int64? {
    let entry = entry
    guard entry.kind == .integer || entry.kind == .decimal else { throw wrongType("a whole number") }
    switch storage.tape.integer(entry) {
    case .whole(let isNegative, let magnitude):
      if magnitude <= Int64.max { return isNegative ? -Int64(magnitude) : Int64(magnitude) }
      return isNegative && magnitude == 1 << 63 ? .min : nil
    case .fractional: throw wrongType("a whole number")
    case .tooLarge: return nil
    }
  }

  /// A number past Int64 that UInt64 still holds.
  @usableFromInline
  var hugeMagnitude: UInt64? {
    if case .whole(false, let magnitude) = storage.tape.integer(entry) { return magnitude }
    return nil
  }

  /// The value as the nearest double.
  public var double: Double {
    get throws(JSONError) {
      let entry = entry
      guard entry.kind == .integer || entry.kind == .decimal else { throw wrongType("a number") }
      guard let value = storage.tape.double(entry) else {
        throw complaint(.outOfRange, "must be a number below 1.8e308, found \(found)")
      }
      return value
    }
  }

  /// A number's text exactly as sent, for those who must not round, as with money.
  public var decimalText: String {
    get throws(JSONError) {
      let entry = entry
      guard entry.kind == .integer || entry.kind == .decimal else { throw wrongType("a number") }
      return String(decoding: storage.tape.text(entry), as: UTF8.self)
    }
  }

  /// The value as true or false.
  public var bool: Bool {
    get throws(JSONError) {
      switch entry.kind {
      case .yes: true
      case .no: false
      default: throw wrongType("true or false")
      }
    }
  }

  /// The elements of an array.
  public var array: JSONArray {
    get throws(JSONError) {
      guard entry.kind == .array else { throw wrongType("an array") }
      return JSONArray(node: self)
    }
  }

  /// The names and values of an object whose names are data, in the order sent.
  public var members: JSONMembers {
    get throws(JSONError) {
      guard entry.kind == .object else { throw wrongType("an object") }
      return JSONMembers(node: self)
    }
  }
}
