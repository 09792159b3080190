extension Bool: PostgresValue {
  /// The type `boolean`.
  public static var postgresType: PostgresType { .bool }
  /// Reads `boolean` alone.
  public static func accepts(_ type: PostgresType) -> Bool { type == .bool }

  /// Appends one byte.
  public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }

  /// Reads one byte.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = try bytes.only(UInt8.self) != 0
  }
}

extension Int16: PostgresValue {
  /// The type `smallint`.
  public static var postgresType: PostgresType { .int2 }
  /// Reads `smallint` alone.
  public static func accepts(_ type: PostgresType) -> Bool { type == .int2 }

  /// Appends two bytes.
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }

  /// Reads two bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) { self = try bytes.only(Int16.self) }
}

extension Int32: PostgresValue {
  /// The type `integer`.
  public static var postgresType: PostgresType { .int4 }
  /// Reads `integer` and what fits in it.
  public static func accepts(_ type: PostgresType) -> Bool { type == .int4 || type == .int2 }

  /// Appends four bytes.
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }

  /// Reads four bytes, or two.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = type == .int2 ? Int32(try bytes.only(Int16.self)) : try bytes.only(Int32.self)
  }
}

extension Int64: PostgresValue {
  /// The type `bigint`.
  public static var postgresType: PostgresType { .int8 }
  /// Reads `bigint` and what fits in it.
  public static func accepts(_ type: PostgresType) -> Bool { type == .int8 || type == .int4 || type == .int2 }

  /// Appends eight bytes.
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }

  /// Reads eight bytes, four, or two.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = type == .int8 ? try bytes.only(Int64.self) : Int64(try Int32(postgres: bytes, type: type))
  }
}

extension Int: PostgresValue {
  /// The type `bigint`.
  public static var postgresType: PostgresType { .int8 }
  /// Reads `bigint` and what fits in it.
  public static func accepts(_ type: PostgresType) -> Bool { Int64.accepts(type) }

  /// Appends eight bytes.
  public func encode(into bytes: inout [UInt8]) { Int64(self).encode(into: &bytes) }

  /// Reads eight bytes, four, or two.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = Int(try Int64(postgres: bytes, type: type))
  }
}

extension Float: PostgresValue {
  /// The type `real`.
  public static var postgresType: PostgresType { .float4 }
  /// Reads `real` alone.
  public static func accepts(_ type: PostgresType) -> Bool { type == .float4 }

  /// Appends four bytes.
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }

  /// Reads four bytes.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self = Float(bitPattern: try bytes.only(UInt32.self))
  }
}

extension Double: PostgresValue {
  /// The type `double precision`.
  public static var postgresType: PostgresType { .float8 }
  /// Reads `double precision` and `real`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .float8 || type == .float4 }

  /// Appends eight bytes.
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }

  /// Reads eight bytes, or four.
  public init(postgres bytes: RawSpan, type: PostgresType) throws(MalformedValue) {
    self =
      type == .float4 ? Double(try Float(postgres: bytes, type: type)) : Double(bitPattern: try bytes.only(UInt64.self))
  }
}
