/// The routes, frozen: finds the handler for a request and answers with it.
///
/// It has an answer to everything.
///
/// - HEAD is answered by the GET route where there is none for HEAD; the server leaves the body out.
/// - OPTIONS is answered with `Allow` where there is no route for it.
/// - A path that no route matches is 404; one that routes match, but none with the method, is 405 with `Allow`.
/// - What a handler throws becomes a problem; what it was, if not a problem, is for the log alone.
public final class RouteTree: Responder {
  private let trie: RouteTrie
  private let endpoints: [RouteEndpoint]
  private let around: [any Middleware]

  init(endpoints: [RouteEndpoint], around: [any Middleware]) {
    trie = RouteTrie(endpoints)
    self.endpoints = endpoints
    self.around = around
  }

  /// Every route, in the order in which they were added, groups after the routes beside them.
  public var routes: [Route] {
    endpoints.map { Route(method: $0.method, pattern: $0.pattern.text, description: $0.description) }
  }

  /// The route's handler, or what stands in for it; the context learns the route and its parameters.
  public func chain(for request: Request, _ context: inout RequestContext) -> HandlerChain {
    var captures = RouteTrie.Captures()
    let facts = request.head.facts
    let lookup = request.head.storage.withBytes(facts.path) { path -> Result<Int?, Problem> in
      if let problem = PathCheck.problem(path) { return .failure(problem) }
      return .success(trie.find(facts.method, path, &captures))
    }
    switch lookup {
    case .success(.some(let index)):
      let endpoint = endpoints[index]
      context.found(endpoint, index: index, captures)
      return endpoint.chain
    case .success(.none):
      let standIn = standIn(for: request.head)
      return composed(around) { _, _ in try standIn.get() }
    case .failure(let problem):
      return composed(around) { _, _ in throw problem }
    }
  }

  /// What is answered where no route is found.
  private func standIn(for head: RequestHead) -> Result<Response, Problem> {
    let methods = head.storage.withBytes(head.facts.path, allowedMethods)
    if head.method == .options, !methods.isEmpty || head.path == "*" {
      return .success(Response(status: .noContent, fields: ["Allow": Self.allow(methods)]))
    }
    guard !methods.isEmpty else { return .failure(notFound(head)) }
    let allow = Self.allow(methods)
    return .failure(
      Problem(
        .methodNotAllowed, detail: "\(head.method) is not offered here; this path answers \(allow).",
        fields: ["Allow": allow]))
  }

  private func allowedMethods(_ path: UnsafeBufferPointer<UInt8>) -> [HTTPMethod] {
    if path.first == Byte.asterisk { return endpoints.map(\.method) }
    return trie.methods(path)
  }

  private func notFound(_ head: RequestHead) -> Problem {
    let path = head.pathString
    let hasShorterRoute = head.storage.withBytes(head.facts.path) { path in
      path.count > 1 && path.last == Byte.slash && !trie.methods(UnsafeBufferPointer(rebasing: path.dropLast())).isEmpty
    }
    let shown = shortened(path, to: 120)
    return Problem(
      .notFound,
      detail: hasShorterRoute
        ? "There is nothing at \(shown); leave out the slash at its end." : "There is nothing at \(shown).")
  }

  /// The value of `Allow`: GET brings HEAD, and OPTIONS is always there.
  static func allow(_ methods: [HTTPMethod]) -> String {
    var result: [HTTPMethod] = []
    for method in methods + (methods.contains(.get) ? [.head] : []) + [.options] where !result.contains(method) {
      result.append(method)
    }
    return result.map(\.rawValue).joined(separator: ", ")
  }
}
