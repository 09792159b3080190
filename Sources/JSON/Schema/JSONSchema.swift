/// What a JSON value looks like, for documentation: the part of JSON Schema 2020-12 that our readers and writers need.
///
///     static let schema: JSONSchema = .fields(["name": .text(1...100), "days?": .integer(1...90)])
///
/// A name that ends in `?` may be left out, or be `null`, which counts as left out.
public struct JSONSchema: Sendable, Hashable {
  indirect enum Form: Sendable, Hashable {
    case any
    case boolean
    case text(ClosedRange<Int>?, format: String?, pattern: String?)
    case integer(ClosedRange<Int>?)
    case number(ClosedRange<Double>?)
    case words([String])
    case list(JSONSchema, ClosedRange<Int>?)
    case object([Field], isClosed: Bool)
    case map(JSONSchema)
    case either([JSONSchema])
    case nullable(JSONSchema)
  }

  struct Field: Sendable, Hashable {
    let name: String
    let isOptional: Bool
    let schema: JSONSchema
  }

  let form: Form

  /// Any value.
  public static let any = JSONSchema(form: .any)
  /// True or false.
  public static let boolean = JSONSchema(form: .boolean)
  /// Text of any length.
  public static let text = JSONSchema(form: .text(nil, format: nil, pattern: nil))
  /// A whole number.
  public static let integer = JSONSchema(form: .integer(nil))
  /// A number.
  public static let number = JSONSchema(form: .number(nil))
  /// An id.
  public static let id = JSONSchema(form: .text(nil, format: "uuid", pattern: nil))
  /// A moment, as in `2026-06-01T08:00:00Z`.
  public static let moment = JSONSchema(form: .text(nil, format: "date-time", pattern: nil))
  /// A date, as in `2026-06-01`.
  public static let date = JSONSchema(form: .text(nil, format: "date", pattern: nil))
  /// An address that mail can go to.
  public static let email = JSONSchema(form: .text(3...254, format: "email", pattern: nil))
  /// An amount of money, as in `12.50`.
  public static let amount = JSONSchema.text(matching: #"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"#)
  /// An object of which nothing more is said here.
  public static let object = JSONSchema(form: .object([], isClosed: false))

  /// Text whose length in Unicode scalars is limited.
  public static func text(_ length: ClosedRange<Int>) -> JSONSchema {
    JSONSchema(form: .text(length, format: nil, pattern: nil))
  }

  /// Text that a regular expression matches.
  public static func text(matching pattern: String) -> JSONSchema {
    JSONSchema(form: .text(nil, format: nil, pattern: pattern))
  }

  /// A whole number within bounds.
  public static func integer(_ range: ClosedRange<Int>) -> JSONSchema { JSONSchema(form: .integer(range)) }

  /// A number within bounds.
  public static func number(_ range: ClosedRange<Double>) -> JSONSchema { JSONSchema(form: .number(range)) }

  /// One of these words.
  public static func words(_ words: [String]) -> JSONSchema { JSONSchema(form: .words(words)) }

  /// One of the names of an enumeration's cases.
  public static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> JSONSchema {
    words(Word.allCases.map(\.rawValue))
  }

  /// An array.
  public static func list(_ element: JSONSchema, _ count: ClosedRange<Int>? = nil) -> JSONSchema {
    JSONSchema(form: .list(element, count))
  }

  /// An object of these fields and no others.
  public static func fields(_ fields: KeyValuePairs<String, JSONSchema>) -> JSONSchema {
    JSONSchema(form: .object(named(fields), isClosed: true))
  }

  /// An object of these fields and perhaps others.
  public static func open(_ fields: KeyValuePairs<String, JSONSchema>) -> JSONSchema {
    JSONSchema(form: .object(named(fields), isClosed: false))
  }

  /// An object whose fields are named by what they are about.
  public static func map(_ value: JSONSchema) -> JSONSchema { JSONSchema(form: .map(value)) }

  /// A value that fits one of these.
  public static func either(_ forms: JSONSchema...) -> JSONSchema { JSONSchema(form: .either(forms)) }

  /// The value, or `null`.
  public var orNull: JSONSchema { JSONSchema(form: .nullable(self)) }

  /// The same object with more fields.
  ///
  /// - Precondition: it is an object.
  public func with(_ more: KeyValuePairs<String, JSONSchema>) -> JSONSchema {
    with(JSONSchema.named(more))
  }

  /// The same object with the fields of another one.
  public func with(_ other: JSONSchema) -> JSONSchema {
    guard case .object(let more, _) = other.form else { preconditionFailure("only objects have fields") }
    return with(more)
  }

  private func with(_ more: [Field]) -> JSONSchema {
    guard case .object(let fields, let isClosed) = form else { preconditionFailure("only objects have fields") }
    return JSONSchema(form: .object(fields + more, isClosed: isClosed))
  }

  /// An object of these optional fields and no others, where their names follow from a type.
  public static func optionalFields(_ fields: [(name: String, schema: JSONSchema)]) -> JSONSchema {
    let all = fields.map { Field(name: $0.name, isOptional: true, schema: $0.schema) }
    return JSONSchema(form: .object(all, isClosed: true))
  }

  private static func named(_ fields: KeyValuePairs<String, JSONSchema>) -> [Field] {
    fields.map { name, schema in
      let isOptional = name.hasSuffix("?")
      return Field(name: isOptional ? String(name.dropLast()) : name, isOptional: isOptional, schema: schema)
    }
  }
}
