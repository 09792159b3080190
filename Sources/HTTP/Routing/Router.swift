/// A method and a pattern, for documentation and for tests that every route is documented.
public struct Route: Sendable, Hashable {
  /// The method.
  public let method: HTTPMethod
  /// The pattern, such as `/v1/trips/{id}`.
  public let pattern: String
  /// What it is, takes and gives.
  public let description: RouteDescription?
}

/// What routes can be added to: a router or a group of one.
///
/// Patterns begin with `/`. `{name}` takes one segment, `{name*}` at the end takes everything below. A literal
/// segment is preferred to a parameter, a parameter to `{name*}`, and a route that has the method to one that has
/// not. A slash at the end makes another path: `/v1/trips/` is not `/v1/trips`, and the answer says so.
public protocol RouteCollecting: AnyObject {
  /// Adds a route, which is then to be described.
  @discardableResult
  func on(_ method: HTTPMethod, _ pattern: String, use handler: @escaping Handler) -> AddedRoute
  /// Puts a middleware around every route here and in the groups below, whether added before or after.
  ///
  /// The first added is the outermost.
  func add(_ middleware: any Middleware)
  /// A group whose patterns begin with `prefix`; empty for a group that only shares middlewares.
  func group(_ prefix: String) -> RouteGroup
}

extension RouteCollecting {
  /// Adds a GET route, which answers HEAD too.
  @discardableResult
  public func get(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.get, pattern, use: handler)
  }
  /// Adds a POST route.
  @discardableResult
  public func post(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.post, pattern, use: handler)
  }
  /// Adds a PUT route.
  @discardableResult
  public func put(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.put, pattern, use: handler)
  }
  /// Adds a PATCH route.
  @discardableResult
  public func patch(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.patch, pattern, use: handler)
  }
  /// Adds a DELETE route.
  @discardableResult
  public func delete(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.delete, pattern, use: handler)
  }
  /// Adds a HEAD route, where HEAD is to be answered by something else than GET.
  @discardableResult
  public func head(_ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    on(.head, pattern, use: handler)
  }
}

/// Routes that share a prefix and middlewares.
public final class RouteGroup: RouteCollecting {
  private let prefix: String
  private(set) var middlewares: [any Middleware] = []
  private var routes: [PlainRoute] = []
  private var groups: [RouteGroup] = []

  init(prefix: String) {
    precondition(prefix.isEmpty || prefix.hasPrefix("/") && !prefix.hasSuffix("/"), "a prefix is like '/v1', or empty")
    self.prefix = prefix
  }

  /// Adds a route.
  @discardableResult
  public func on(_ method: HTTPMethod, _ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    let added = AddedRoute()
    routes.append(PlainRoute(method: method, pattern: pattern, handler: handler, added: added))
    return added
  }

  /// Puts a middleware around every route of the group.
  public func add(_ middleware: any Middleware) {
    middlewares.append(middleware)
  }

  /// A group within the group.
  public func group(_ prefix: String) -> RouteGroup {
    let group = RouteGroup(prefix: prefix)
    groups.append(group)
    return group
  }

  /// Every route of the group and of the groups below, with all that is around it.
  func endpoints(prefix outerPrefix: String, middlewares outer: [any Middleware]) -> [RouteEndpoint] {
    let fullPrefix = outerPrefix + prefix
    let around = outer + middlewares
    let own = routes.map { route in
      let pattern = RoutePattern(route.pattern == "/" && !fullPrefix.isEmpty ? fullPrefix : fullPrefix + route.pattern)
      let description = route.added.description
      // Innermost, so that who may not ask at all hears that first.
      let checks: [any Middleware] = description.map { [QueryCheck($0)] } ?? []
      return RouteEndpoint(
        method: route.method, pattern: pattern, chain: composed(around + checks, around: route.handler),
        description: description)
    }
    return own + groups.flatMap { $0.endpoints(prefix: fullPrefix, middlewares: around) }
  }
}

/// Where routes are collected before they are frozen.
///
///     let router = Router()
///     router.add(Compression())
///     router.get("/v1/trips/{id}") { request, context in
///       let id = try context.parameters.require("id", as: Int64.self)
///       return .text("trip \(id)")
///     }
///     let tree = router.build()
public final class Router: RouteCollecting {
  private let root = RouteGroup(prefix: "")

  /// A router without routes.
  public init() {}

  /// Adds a route.
  @discardableResult
  public func on(_ method: HTTPMethod, _ pattern: String, use handler: @escaping Handler) -> AddedRoute {
    root.on(method, pattern, use: handler)
  }

  /// Puts a middleware around everything, also around the answers for paths that no route has.
  public func add(_ middleware: any Middleware) {
    root.add(middleware)
  }

  /// A group whose patterns begin with `prefix`.
  public func group(_ prefix: String) -> RouteGroup {
    root.group(prefix)
  }

  /// Freezes the routes.
  ///
  /// - Precondition: no two routes have the same method and match the same paths; patterns are well-formed.
  public func build() -> RouteTree {
    RouteTree(endpoints: root.endpoints(prefix: "", middlewares: []), around: root.middlewares)
  }
}

/// A route as it was added.
///
/// A struct and no tuple, because an array of tuples would wrap the handler in a thunk.
private struct PlainRoute {
  let method: HTTPMethod
  let pattern: String
  let handler: Handler
  let added: AddedRoute
}

/// A route with its handler, middlewares included.
///
/// A class, so that a request's context learns all of it by one reference.
final class RouteEndpoint: Sendable {
  let method: HTTPMethod
  let pattern: RoutePattern
  let parameterNames: ParameterNames
  let chain: HandlerChain
  let description: RouteDescription?

  init(method: HTTPMethod, pattern: RoutePattern, chain: HandlerChain, description: RouteDescription? = nil) {
    self.description = description
    self.method = method
    self.pattern = pattern
    parameterNames = ParameterNames(pattern)
    self.chain = chain
  }
}
