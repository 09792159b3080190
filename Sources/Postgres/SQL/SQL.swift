/// A statement and the values bound to it.
///
/// Its text comes from literals alone: `"SELECT name FROM trip WHERE id = \(id)"` binds `id` as `$1`, and a string
/// that was computed cannot become SQL, because the literal parts have the type `StaticString`. A nested
/// statement is spliced in and its parameters renumbered, so that conditions can be put together:
///
/// ```swift
/// let condition: SQL = "owner = \(owner)"
/// let statement: SQL = "SELECT id FROM trip WHERE \(condition) AND starts > \(date)"
/// ```
public struct SQL: Sendable, ExpressibleByStringInterpolation {
  /// The text as the server sees it, with `$1`, `$2`, … where values stand.
  public private(set) var text: String
  private(set) var parameters = Parameters()
  /// Where in `text`, in UTF-8 bytes, the mark of each parameter begins.
  private var marks: [Int] = []

  /// A statement without values.
  public init(stringLiteral value: StaticString) { text = value.description }

  /// A statement put together from literals, values and other statements.
  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.statement }

  /// Takes any text as SQL; never to be given what came from outside.
  ///
  /// For statements read from files that ship with the program, such as migrations.
  public init(unsafe text: String) { self.text = text }

  private init(reservingBytes count: Int) {
    text = ""
    text.reserveCapacity(count)
  }

  /// Collects the pieces of an interpolated statement.
  public struct StringInterpolation: StringInterpolationProtocol {
    var statement: SQL

    /// Starts an empty statement.
    public init(literalCapacity: Int, interpolationCount: Int) {
      statement = SQL(reservingBytes: literalCapacity + interpolationCount * 3)
    }

    /// Takes a piece of the literal.
    public mutating func appendLiteral(_ literal: StaticString) { statement.text += literal.description }

    /// Binds a value.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) { statement.bind(value) }

    /// Binds a value, or NULL where there is none.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) { statement.bind(value) }

    /// Splices another statement in.
    public mutating func appendInterpolation(_ fragment: SQL) { statement.append(fragment) }

    /// Splices text in as it is; never to be given what came from outside.
    public mutating func appendInterpolation(unsafe text: String) { statement.text += text }
  }

  private mutating func bind<Value: PostgresEncodable>(_ value: Value) {
    parameters.append(value)
    mark()
  }

  private mutating func mark() {
    marks.append(text.utf8.count)
    text += "$"
    text += String(marks.count)
  }

  /// Adds a statement to the end of this one and renumbers its parameters.
  ///
  /// - Complexity: O(*n*) in the fragment's length.
  public mutating func append(_ fragment: SQL) {
    parameters.append(contentsOf: fragment.parameters)
    guard !marks.isEmpty, !fragment.marks.isEmpty else {
      let shift = text.utf8.count
      marks += fragment.marks.map { $0 + shift }
      text += fragment.text
      return
    }
    let bytes = fragment.text.utf8
    var rest = bytes.startIndex
    for (index, offset) in fragment.marks.enumerated() {
      let start = bytes.index(bytes.startIndex, offsetBy: offset)
      text += fragment.text[rest..<start]
      mark()
      rest = bytes.index(start, offsetBy: 1 + String(index + 1).utf8.count)
    }
    text += fragment.text[rest...]
  }
}

extension Sequence<SQL> {
  /// The statements as one, with a separator between them: `conditions.joined(separator: " AND ")`.
  public func joined(separator: SQL) -> SQL {
    var joined: SQL = ""
    var isFirst = true
    for fragment in self {
      if !isFirst { joined.append(separator) }
      joined.append(fragment)
      isFirst = false
    }
    return joined
  }
}

extension SQL: CustomStringConvertible {
  /// The text without the values, which may be private.
  public var description: String { text }
}
