/// A type of the server, by its object identifier.
public struct PostgresType: Hashable, Sendable, CustomStringConvertible {
  /// The identifier in `pg_type`.
  public let oid: UInt32

  /// Names a type by its identifier.
  public init(oid: UInt32) { self.oid = oid }

  /// Left to the server to infer from where the value stands.
  public static let inferred = PostgresType(oid: 0)
  /// The type `boolean`.
  public static let bool = PostgresType(oid: 16)
  /// The type `bytea`.
  public static let bytea = PostgresType(oid: 17)
  /// The type `name`.
  public static let name = PostgresType(oid: 19)
  /// The type `bigint`.
  public static let int8 = PostgresType(oid: 20)
  /// The type `smallint`.
  public static let int2 = PostgresType(oid: 21)
  /// The type `integer`.
  public static let int4 = PostgresType(oid: 23)
  /// The type `text`.
  public static let text = PostgresType(oid: 25)
  /// The type `json`.
  public static let json = PostgresType(oid: 114)
  /// The type `real`.
  public static let float4 = PostgresType(oid: 700)
  /// The type `double precision`.
  public static let float8 = PostgresType(oid: 701)
  /// An untyped literal.
  public static let unknown = PostgresType(oid: 705)
  /// The type `character(n)`.
  public static let bpchar = PostgresType(oid: 1042)
  /// The type `character varying`.
  public static let varchar = PostgresType(oid: 1043)
  /// The type `date`.
  public static let date = PostgresType(oid: 1082)
  /// The type `timestamp without time zone`.
  public static let timestamp = PostgresType(oid: 1114)
  /// The type `timestamp with time zone`.
  public static let timestamptz = PostgresType(oid: 1184)
  /// The type `uuid`.
  public static let uuid = PostgresType(oid: 2950)
  /// The type `jsonb`.
  public static let jsonb = PostgresType(oid: 3802)

  /// The array type of an element type that this module knows, or nil.
  public var array: PostgresType? {
    PostgresType.arrays.first { $0.element == self }.map(\.array)
  }

  /// The element type of an array type that this module knows, or nil.
  public var element: PostgresType? {
    PostgresType.arrays.first { $0.array == self }.map(\.element)
  }

  /// Whether the database defined it, as it does its enums.
  public var isUserDefined: Bool { oid >= 16384 }

  /// The name that SQL gives it.
  public var description: String {
    if let name = PostgresType.names[self] { return name }
    if let element { return "\(element)[]" }
    return "the type with OID \(oid)"
  }

  private static let arrays: [(element: PostgresType, array: PostgresType)] = [
    (.bool, PostgresType(oid: 1000)), (.bytea, PostgresType(oid: 1001)), (.name, PostgresType(oid: 1003)),
    (.int2, PostgresType(oid: 1005)), (.int4, PostgresType(oid: 1007)), (.text, PostgresType(oid: 1009)),
    (.bpchar, PostgresType(oid: 1014)), (.varchar, PostgresType(oid: 1015)), (.int8, PostgresType(oid: 1016)),
    (.float4, PostgresType(oid: 1021)), (.float8, PostgresType(oid: 1022)), (.timestamp, PostgresType(oid: 1115)),
    (.date, PostgresType(oid: 1182)), (.timestamptz, PostgresType(oid: 1185)), (.uuid, PostgresType(oid: 2951)),
    (.jsonb, PostgresType(oid: 3807)), (.json, PostgresType(oid: 199)),
  ]

  private static let names: [PostgresType: String] = [
    .inferred: "an inferred type", .bool: "boolean", .bytea: "bytea", .name: "name", .int8: "bigint",
    .int2: "smallint", .int4: "integer", .text: "text", .json: "json", .float4: "real", .float8: "double precision",
    .unknown: "unknown", .bpchar: "character", .varchar: "character varying", .date: "date",
    .timestamp: "timestamp", .timestamptz: "timestamp with time zone", .uuid: "uuid", .jsonb: "jsonb",
    PostgresType(oid: 1700): "numeric", PostgresType(oid: 1083): "time", PostgresType(oid: 1186): "interval",
    PostgresType(oid: 26): "oid", PostgresType(oid: 28): "xid", PostgresType(oid: 2278): "void",
    PostgresType(oid: 2249): "record", PostgresType(oid: 869): "inet", PostgresType(oid: 18): "\"char\"",
  ]
}
