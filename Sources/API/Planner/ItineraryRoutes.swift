import HTTP
import ItineraryWire
import JSON
import Kernel
import Store
import Trips
import Telemetry

/// `/v1/itineraries`: what was planned, and the option of it that is booked.
struct ItineraryRoutes: Sendable {
  let gate: PlanGate
  let jobs: JobStore
  /// Who sells and who collects money; nil where nobody does.
  let counter: BookingCounter?
  private var store: ItineraryStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.onItinerary(
      .get, "", .follow, group, .json("An itinerary with its options", .plans, gives: ItineraryJSON.schema).conditional
    ) { visit, id in
      guard let found = try await store.find(id) else { throw Problem.noItinerary }
      return try await shown(found, next: nil, visit.request)
    }
    gate.onItinerary(
      .get, "/options/{n}", .follow, group,
      .json("An option", .plans, gives: OptionAnswer.schema).conditional
    ) { visit, id in
      let number = try visit.context.parameters.require("n", as: Int.self)
      guard let found = try await store.find(id, option: number) else { throw Problem.noItinerary }
      return try await option(number, of: found, visit.request)
    }
    gate.onItinerary(
      .post, "/options/{n}/select", .edit, group,
      .json(
        "Books from an option", .plans, fields: ["Idempotency-Key", "If-Match"], takes: TravellersWish.schema,
        gives: SelectionJSON.schema, status: .accepted)
    ) { try await select($0, $1) }
  }

  // MARK: Looking

  /// An itinerary; what is not planned has no version yet.
  func shown(_ itinerary: StoredItinerary, next: StoredItinerary?, _ request: Request) async throws -> Response {
    let standing = try await standing(itinerary)
    let isSettled = itinerary.plan != nil && next == nil
    if isSettled, try request.isNotModified(itinerary.etag) { return .notModified(itinerary.etag) }
    let following: (itinerary: StoredItinerary, standing: ItineraryStanding)? =
      if let next { (next, try await self.standing(next)) } else { nil }
    let response = Response.json(
      try ItineraryJSON(itinerary, standing, next: following), fields: ["Cache-Control": "no-cache"])
    return itinerary.plan == nil ? response : response.with(itinerary.etag)
  }

  func standing(_ itinerary: StoredItinerary) async throws -> ItineraryStanding {
    if itinerary.plan != nil { return .ready }
    return ItineraryStanding(itinerary, try await jobs.find(itinerary.job))
  }

  private func option(_ number: Int, of itinerary: StoredItinerary, _ request: Request) async throws -> Response {
    guard let plan = itinerary.plan else { throw Problem.notPlanned(try await standing(itinerary), itinerary) }
    guard let option = plan.options.first else {
      throw Problem(
        .notFound, detail: "This itinerary has no option \(number); GET /v1/itineraries/\(itinerary.id) lists them.")
    }
    if try request.isNotModified(itinerary.etag) { return .notModified(itinerary.etag) }
    let answer = OptionAnswer(
      itinerary: itinerary, option: try OptionJSON(option),
      currency: try JSONDocument(text: plan.summary).root.find("/currency")?.string)
    return Response.json(answer, fields: ["Cache-Control": "no-cache"]).with(itinerary.etag)
  }

  private struct OptionAnswer: JSONWritable {
    static let schema: JSONSchema = OptionJSON.schema.with([
      "itinerary": .id, "trip": .id, "revision": .integer, "currency?": .text,
    ])

    let itinerary: StoredItinerary
    let option: OptionJSON
    let currency: String?

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("itinerary", itinerary.id.description)
        object.field("trip", itinerary.trip.description)
        object.field("revision", itinerary.revision)
        object.field("currency", ifPresent: currency)
        option.write(to: &object)
      }
    }
  }

  // MARK: Selecting

  private func select(_ visit: PlanVisit, _ id: ItineraryID) async throws -> Response {
    let request = visit.request
    let number = try visit.context.parameters.require("n", as: Int.self)
    let key = try request.idempotencyKey()
    let document = try await request.optionalJSONDocument(limit: TravellersWish.bytesMax)
    let naming = try document.map { try TravellersWish.naming($0.root, by: visit.caller, counter) }
    var revision: Int64?
    if request.header("If-Match") != nil {
      guard let found = try await store.find(id, option: number) else { throw Problem.noItinerary }
      // Whoever repeats a selection names the version from before it, and is to hear of the first.
      if found.selection == nil {
        try request.checkIfMatch(found.plan == nil ? nil : found.etag)
        revision = found.revision
      }
    }
    let wish = SelectionWish(
      id, option: number, revision: revision,
      request: key.map {
        RepeatableRequest(
          caller: visit.caller.keySpace, key: $0,
          content: Array("select \(id) \(number)".utf8) + (document?.root.jsonBytes() ?? []))
      },
      trace: visit.context.trace?.traceparent, naming: naming)
    let outcome = try await store.select(wish, by: visit.writing) { document, summary in
      let currency = try JSONDocument(text: summary).root.find("/currency")?.string ?? ""
      return try BookableParts(document, currency: currency).parts.map { part in
        switch part {
        case .leg(let details): BookingOrder(.leg, details: details)
        case .stay(let details): BookingOrder(.stay, details: details)
        }
      }
    }
    switch outcome {
    // The same however often a request is repeated.
    case .selected(let selection), .already(let selection):
      return .json(
        try SelectionJSON(selection), status: .accepted,
        fields: ["Location": "/v1/itineraries/\(selection.itinerary)", "Cache-Control": "no-store"])
    default: throw try await refusal(outcome, id, number)
    }
  }

  private func refusal(_ outcome: Selecting, _ id: ItineraryID, _ number: Int) async throws -> Problem {
    switch outcome {
    case .selected, .already: Problem(.internalServerError)
    case .other(let selection): Problem.booked(selection.itinerary, option: selection.option)
    case .noItinerary: Problem.noItinerary
    case .stale: Problem.versionChanged
    case .notPlanned:
      if let found = try await store.find(id) {
        Problem.notPlanned(try await standing(found), found)
      } else {
        Problem.noItinerary
      }
    case .noOption(let count):
      Problem(
        .notFound,
        detail: count == 0
          ? "This itinerary has no options, because nothing keeps what was asked; its relaxations say what would help."
          : "This itinerary has no option \(number), it has 1 to \(count).")
    case .different: Problem.keyUsedBefore
    case .inFlight: Problem.keyUnderWay
    }
  }
}

extension Problem {
  static var noItinerary: Problem {
    Problem(
      .notFound, detail: "There is no such itinerary, or none any more; POST /v1/planner/{trip_id}/generate plans one.")
  }

  static func notPlanned(_ standing: ItineraryStanding, _ itinerary: StoredItinerary) -> Problem {
    let detail =
      switch standing {
      case .failed(let reason):
        "This itinerary could not be planned: \(reason). Ask for another with what is wrong put right."
      case .cancelled: "The planning of this itinerary was cancelled; ask for another."
      case .planning, .ready:
        "This itinerary is still being planned; GET /v1/jobs/\(itinerary.job) tells how far it is."
      }
    let isPlanning = if case .planning = standing { true } else { false }
    return Problem(
      .conflict, name: "itinerary-not-planned", title: "Itinerary not planned", detail: detail,
      fields: isPlanning ? ["Retry-After": "1"] : [:])
  }

  static func booked(_ itinerary: ItineraryID, option: Int) -> Problem {
    Problem(
      .conflict, name: "trip-selected", title: "Another option is selected",
      detail:
        "Option \(option) of itinerary \(itinerary) is selected, and the trip is booked from it; to book something else, plan it as another trip."
    )
  }

  static var keyUsedBefore: Problem {
    Problem(
      .unprocessableContent, name: "idempotency-key", title: "Idempotency key used before",
      detail: "This Idempotency-Key came with another request before; send a new key with a new request.")
  }

  static var keyUnderWay: Problem {
    Problem(
      .conflict, name: "idempotency-key", title: "Request under way",
      detail: "A request with this Idempotency-Key is being carried out right now; ask again in a moment.",
      fields: ["Retry-After": "1"])
  }
}
