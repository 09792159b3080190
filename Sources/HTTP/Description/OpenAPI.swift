public import JSON

/// The routes as OpenAPI 3.1.
///
/// Of a route that is there with the version and without it, the one with the version is told.
public struct OpenAPI: JSONWritable {
  private let title: String
  private let version: String
  private let paths: [(path: String, routes: [Route])]
  private let links: OpenAPILinks

  /// The routes that have a description.
  public init(title: String, version: String, routes: [Route]) {
    self.title = title
    self.version = version
    let patterns = Set(routes.map { "\($0.method) \($0.pattern)" })
    var order: [String] = []
    var byPath: [String: [Route]] = [:]
    for route in routes where route.description != nil && !patterns.contains("\(route.method) /v1\(route.pattern)") {
      let path = Self.path(route.pattern)
      if byPath[path] == nil { order.append(path) }
      byPath[path, default: []].append(route)
    }
    paths = order.sorted().map { ($0, byPath[$0] ?? []) }
    links = OpenAPILinks(paths)
  }

  /// `{id*}` is told as `{id}`: OpenAPI has no word for several segments.
  static func path(_ pattern: String) -> String { pattern.filter { $0 != "*" } }

  /// What a route is called.
  static func name(_ route: Route) -> String {
    let words = path(route.pattern).split { "/{}.-".contains($0) }
    return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "-")
  }

  /// Writes the document.
  public func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("openapi", "3.1.0")
      object.object("info") {
        $0.field("title", title)
        $0.field("version", version)
        $0.field(
          "description",
          "Everything below /v1 but runtime-settings and jobs is also served without the version. Errors are problems (RFC 9457)."
        )
        $0.object("license") { $0.field("name", "Apache-2.0") }
      }
      object.array("servers") { array in array.object { $0.field("url", "/") } }
      object.object("paths") { all in
        for (path, routes) in paths {
          all.object(named: path) { operations in
            for route in routes {
              guard let description = route.description else { continue }
              operations.field(
                named: route.method.rawValue.lowercased(),
                OpenAPIOperation(route: route, description: description, links: links.links(of: route)))
            }
          }
        }
      }
      object.object("components") {
        $0.field("schemas", Problems()); $0.field("securitySchemes", Schemes())
      }
    }
  }

  private struct Problems: JSONWritable {
    func write(to writer: inout JSONWriter) {
      writer.object { $0.field("Problem", Problem.schema) }
    }
  }

  private struct Schemes: JSONWritable {
    func write(to writer: inout JSONWriter) {
      writer.object { object in
        for name in ["token", "operator"] as [StaticString] {
          object.object(name) {
            $0.field("type", "http")
            $0.field("scheme", "bearer")
          }
        }
      }
    }
  }
}

extension Problem {
  /// A problem as it travels.
  static let schema: JSONSchema = .open([
    "type": .text, "title": .text, "status": .integer(400...599), "detail?": .text, "instance?": .text,
    "requestId": .text, "errors?": .list(.fields(["pointer": .text, "detail": .text])),
  ])
}

private struct OpenAPIOperation: JSONWritable {
  let route: Route
  let description: RouteDescription
  let links: [OpenAPILinks.Link]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("summary", description.summary)
      object.field("operationId", OpenAPI.name(route))
      object.field("tags", [description.topic])
      write(security: description.access, to: &object)
      let parameters = parameters
      if !parameters.isEmpty { object.field("parameters", parameters) }
      if let body = description.body {
        object.object("requestBody") {
          $0.field("required", body.isRequired)
          $0.field("content", Content(body: body))
        }
      }
      object.object("responses") { responses in
        for answer in description.answers {
          let makes = answer.status == .created || answer.status == .accepted
          responses.field(named: "\(answer.status.code)", Told(answer: answer, links: makes ? links : []))
        }
        responses.object("default") { object in
          object.field("description", "A problem")
          object.object("content") { content in
            content.object("application/problem+json") { type in
              type.object("schema") { $0.field("$ref", "#/components/schemas/Problem") }
            }
          }
        }
      }
    }
  }

  private func write(security access: RouteDescription.Access, to object: inout JSONObjectWriter) {
    object.array("security") { array in
      switch access {
      case .everybody: break
      case .tokenOptional:
        array.object { _ in }
        array.object { $0.field("token", description.scopes) }
      case .token: array.object { $0.field("token", description.scopes) }
      case .operators: array.object { $0.field("operator", [String]()) }
      }
    }
  }

  private var parameters: [Parameter] {
    let names = OpenAPI.path(route.pattern).split(separator: "/").filter { $0.hasPrefix("{") }
    var all = names.map { piece in
      let name = String(piece.dropFirst().dropLast())
      return Parameter(name: name, place: "path", isRequired: true, schema: description.path[name] ?? .text)
    }
    for (name, schema) in description.query.sorted(by: { $0.key < $1.key }) {
      let isRequired = name.hasSuffix("!")
      all.append(
        Parameter(
          name: isRequired ? String(name.dropLast()) : name, place: "query", isRequired: isRequired, schema: schema))
    }
    for name in description.fields {
      all.append(Parameter(name: name, place: "header", isRequired: false, schema: .text))
    }
    return all
  }

  private struct Parameter: JSONWritable {
    let name: String
    let place: String
    let isRequired: Bool
    let schema: JSONSchema

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("name", name)
        $0.field("in", place)
        $0.field("required", isRequired)
        $0.field("schema", schema)
      }
    }
  }

  private struct Content: JSONWritable {
    let body: RouteDescription.Body

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        for type in body.types { object.object(named: type) { $0.field("schema", body.schema) } }
      }
    }
  }

  private struct Told: JSONWritable {
    let answer: RouteDescription.Answer
    let links: [OpenAPILinks.Link]

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("description", answer.status.reason)
        if let body = answer.body { $0.field("content", Content(body: body)) }
        if !links.isEmpty { $0.object("links") { all in for link in links { all.field(named: link.operation, link) } } }
      }
    }
  }
}
