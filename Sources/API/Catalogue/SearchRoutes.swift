import Accounts
import Catalogue
import HTTP
import JSON
import Kernel
import Store

/// `/search`: places by name, around a point, or both; what one goes on to type; one record.
struct SearchRoutes: Sendable {
  static let path = "/search"
  /// Characters that are typed at most.
  private static let lengthMax = 100
  /// Around a point of which no radius is told, where no name is given either.
  private static let usualRadiusMetres = 5000.0
  private static let radii = 1.0...500_000

  let store: CatalogueStore

  func addRoutes(to group: RouteGroup) {
    group.get(Self.path) { request, _ in try await search(request.query) }.describe(
      .json(
        "Places by name, around a point, or both", .search,
        query: [
          "q": .text(1...Self.lengthMax), "lat": .number(-90...90), "lon": .number(-180...180),
          "radius": .number(Self.radii), "category": .text(matching: "^[a-z0-9_-]{1,40}$"), "limit": .integer(1...50),
          "cursor": .text,
        ],
        gives: PlaceSchemas.found
      ).scoped(.search))
    group.get("\(Self.path)/suggest") { request, _ in try await suggest(request.query) }.describe(
      .json(
        "What one may go on to type", .search, query: ["q!": .text(1...Self.lengthMax), "limit": .integer(1...20)],
        gives: .fields(["suggestions": .list(.fields(["id": .text, "name": .text, "category": .text, "city?": .text]))])
      ).scoped(.search))
    group.get("\(Self.path)/poi/{id*}") { _, context in
      let id = try context.parameters.require("id")
      guard (1...1200).contains(id.utf8.count), !id.utf8.contains(0), let found = try await store.find(id) else {
        throw Problem(.notFound, detail: "The catalogue has no such place; GET /v1\(Self.path)?q=NAME looks for one.")
      }
      return .json(found, fields: Self.fields)
    }.describe(.json("A place", .search, gives: PlaceSchemas.place).scoped(.search))
  }

  private static let fields: HTTPFields = ["Cache-Control": "no-cache"]

  private func search(_ parameters: QueryParameters) async throws -> Response {
    var query = try Self.query(parameters)
    query.category = try Self.category(parameters)
    query.limit = try parameters.optional("limit", as: Int.self, in: 1...50) ?? query.limit
    guard let text: String = try parameters.optional("cursor") else {
      let (page, facets) = try await store.searchWithFacets(query)
      return .json(SearchAnswer(page: page, facets: facets), fields: Self.fields)
    }
    guard let cursor = CatalogueCursor(text) else {
      throw Problem.parameter("cursor", "The query parameter 'cursor' must be the 'next' of an earlier answer.")
    }
    query.cursor = cursor
    return .json(SearchAnswer(page: try await store.search(query), facets: nil), fields: Self.fields)
  }

  private func suggest(_ parameters: QueryParameters) async throws -> Response {
    guard let text = try Self.text(parameters) else {
      throw Problem.parameter("q", "The query parameter 'q' is missing; it must be what was typed so far.")
    }
    let limit = try parameters.optional("limit", as: Int.self, in: 1...20) ?? 10
    return .json(Suggestions(places: try await store.suggest(text, limit: limit)), fields: Self.fields)
  }

  private static func query(_ parameters: QueryParameters) throws(Problem) -> CatalogueQuery {
    let text = try text(parameters)
    let latitude = try parameters.optional("lat", as: Double.self, in: -90...90)
    let longitude = try parameters.optional("lon", as: Double.self, in: -180...180)
    let radius = try parameters.optional("radius", as: Double.self, in: radii)
    guard let latitude, let longitude else {
      if latitude != nil || longitude != nil || radius != nil {
        let missing = latitude == nil ? "lat" : "lon"
        throw .parameter(missing, "The query parameter '\(missing)' is missing; a place has both 'lat' and 'lon'.")
      }
      guard let text else {
        throw .parameter("q", "The query parameter 'q' is missing; give a name, or 'lat' and 'lon', or all three.")
      }
      return CatalogueQuery(text: text)
    }
    let point = Coordinate(latitude, longitude)
    guard let text else { return CatalogueQuery(around: point, radiusMetres: radius ?? usualRadiusMetres) }
    return CatalogueQuery(text: text, near: CatalogueQuery.Near(point, radiusMetres: radius))
  }

  /// What was typed, if anything can be found by it.
  private static func text(_ parameters: QueryParameters) throws(Problem) -> String? {
    guard let text: String = try parameters.optional("q") else { return nil }
    guard text.unicodeScalars.count <= lengthMax, !foldedName(text).isEmpty else {
      throw .parameter(
        "q", "The query parameter 'q' must have 1 to \(lengthMax) characters, a letter or digit among them.")
    }
    return text
  }

  private static func category(_ parameters: QueryParameters) throws(Problem) -> String? {
    guard let name: String = try parameters.optional("category") else { return nil }
    let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    guard isPlain, (1...40).contains(name.utf8.count) else {
      throw .parameter(
        "category", "The query parameter 'category' must be a category's name, such as museum; 'facets' lists them.")
    }
    return name
  }
}
