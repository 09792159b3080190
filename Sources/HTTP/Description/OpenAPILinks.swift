import JSON

/// Where one may go on from an answer that has made something: the operations on it, with its id in their paths.
///
/// They follow from the routes: what `POST /v1/trips` answers with an `id` is the `{trip}` of `/v1/trips/{trip}` and of all
/// below it that needs nothing else.
struct OpenAPILinks: Sendable {
  /// An operation, and where its path's parameters are found.
  struct Link: JSONWritable, Sendable {
    let operation: String
    let parameters: [(name: String, expression: String)]

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("operationId", operation)
        object.object("parameters") { all in
          for (name, expression) in parameters { all.field(named: "path.\(name)", expression) }
        }
      }
    }
  }

  private let routes: [Route]

  init(_ paths: [(path: String, routes: [Route])]) { routes = paths.flatMap(\.routes) }

  /// Where an answer to a route leads; nowhere when nothing is made.
  func links(of route: Route) -> [Link] {
    guard route.method == .post, let description = route.description,
      let body = description.answers.first(where: { $0.status == .created || $0.status == .accepted })?.body
    else { return [] }
    var starts = description.made
    if Self.tellsID(body.schema) { starts["id"] = route.pattern }
    return starts.sorted { $0.key < $1.key }.flatMap { field, start in links(from: route, field, below: start) }
  }

  private func links(from route: Route, _ field: String, below start: String) -> [Link] {
    let known = Self.names(route.pattern)
    return routes.compactMap { other in
      guard other.pattern.hasPrefix(start + "/{") else { return nil }
      let rest = other.pattern.dropFirst(start.count)
      let own = Self.names(String(rest))
      // Streams do not end.
      guard own.count == 1, !rest.contains("*"), !other.pattern.hasSuffix("/events") else { return nil }
      let outer = Self.names(start)
      guard outer.allSatisfy(known.contains) else { return nil }
      let parameters = outer.map { ($0, "$request.path.\($0)") } + [(own[0], "$response.body#/\(field)")]
      return Link(operation: OpenAPI.name(other), parameters: parameters.map { (name: $0.0, expression: $0.1) })
    }
  }

  /// What a schema tells to programs tells it here too.
  private static func tellsID(_ schema: JSONSchema) -> Bool {
    (try? JSONDocument(bytes: schema.jsonBytes()))?.root.find("/properties/id") != nil
  }

  /// The parameters of a pattern.
  private static func names(_ pattern: String) -> [String] {
    pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.filter { !"{}*".contains($0) } }
  }
}
