import HTTP
import JSON

/// `/openapi.json` and `/docs`: every route as it describes itself, for programs and for people.
struct DocumentationRoutes: Sendable {
  private let document: Response
  private let page: Response

  /// - Parameters:
  ///   - routes: what is served.
  ///   - version: of this program.
  init(_ routes: [Route], version: String) {
    let bytes = OpenAPI(title: "Wayfare", version: version, routes: routes).jsonBytes()
    document = Response(
      status: .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-cache"], body: .bytes(bytes))
    page = Response(
      status: .ok,
      fields: [
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache",
        "Content-Security-Policy": SecurityHeaders.strictest + "; style-src 'unsafe-inline'",
      ], body: .bytes(Array(DocumentationPage(routes, version: version).html.utf8)))
  }

  /// Adds both; what they tell is known once all other routes are there.
  static func add(to router: Router, version: String) {
    let box = DocumentationBox()
    router.get("/openapi.json") { _, _ in box.routes.document }
      .describe(.json("This description, as OpenAPI 3.1", .operations, gives: .object))
    router.get("/docs") { _, _ in box.routes.page }
      .describe(RouteDescription("This description, for people", "Operations", answers: [.bytes("text/html")]))
    box.fill(DocumentationRoutes(router.build().routes, version: version))
  }
}

/// Holds what is told, between the moment when the routes are added and that when all of them are known.
private final class DocumentationBox: @unchecked Sendable {
  // Written once, before anything is served; read-only from then on.
  private var filled: DocumentationRoutes?

  var routes: DocumentationRoutes {
    guard let filled else { preconditionFailure("the routes are described before they are served") }
    return filled
  }

  func fill(_ routes: DocumentationRoutes) { filled = routes }
}
