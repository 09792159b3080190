/// A type that a parameter of path or query can be read as.
///
/// A `LosslessStringConvertible` type needs no code, an enumeration of strings neither. Whole numbers are read
/// strictly: digits, a minus sign if the type has one, no plus, no leading zeros, so that one resource has one
/// address.
public protocol PathParameter {
  /// The value, or nil if the text is none.
  init?(parameter text: String)
  /// What the text must be, for messages: "a whole number".
  static var parameterExpectation: String { get }
}

extension PathParameter {
  /// "well-formed" unless a type says more.
  public static var parameterExpectation: String { "well-formed" }
}

extension PathParameter where Self: LosslessStringConvertible {
  /// The value that the text describes.
  public init?(parameter text: String) { self.init(text) }
}

extension PathParameter where Self: RawRepresentable<String> {
  /// The case of that name.
  public init?(parameter text: String) { self.init(rawValue: text) }
}

extension PathParameter where Self: RawRepresentable<String> & CaseIterable {
  /// The names of the cases.
  public static var parameterExpectation: String {
    "one of " + allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
}

extension PathParameter where Self: FixedWidthInteger {
  /// The number, written the one way it can be.
  public init?(parameter text: String) {
    var text = text
    let isWellWritten = text.withUTF8 { bytes in
      let digits = Self.isSigned && bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
      guard let first = digits.first, digits.allSatisfy(Byte.isDigit) else { return false }
      return first != Byte.zero || bytes.count == 1
    }
    guard isWellWritten else { return nil }
    self.init(text, radix: 10)
  }

  /// Says "a whole number".
  public static var parameterExpectation: String { "a whole number" }
}

extension String: PathParameter {
  /// The text.
  public init?(parameter text: String) { self = text }
}

extension Int: PathParameter {}
extension Int32: PathParameter {}
extension Int64: PathParameter {}
extension UInt32: PathParameter {}
extension UInt64: PathParameter {}

extension Bool: PathParameter {
  /// Says "'true' or 'false'".
  public static var parameterExpectation: String { "'true' or 'false'" }
}

extension Double: PathParameter {
  /// A finite number in decimal digits: no hexadecimal, no "inf", no plus.
  public init?(parameter text: String) {
    let isPlain = text.utf8.allSatisfy { Byte.isDigit($0) || $0 == Byte.dot || $0 == 0x2D }
    guard isPlain, let number = Double(text), number.isFinite else { return nil }
    self = number
  }

  /// Says "a decimal number".
  public static var parameterExpectation: String { "a decimal number" }
}
