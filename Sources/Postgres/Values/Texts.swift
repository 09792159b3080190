extension PostgresDecodable where Self: PostgresEncodable {
  /// The name of the type it is bound as.
  public static var postgresExpectation: String { postgresType.description }
}

extension String: PostgresValue {
  /// The type `text`.
  public static var postgresType: PostgresType { .text }

  /// Reads the character types, and `json` as its text.
  public static func accepts(_ type: PostgresType) -> Bool {
    switch type {
    case .text, .varchar, .bpchar, .name, .json, .unknown: true
    default: false
    }
  }

  /// Appends the UTF-8 bytes.
  public func encode(into bytes: inout [UInt8]) { bytes += utf8 }

  /// Reads UTF-8 bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) { self = try bytes.text() }
}

/// An enum with `String` values is text to the server, or an enum of the database with the same labels.
extension PostgresEncodable where Self: RawRepresentable, RawValue == String {
  /// Inferred, so that it may be written to `text` and to an enum of the database alike.
  public static var postgresType: PostgresType { .inferred }

  /// Appends the label.
  public func encode(into bytes: inout [UInt8]) { bytes += rawValue.utf8 }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue == String {
  /// The Swift type's name.
  public static var postgresExpectation: String { "one of the values of \(Self.self)" }

  /// Reads the character types and the database's own enums.
  public static func accepts(_ type: PostgresType) -> Bool { String.accepts(type) || type.isUserDefined }

  /// Reads a label.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    let label = try bytes.text()
    guard let value = Self(rawValue: label) else {
      throw MalformedValue("its value '\(label.prefix(64))' is none of them")
    }
    self = value
  }
}

extension PostgresDecodable where Self: RawRepresentable & PostgresEncodable, RawValue == String {
  /// The Swift type's name.
  public static var postgresExpectation: String { "one of the values of \(Self.self)" }
}

extension PostgresArrayElement
where Self: RawRepresentable & PostgresEncodable & PostgresDecodable, RawValue == String {
  /// The type `text[]`; for an enum of the database write `\(values)::text[]::mood[]`.
  public static var postgresArrayType: PostgresType { PostgresType(oid: 1009) }
}

/// JSON as its text, bound as `jsonb`; what it says is for the JSON module to read.
public struct JSONB: PostgresValue, Hashable {
  /// The text, in UTF-8.
  public let text: [UInt8]

  /// Takes JSON text as UTF-8 bytes; the server refuses what is not JSON.
  public init(text: [UInt8]) { self.text = text }

  /// Takes JSON text; the server refuses what is not JSON.
  public init(_ text: String) { self.text = [UInt8](text.utf8) }

  /// The type `jsonb`.
  public static var postgresType: PostgresType { .jsonb }

  /// Reads `jsonb` and `json`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .jsonb || type == .json }

  /// Appends the version of the binary form, 1, and the text.
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(1)
    bytes += text
  }

  /// Reads the text.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    if type == .json {
      text = bytes.bytes
      return
    }
    guard bytes.byteCount > 1, bytes.bigEndian(UInt8.self) == 1 else {
      throw MalformedValue("its binary form is not version 1")
    }
    text = bytes.extracting(1..<bytes.byteCount).bytes
  }
}
