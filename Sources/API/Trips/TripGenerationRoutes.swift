import HTTP
import ItineraryWire
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/generate`: fills days and items from an option of an itinerary.
struct TripGenerationRoutes: Sendable {
  let gate: TripGate
  let plans: PlanGate

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .post, "/generate", .edit, group,
      .json(
        "Fills days and items from an option of an itinerary", .trips,
        fields: ["Idempotency-Key", "Client-Id", "If-Match"],
        takes: .fields(["itinerary": .id, "option": .integer(1...1000)]),
        gives: .fields([
          "seq?": .integer, "revision": .integer, "added": .integer, "changed": .integer, "removed": .integer,
          "kept": .integer,
        ]))
    ) { try await generate($0) }
  }

  /// All of it is one entry of the log, which whoever asked for it can take back.
  private func generate(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let json = try await visit.request.jsonDocument(limit: 4096).root
    let (id, option) = try json.object(
      JSONField("itinerary") { object throws(JSONError) -> ItineraryID in
        try object.required("itinerary", as: JSONNode.self).identifier()
      },
      JSONField("option") { object throws(JSONError) -> Int in try object.required("option", in: 1...1000) })
    let plan = try await plan(id, option, visit)
    let key = try visit.request.idempotencyKey()
    let client = try visit.clientID()
    let keyed = key.map { KeyedRequest(key: $0, user: user, content: Array("generate ".utf8) + json.jsonBytes()) }
    let told = try await visit.write(visit.editing(keyed?.asked)) { writer in
      if let known = try keyed?.answer(by: writer) { return known }
      let told = try await Self.carryOut(plan, user, client, visit, writer)
      keyed?.keep(told, by: writer)
      return told
    }
    let root = try JSONDocument(text: told).root
    let revision = try root.find("/revision")?.integer(as: Int64.self) ?? 0
    return TripAnswers.fresh(root).with(ETag(version: revision))
  }

  /// Not inlined for the reason that ``TripEditing/carryOut(_:mutation:)`` gives.
  @inline(never)
  private static func carryOut(
    _ plan: TripPlan, _ user: UserID, _ client: String?, _ visit: TripVisit, _ writer: TripWriter
  ) async throws -> String {
    try visit.request.checkIfMatch(ETag(version: writer.access.revision))
    var editing = try await TripEditing(writer, visit.shelf, by: user, client: client)
    let generation = try TripGeneration(
      plan, on: editing.document, known: try await writer.generated(),
      trip: EntryID(high: visit.id.high, low: visit.id.low), stamp: Stamp(seq: writer.seq + 1, author: user)
    ) { TripChance.id() }
    let seq = editing.carryOut(generation.effects)
    editing.save()
    try await writer.setGenerated(generation.records.values.sorted { $0.key < $1.key })
    let revision = writer.revision
    let (added, changed) = (generation.added, generation.changed)
    let (removed, kept) = (generation.removed, generation.kept)
    return Told { object in
      object.field("seq", ifPresent: seq)
      object.field("revision", revision)
      object.field("added", added)
      object.field("changed", changed)
      object.field("removed", removed)
      object.field("kept", kept)
    }.text
  }

  // MARK: The plan

  /// What an option says, for who may see it.
  private func plan(_ id: ItineraryID, _ number: Int, _ visit: TripVisit) async throws -> TripPlan {
    guard let found = try await plans.store.belonging(of: id, visit.visitor) else { throw Problem.noItinerary }
    try PlanGate.check(.follow, found, visit.caller)
    guard let itinerary = try await plans.store.find(id, option: number) else { throw Problem.noItinerary }
    guard let plan = itinerary.plan else {
      throw Problem(
        .conflict, name: "itinerary-not-planned", title: "Itinerary not planned",
        detail: "This itinerary is not planned, or not yet; GET /v1/itineraries/\(id) says more.")
    }
    guard let option = plan.options.first else {
      throw Problem(.notFound, detail: "This itinerary has no option \(number); GET /v1/itineraries/\(id) lists them.")
    }
    let currency = try JSONDocument(text: plan.summary).root.find("/currency")?.string
    return Self.plan(try PlannedDays(option.document), "\(id) \(number)", currency)
  }

  private static func plan(_ planned: PlannedDays, _ name: String, _ currency: String?) -> TripPlan {
    var fields: [TripField: FieldValue] = [:]
    if let first = planned.days.first, let last = planned.days.last {
      fields = [.startDate: .text(first.date.description), .endDate: .text(last.date.description)]
    }
    if let currency { fields[.currency] = .text(currency) }
    let days = planned.days.map { day in
      TripPlan.Day(
        date: day.date.description,
        items: day.items.map { item in
          TripPlan.Item(key: "\(name) \(item.name)", kind: kind(item.kind), fields: self.fields(item, currency))
        })
    }
    return TripPlan(days: days, fields: fields)
  }

  private static func kind(_ kind: PlannedDays.Kind) -> EntryKind {
    switch kind {
    case .journey: .leg
    case .stay: .stay
    case .meal: .meal
    case .visit: .visit
    }
  }

  private static func fields(_ item: PlannedDays.Item, _ currency: String?) -> [TripField: FieldValue] {
    var fields: [TripField: FieldValue] = [:]
    func set(_ field: TripField, _ text: String?) {
      // What is longer than a field may be is cut: a plan's names are nobody's own words.
      guard let text, !text.isEmpty, case .text(let most) = field.rule else {
        if let text, !text.isEmpty { fields[field] = .text(text) }
        return
      }
      fields[field] = .text(String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))))
    }
    set(.title, item.title)
    set(.place, item.city)
    set(.origin, item.way?.from)
    set(.destination, item.way?.to)
    set(.mode, item.way?.modes)
    set(.startTime, item.start)
    set(.endTime, item.end)
    set(.until, item.until)
    set(.amount, item.amount)
    if item.amount != nil { set(.currency, currency) }
    if let point = item.point {
      fields[.latitude] = .number(point.latitude)
      fields[.longitude] = .number(point.longitude)
    }
    return fields
  }
}
