import Accounts
import EventLoop
import HTTP
import JSON
import Kernel
import Transport
import TransportWire

/// `/transport`: journeys, lines, and what stops around a point.
struct TransportRoutes: Sendable {
  private static let radii = 1.0...5000.0

  private static let asked: [String: JSONSchema] = [
    "from!": .text(1...300), "to!": .text(1...300), "at": .text(1...40), "arrive_by": .text(1...40),
    "window": .text(1...10), "via": .text(1...300), "criteria": .text, "full": .boolean, "currency": .text(3...3),
    "rider": .text, "modes": .text, "max_walk": .integer(JourneyWishes.walkMetres), "access": .text, "egress": .text,
    "direct": .text, "change_time": .integer(JourneyWishes.changes), "wheelchair": .boolean, "bikes": .boolean,
    "explain": .boolean,
  ]

  let desk: TransportDesk

  func addRoutes(to group: RouteGroup) {
    group.get("/transport/options") { request, _ in try await options(request.query) }.describe(
      .json("Journeys that none beats", .journeys, query: Self.asked, gives: JourneySchemas.journeys).scoped(.plan))
    group.post("/transport/multi-leg") { request, _ in
      try await MultiLeg(try await request.json(as: JSONNode.self, limit: 64 * 1024)).answer(desk)
    }.describe(
      .json("Several journeys one after the other", .journeys, takes: MultiLeg.schema, gives: JourneySchemas.legs)
        .scoped(.plan))
    group.get("/transport/local-transit") { request, _ in try await nearby(request.query) }.describe(
      .json(
        "Stops and lines around a point", .journeys,
        query: [
          "lat!": .number(-90...90), "lon!": .number(-180...180), "radius": .number(Self.radii),
          "limit": .integer(1...100),
        ], gives: JourneySchemas.nearby
      ).scoped(.plan))
    // A line's own id may have slashes.
    group.get("/transport/route/{id*}") { _, context in try await line(try context.parameters.require("id")) }.describe(
      .json("A line", .journeys, gives: JourneySchemas.line).scoped(.plan))
  }

  // MARK: Journeys

  private func options(_ query: QueryParameters) async throws -> Response {
    let (from, to) = (try place(query, "from"), try place(query, "to"))
    let wishes = try wishes(query)
    let time = try Self.time(query)
    let vias = try vias(query)
    let explains = try query.optional("explain", as: Bool.self) ?? false
    let bytes = try await desk.ask { router -> [UInt8] in
      do {
        var request = RouteRequest(from: from, to: to, time: try time.time(router, from: from, to: to))
        wishes.apply(to: &request)
        request.vias = vias
        let start = EventLoop.nanoseconds
        let answer = try router.route(request)
        let took = Int((EventLoop.nanoseconds &- start) / 1000)
        return RouteAnswerJSON(
          answer, microseconds: took, explanations: explains ? Explanation.all(of: answer.journeys, for: request) : []
        ).jsonBytes()
      } catch let error as RouteError {
        throw error.problem(JourneyFields(), from: from, to: to, status: .badRequest) ?? error
      }
    }
    return Response(reckoned: bytes)
  }

  private func place(_ query: QueryParameters, _ name: String) throws(Problem) -> String {
    guard let text: String = try query.optional(name), (1...300).contains(text.utf8.count) else {
      throw .parameter(
        name, "The query parameter '\(name)' must be a place: lat,lon or stop:FEED:STOP_ID or place:NAME.")
    }
    return text
  }

  private func wishes(_ query: QueryParameters) throws(Problem) -> JourneyWishes {
    var wishes = JourneyWishes()
    wishes.walkMetresMax =
      try query.optional("max_walk", as: Int.self, in: JourneyWishes.walkMetres) ?? wishes.walkMetresMax
    wishes.changeSeconds = try query.optional("change_time", as: Int.self, in: JourneyWishes.changes) ?? 0
    wishes.isFull = try query.optional("full", as: Bool.self) ?? false
    wishes.needsWheelchair = try query.optional("wheelchair", as: Bool.self) ?? false
    wishes.needsBikes = try query.optional("bikes", as: Bool.self) ?? false
    wishes.rider = try query.optional("rider")
    wishes.modes = try word(query, "modes") { (text) throws(WordFault) in
      try JourneyWishes.modes(text.split(separator: ",").map(String.init))
    }
    func ways(_ name: String) throws(Problem) -> Set<OwnWay>? {
      try word(query, name) { (text) throws(WordFault) in
        try JourneyWishes.ways(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
      }
    }
    wishes.accessWays = try ways("access") ?? wishes.accessWays
    wishes.egressWays = try ways("egress") ?? wishes.egressWays
    wishes.directWays = try ways("direct") ?? wishes.directWays
    wishes.criteria =
      try word(query, "criteria") { (text) throws(WordFault) in try JourneyWishes.criteria(text) } ?? []
    wishes.currency = try word(query, "currency") { (text) throws(WordFault) in try JourneyWishes.currency(text) }
    return wishes
  }

  private func word<Value>(
    _ query: QueryParameters, _ name: String, _ read: (String) throws(WordFault) -> Value
  ) throws(Problem) -> Value? {
    guard let text: String = try query.optional(name) else { return nil }
    do throws(WordFault) {
      return try read(text)
    } catch {
      throw .parameter(name, "The query parameter '\(name)' \(error.complaint).")
    }
  }

  private static func time(_ query: QueryParameters) throws(Problem) -> JourneyTime {
    let (at, by, window): (String?, String?, String?) = (
      try query.optional("at"), try query.optional("arrive_by"), try query.optional("window")
    )
    do throws(JourneyTimeFault) {
      return try JourneyTime(at: at, arriveBy: by, window: window)
    } catch {
      let name =
        switch error.field {
        case .at: "at"
        case .arriveBy: "arrive_by"
        case .window: "window"
        }
      throw .parameter(name, "The query parameter '\(name)' \(error.complaint).")
    }
  }

  private func vias(_ query: QueryParameters) throws(Problem) -> [Via] {
    let places = try query.values("via")
    guard places.count <= Transport.Router.viasMax, places.allSatisfy({ (1...300).contains($0.utf8.count) }) else {
      throw .parameter(
        "via", "The query parameter 'via' must be a place, and there at most \(Transport.Router.viasMax) times.")
    }
    return places.map { Via($0) }
  }

  // MARK: Lines and stops

  private func line(_ id: String) async throws -> Response {
    let found = try await desk.ask { router in try router.line(id).map { LineJSON($0).jsonBytes() } }
    guard let found else {
      throw Problem(
        .notFound,
        detail: "The timetables have no such line; journeys tell the ids of theirs as 'route', such as city:U2.")
    }
    return Response(
      status: .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-cache"], body: .bytes(found))
  }

  private func nearby(_ query: QueryParameters) async throws -> Response {
    guard let latitude = try query.optional("lat", as: Double.self, in: -90...90),
      let longitude = try query.optional("lon", as: Double.self, in: -180...180)
    else {
      let missing = try query.value("lat") == nil ? "lat" : "lon"
      throw Problem.parameter(missing, "The query parameter '\(missing)' is missing; a point has both 'lat' and 'lon'.")
    }
    let radius = try query.optional("radius", as: Double.self, in: Self.radii) ?? 500
    let limit = try query.optional("limit", as: Int.self, in: 1...100) ?? 20
    let point = Coordinate(latitude, longitude)
    return Response(
      reckoned: try await desk.ask { router in
        NearbyJSON(try router.nearby(point, metres: radius, limit: limit)).jsonBytes()
      })
  }
}
