public import JSON

/// What a route is, takes and gives: said where it is added, enforced where it can be, and told as OpenAPI.
///
/// A query parameter that no description names is refused; and a route without a description fails a test.
public struct RouteDescription: Sendable, Hashable {
  /// Whom a route answers.
  public enum Access: Sendable, Hashable {
    /// Everybody.
    case everybody
    /// Who shows a token; some things also everybody.
    case tokenOptional
    /// Who shows a token.
    case token
    /// Operators.
    case operators
  }

  /// A body of a request or an answer.
  public struct Body: Sendable, Hashable {
    /// Its media types.
    public var types: [String]
    /// What it says, if it is JSON or text.
    public var schema: JSONSchema
    /// Whether it must be there.
    public var isRequired: Bool

    /// A body; JSON unless said otherwise.
    public init(_ schema: JSONSchema, types: [String] = ["application/json"], isRequired: Bool = true) {
      self.types = types
      self.schema = schema
      self.isRequired = isRequired
    }
  }

  /// An answer that is no problem.
  public struct Answer: Sendable, Hashable {
    /// Its status.
    public var status: HTTPStatus
    /// What it says; nil for nothing.
    public var body: Body?

    /// JSON.
    public static func json(_ schema: JSONSchema, status: HTTPStatus = .ok) -> Answer {
      Answer(status: status, body: Body(schema))
    }

    /// Nothing but a status.
    public static func empty(_ status: HTTPStatus) -> Answer { Answer(status: status, body: nil) }

    /// Something of these types.
    public static func bytes(_ types: String...) -> Answer {
      Answer(status: .ok, body: Body(.text, types: types))
    }
  }

  /// One line for people.
  public var summary: String
  /// Under what it is listed.
  public var topic: String
  /// Whom it answers.
  public var access: Access
  /// What a program's key must have one of; none where keys do not open the route.
  public var scopes: [String] = []
  /// Parts of the path by name; what is not named is text.
  public var path: [String: JSONSchema] = [:]
  /// Parameters of the query; those whose name ends in `!` are required.
  public var query: [String: JSONSchema] = [:]
  /// Fields of the request, beside those of every request.
  public var fields: [String] = []
  /// What is sent.
  public var body: Body?
  /// What is answered.
  public var answers: [Answer]
  /// Fields of an answer that makes something, and the paths that begin with what they name; `id` is known without.
  public var made: [String: String] = [:]

  /// A description.
  public init(
    _ summary: String, _ topic: String, access: Access = .everybody, path: [String: JSONSchema] = [:],
    query: [String: JSONSchema] = [:], fields: [String] = [], body: Body? = nil, answers: [Answer]
  ) {
    self.summary = summary
    self.topic = topic
    self.access = access
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.answers = answers
  }

  /// The names of the query's parameters.
  var queryNames: [String] { query.keys.map { $0.hasSuffix("!") ? String($0.dropLast()) : $0 }.sorted() }
}

/// A route that was just added.
public final class AddedRoute {
  private(set) var description: RouteDescription?

  init() {}

  /// Says what the route is, takes and gives.
  public func describe(_ description: RouteDescription) { self.description = description }
}

/// Refuses parameters of a query that the route's description does not name.
struct QueryCheck: Filter {
  private let names: [String]

  init(_ description: RouteDescription) { names = description.queryNames }

  func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    if !request.query.isEmpty { try request.query.allow(names) }
    return nil
  }

  func leave(
    _ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response
  ) {}
}
