/// What can be bound to a statement.
public protocol PostgresEncodable: Sendable {
  /// The type the server is told; `.inferred` leaves it to where the value stands.
  static var postgresType: PostgresType { get }
  /// Whether the value is NULL, and `encode` is not called.
  var isPostgresNull: Bool { get }
  /// Appends the value in the type's binary form.
  func encode(into bytes: inout [UInt8])
}

extension PostgresEncodable {
  /// No value is NULL but an absent optional.
  public var isPostgresNull: Bool { false }
}

/// What can be read from a row.
public protocol PostgresDecodable: Sendable {
  /// What an error message says was expected, such as `bigint`.
  static var postgresExpectation: String { get }
  /// Whether a column of this type can be read as this.
  static func accepts(_ type: PostgresType) -> Bool
  /// Reads the binary form.
  ///
  /// - Throws: `MalformedValue` when the bytes are not a value of this type.
  init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue)
  /// What NULL reads as; nil when NULL is refused.
  static var postgresNull: Self? { get }
}

extension PostgresDecodable {
  /// NULL is refused by everything but an optional.
  public static var postgresNull: Self? { nil }
}

/// Why bytes are not a value of the type they were said to be.
public struct MalformedValue: Error, Sendable {
  /// The reason, in words that follow "but".
  public let reason: String

  /// States a reason.
  public init(_ reason: String) { self.reason = reason }

  static func length(_ count: Int, expected: Int) -> MalformedValue {
    MalformedValue("its value has \(count) bytes instead of \(expected)")
  }
}

/// What may stand in an array.
///
/// It refines nothing, so that `UInt8`, of which arrays are `bytea`, needs no meaning of its own.
public protocol PostgresArrayElement: Sendable {
  /// The type of an array of these.
  static var postgresArrayType: PostgresType { get }
  /// What an error message says was expected.
  static var postgresArrayExpectation: String { get }
  /// Whether a column of this type can be read as an array of these.
  static func acceptsArray(_ type: PostgresType) -> Bool
  /// Appends an array in its binary form.
  static func encodeArray(_ elements: [Self], into bytes: inout [UInt8])
  /// Reads an array's binary form.
  ///
  /// - Throws: `MalformedValue` when the bytes are not such an array.
  static func decodeArray(_ bytes: RawSpan, type: PostgresType) throws(MalformedValue) -> [Self]
}

/// What can be bound, read, and stand in an array; a `String` enum needs to declare no more than this.
public typealias PostgresValue = PostgresEncodable & PostgresDecodable & PostgresArrayElement
