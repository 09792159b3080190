/// A request: its head, and a body that may still be on its way.
public struct Request: Sendable {
  /// The checked head.
  public var head: RequestHead
  /// The body.
  public var body: RequestBody

  /// A request from its parts.
  public init(head: RequestHead, body: RequestBody = .empty) {
    self.head = head
    self.body = body
  }

  /// The method.
  public var method: HTTPMethod { head.method }
  /// The path as it was sent, not decoded.
  public var path: String { head.path }
  /// The path for people to read.
  public var pathString: String { head.pathString }
  /// The query's parameters.
  public var query: QueryParameters { head.query }
  /// All header fields in order.
  public var headers: [(name: String, value: String)] { head.headers }
  /// The value of a header field.
  public func header(_ name: String) -> String? { head.header(name) }
}

/// What answers a request.
///
/// Under this package's settings it runs where its caller runs: on the event loop.
public typealias Handler = @Sendable (Request, RequestContext) async throws -> Response

/// What the server calls: it has an answer to everything, errors included.
public protocol Responder: Sendable {
  /// Who answers a request; the context learns what was found out about it on the way.
  ///
  /// Apart from the answering, so that the server waits for nobody but the handler.
  func chain(for request: Request, _ context: inout RequestContext) -> HandlerChain
}

extension Responder {
  /// The answer.
  public func respond(to request: Request, context: consuming RequestContext) async -> Response {
    let chain = chain(for: request, &context)
    return await chain(request, consume context)
  }
}
