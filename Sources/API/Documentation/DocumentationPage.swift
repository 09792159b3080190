import HTTP
import JSON
import Kernel

/// The routes as a page that needs nothing from elsewhere, and no script.
struct DocumentationPage {
  private let version: String
  private let topics: [(name: String, routes: [Route])]

  init(_ routes: [Route], version: String) {
    self.version = version
    let names = Set(routes.map { "\($0.method) \($0.pattern)" })
    var order: [String] = []
    var byTopic: [String: [Route]] = [:]
    for route in routes where !names.contains("\(route.method) /v1\(route.pattern)") {
      guard let topic = route.description?.topic else { continue }
      if byTopic[topic] == nil { order.append(topic) }
      byTopic[topic, default: []].append(route)
    }
    topics = order.map { ($0, byTopic[$0] ?? []) }
  }

  var html: String {
    var text = """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Wayfare \(version.asMarkup)</title>
      <meta name="viewport" content="width=device-width"><style>
      :root{color-scheme:light dark}
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
      summary{cursor:pointer;padding:.3rem 0}code,pre{font:13px/1.4 ui-monospace,monospace}
      code{overflow-wrap:anywhere}pre{background:#f4f4f2;
      padding:.7rem;overflow-x:auto}b.m{display:inline-block;min-width:4.2rem;color:#14532d}nav a{margin-right:1rem}
      table{border-collapse:collapse}td{padding:.1rem .8rem .1rem 0;vertical-align:top}
      @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#222}b.m{color:#86efac}
      a{color:#93c5fd}}</style></head><body><h1>Wayfare \(version.asMarkup)</h1>
      <p>For programs: <a href="/openapi.json">openapi.json</a>. Errors are problems (RFC 9457).</p><nav>
      """
    for (index, topic) in topics.enumerated() { text += "<a href=\"#t\(index)\">\(topic.name.asMarkup)</a> " }
    text += "</nav>"
    for (index, topic) in topics.enumerated() {
      text += "<h2 id=\"t\(index)\">\(topic.name.asMarkup)</h2>"
      for route in topic.routes { text += section(route) }
    }
    return text + "</body></html>"
  }

  private func section(_ route: Route) -> String {
    guard let description = route.description else { return "" }
    var text = "<details><summary><b class=\"m\">\(route.method.rawValue)</b> <code>\(route.pattern.asMarkup)</code> "
    text += "\(description.summary.asMarkup)</summary><p>\(access(description.access))</p>"
    if !description.query.isEmpty || !description.fields.isEmpty {
      text += "<table>"
      for (name, schema) in description.query.sorted(by: { $0.key < $1.key }) {
        let isRequired = name.hasSuffix("!")
        let shown = isRequired ? String(name.dropLast()) : name
        text += "<tr><td><code>?\(shown.asMarkup)</code></td><td><code>\(json(schema))</code>"
        text += "\(isRequired ? " required" : "")</td></tr>"
      }
      for name in description.fields { text += "<tr><td><code>\(name.asMarkup)</code></td><td>field</td></tr>" }
      text += "</table>"
    }
    if let body = description.body {
      text +=
        "<p>Takes \(body.types.joined(separator: ", ").asMarkup)</p><pre>\(json(body.schema, isPretty: true))</pre>"
    }
    for answer in description.answers {
      text += "<p>\(answer.status.code) \(answer.status.reason.asMarkup)</p>"
      if let body = answer.body { text += "<pre>\(json(body.schema, isPretty: true))</pre>" }
    }
    return text + "</details>"
  }

  private func access(_ access: RouteDescription.Access) -> String {
    switch access {
    case .everybody: "For everybody."
    case .tokenOptional: "With a token; some things without."
    case .token: "With a token."
    case .operators: "For operators."
    }
  }

  private func json(_ schema: JSONSchema, isPretty: Bool = false) -> String {
    String(decoding: schema.jsonBytes(isPretty: isPretty), as: UTF8.self).asMarkup
  }
}
