import Accounts
import HTTP
import ItineraryWire
import JSON
import Kernel
import Store
import Telemetry
import Trips

/// `/planner/{trip_id}`: have a trip planned, see what stands for it, change its days.
struct PlannerRoutes: Sendable {
  /// Bytes of a change.
  private static let bytesMax = 64 * 1024
  /// What plans trips.
  static let kind = "itinerary.plan"

  private static let option: [String: JSONSchema] = ["option": .integer(1...1000)]
  private static let names: [String: JSONSchema] = [
    "day": .text(matching: "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[1-9][0-9]{0,3})$"),
    "id": .text(matching: "^a[1-9][0-9]{0,5}$"),
  ]

  /// A request: its fields are those of the published form, which also says what each of them may be.
  private static let wish: JSONSchema = {
    let needed: JSONSchema = .fields(["origin": .text, "destinations": .list(.any), "dates": .object])
    do {
      let form = try JSONDocument(bytes: TripSchema.bytes).root
      let names = try form.find("/properties")?.members.map(\.name) ?? []
      let others = names.filter { !["origin", "destinations", "dates"].contains($0) }
      return needed.with(.optionalFields(others.map { (name: $0, schema: .any) }))
    } catch {
      preconditionFailure("the form of requests that the program brings cannot be read: \(error)")
    }
  }()

  let gate: PlanGate
  let itineraries: ItineraryRoutes
  let editing: EditingDesk
  let kinds: [JobKind]
  private var store: ItineraryStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.onTrip(
      .post, "/generate", .edit, group,
      .json(
        "Has a trip planned", .plans, fields: ["Idempotency-Key"],
        takes: Self.wish,
        gives: .fields(["trip": .id, "itinerary": .id, "job": .text, "links": .map(.text)]), status: .accepted
      ).scoped(.plan).making(["itinerary": "/v1/itineraries", "job": "/v1/jobs"])
    ) { try await generate($0) }
    gate.onTrip(
      .get, "/itinerary", .follow, group,
      .json("What stands for the trip", .plans, gives: ItineraryJSON.schema).conditional
    ) { visit in
      let found = try await find(visit.trip)
      return try await itineraries.shown(found.current, next: found.next, visit.request)
    }
    gate.onTrip(
      .put, "/day/{day}", .edit, group,
      .json(
        "Makes a day what the body says", .plans, path: Self.names, query: Self.option, fields: ["If-Match"],
        takes: OptionQuestion.activities, gives: Edited.schema)
    ) { visit in
      let day = try visit.context.parameters.require("day", as: TripDay.self)
      return try await edit(visit) { .day(day, try await visit.request.json(limit: Self.bytesMax)) }
    }
    gate.onTrip(
      .post, "/activity/add", .edit, group,
      .json(
        "Puts something in", .plans, path: Self.names, query: Self.option, fields: ["If-Match"],
        takes: OptionQuestion.addition, gives: Edited.schema, status: .created)
    ) { visit in
      try await edit(visit, status: .created) { .add(try await visit.request.json(limit: Self.bytesMax)) }
    }
    gate.onTrip(
      .delete, "/activity/{id}", .edit, group,
      .json(
        "Takes something out", .plans, path: Self.names, query: Self.option, fields: ["If-Match"], gives: Edited.schema)
    ) { visit in
      let activity = try visit.context.parameters.require("id", as: ActivityName.self)
      return try await edit(visit) { .remove(activity) }
    }
  }

  // MARK: Planning

  private func generate(_ visit: PlanVisit) async throws -> Response {
    let (request, trip) = (visit.request, visit.trip)
    let key = try request.idempotencyKey()
    let document = try await request.jsonDocument(limit: JobRequest.bytesMax)
    guard let kind = kinds.first(where: { $0.name == Self.kind }) else {
      throw Problem(
        .serviceUnavailable, name: "no-planner", title: "No planner", detail: "This server does not take plans.")
    }
    let bytes = document.root.jsonBytes()
    guard bytes.count <= NewJob.Limits.payload else { throw Problem.contentTooLarge(limit: NewJob.Limits.payload) }
    try await editing.check(document)
    var job = NewJob(kind: kind.name, payload: String(decoding: bytes, as: UTF8.self))
    job.queue = kind.queue
    job.attemptsMax = kind.attemptsMax
    job.trace = visit.context.trace?.traceparent
    let repeatable = key.map {
      RepeatableRequest(caller: visit.caller.keySpace, key: $0, content: Array("generate \(trip) ".utf8) + bytes)
    }
    switch try await store.order(trip, job, repeatable, by: visit.writing) {
    case .ordered(let itinerary, let job):
      return .json(
        Ordered(trip: trip, itinerary: itinerary, job: job), status: .accepted,
        fields: ["Location": "/v1/itineraries/\(itinerary)"])
    case .booked(let itinerary, let option): throw Problem.booked(itinerary, option: option)
    case .different: throw Problem.keyUsedBefore
    case .inFlight: throw Problem.keyUnderWay
    }
  }

  private struct Ordered: JSONWritable {
    let trip: TripID
    let itinerary: ItineraryID
    let job: JobID

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("trip", trip.description)
        object.field("itinerary", itinerary.description)
        object.field("job", job.description)
        object.object("links") { links in
          links.field("itinerary", "/v1/planner/\(trip)/itinerary")
          links.field("job", "/v1/jobs/\(job)")
          links.field("events", "/v1/jobs/\(job)/events")
        }
      }
    }
  }

  private func find(_ trip: TripID) async throws -> (current: StoredItinerary, next: StoredItinerary?) {
    guard let found = try await store.itineraries(of: trip) else {
      throw Problem(
        .notFound, detail: "Nothing is planned for this trip; POST /v1/planner/\(trip)/generate has it planned.")
    }
    return found
  }

  // MARK: Changing

  private func edit(
    _ visit: PlanVisit, status: HTTPStatus = .ok, _ question: () async throws -> OptionQuestion
  ) async throws -> Response {
    let request = visit.request
    let wanted = try request.query.optional("option", as: Int.self, in: 1...1000)
    let itinerary = try await find(visit.trip).current
    guard let plan = itinerary.plan else {
      throw Problem.notPlanned(try await itineraries.standing(itinerary), itinerary)
    }
    try request.requireIfMatch(itinerary.etag)
    let option = try option(wanted, of: itinerary, plan)
    let asked = try await question()
    let edit = try await editing.edit(option, of: itinerary, asked)
    let after = StoredOption(number: option.number, document: edit.document, activityCount: edit.activityCount)
    let next = try await store.replace(
      after, of: itinerary.id, from: itinerary.revision, trace: visit.context.trace?.traceparent, by: visit.writing)
    guard let next else { throw Problem.versionChanged }
    let answer = Edited(
      itinerary: itinerary, revision: next, option: try OptionJSON(after),
      change: try JSONDocument(text: edit.change).root, added: edit.added)
    return Response.json(answer, status: status, fields: ["Cache-Control": "no-store"])
      .with(ETag("\(itinerary.id).\(next)"))
  }

  /// The option that is meant: the selected one, else the one that is named, else the best fit.
  private func option(
    _ wanted: Int?, of itinerary: StoredItinerary, _ plan: StoredItinerary.Plan
  ) throws(Problem) -> StoredOption {
    if let selection = itinerary.selection, let wanted, wanted != selection.option {
      throw Problem.booked(selection.itinerary, option: selection.option)
    }
    let number = itinerary.selection?.option ?? wanted ?? 1
    guard let option = plan.options.first(where: { $0.number == number }) else {
      throw .parameter(
        "option",
        plan.options.isEmpty
          ? "This itinerary has no options that could be changed."
          : "The query parameter 'option' must be one of the itinerary's, 1 to \(plan.options.count).")
    }
    return option
  }

  private struct Edited: JSONWritable {
    static let schema: JSONSchema = .fields([
      "trip": .id, "itinerary": .id, "revision": .integer, "activity?": ActivityName.schema,
      "change": OptionEdit.changeSchema, "option": OptionJSON.schema,
    ])

    let itinerary: StoredItinerary
    let revision: Int64
    let option: OptionJSON
    let change: JSONNode
    let added: [ActivityName]

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("trip", itinerary.trip.description)
        object.field("itinerary", itinerary.id.description)
        object.field("revision", revision)
        // Of what came in by itself there is one.
        object.field("activity", ifPresent: added.count == 1 ? added[0].description : nil)
        object.field("change", change)
        object.field("option", option)
      }
    }
  }
}

extension TripDay: PathParameter {
  /// The day.
  package init?(parameter text: String) { self.init(text) }
  /// Says "a date or a number".
  package static var parameterExpectation: String { "a date like 2026-06-01, or the number of a day from 1" }
}

extension ActivityName: PathParameter {
  /// The name.
  package init?(parameter text: String) { self.init(text) }
  /// Says what it looks like.
  package static var parameterExpectation: String { "an activity of the itinerary, such as a7" }
}
