import Booking
import BudgetWire
import HTTP
import JSON
import Kernel
import Store

/// `/v1/operations/inventory`: what the installation sells itself.
struct InventoryRoutes: Sendable {
  private static let bytesMax = 16 * 1024
  private static let id: JSONSchema = .text(matching: "^[a-z0-9][a-z0-9-]{0,59}$")
  private static let pages: [String: JSONSchema] = ["cursor": id, "limit": .integer(1...200)]

  let store: InventoryStore

  /// Adds the routes to a group that lets only operators pass.
  func addRoutes(to group: RouteGroup) {
    group.get("/rooms") { request, _ in
      let (cursor, limit) = try page(request)
      let rooms = try await store.rooms(after: cursor, limit: limit + 1)
      return told(
        "rooms", rooms.prefix(limit).map { RoomJSON(room: $0) }, rooms.count > limit ? rooms[limit - 1].id : nil)
    }.describe(
      .json(
        "Rooms that are sold here", .operations, .operators, query: Self.pages, gives: .page("rooms", RoomJSON.schema)))
    group.put("/rooms/{id}") { request, context in
      let room = try RoomJSON(try id(context), try await request.jsonDocument(limit: Self.bytesMax).root)
      try await store.put(room.room)
      return TripAnswers.fresh(room)
    }.describe(
      .json(
        "Puts a room in, or changes it", .operations, .operators, path: ["id": Self.id], takes: RoomJSON.wish,
        gives: RoomJSON.schema))
    group.get("/runs") { request, _ in
      let (cursor, limit) = try page(request)
      let runs = try await store.runs(after: cursor, limit: limit + 1)
      let shown = runs.prefix(limit).map { RunJSON(run: $0.run, left: $0.left) }
      return told("runs", shown, runs.count > limit ? runs[limit - 1].run.id : nil)
    }.describe(
      .json(
        "Trains and coaches that are sold here", .operations, .operators, query: Self.pages,
        gives: .page("runs", RunJSON.schema)))
    group.put("/runs/{id}") { request, context in
      let run = try RunJSON(try id(context), try await request.jsonDocument(limit: Self.bytesMax).root)
      guard try await store.put(run.run) else {
        throw Problem(
          .conflict, name: "seats-taken", title: "Seats are taken",
          detail: "More than \(run.run.seats) seats are held or sold; write at least as many.")
      }
      return TripAnswers.fresh(run)
    }.describe(
      .json(
        "Puts a train or a coach in, or changes it", .operations, .operators, path: ["id": Self.id],
        takes: RunJSON.wish, gives: RunJSON.schema))
  }

  private func id(_ context: RequestContext) throws -> String {
    let id = try context.parameters.require("id")
    guard OwnGoods.isID(id) else {
      throw Problem.parameter("id", "The id must be 1 to 60 of a-z, 0-9 and \"-\", and not begin with \"-\".")
    }
    return id
  }

  private func page(_ request: Request) throws -> (cursor: String, limit: Int) {
    let cursor = try request.query.optional("cursor", as: String.self) ?? ""
    guard cursor.isEmpty || OwnGoods.isID(cursor) else {
      throw Problem.parameter("cursor", "The query parameter 'cursor' must be the 'next' of an earlier answer.")
    }
    return (cursor, try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50)
  }

  private func told(_ name: StaticString, _ list: [some JSONWritable & Sendable], _ next: String?) -> Response {
    TripAnswers.fresh(
      Told { object in
        object.field(name, list)
        object.field("next", next)
      })
  }
}

/// What rooms and runs have in common on the wire.
private enum InventoryFields {
  static let daysMax = 365

  /// What sellers call a place.
  static func code(_ name: StaticString, _ object: JSONObject) throws(JSONError) -> String {
    let node = try object.required(name, as: JSONNode.self)
    let text = try node.string.uppercased()
    guard OfferSearch.isCode(text) else {
      throw node.fault("must be a code of 2 to 12 letters and digits, such as LIS")
    }
    return text
  }

  static func moment(_ name: StaticString, _ object: JSONObject) throws(JSONError) -> Instant {
    let node = try object.required(name, as: JSONNode.self)
    let text = try node.string
    do { return try Instant(text) } catch {
      throw node.fault("must be a moment, written as 2030-05-01T08:00:00+02:00")
    }
  }
}

/// A room as it travels.
private struct RoomJSON: JSONWritable {
  static let wish: JSONSchema = .fields([
    "place": .text(2...12), "house": .text(1...100), "rate": .text(1...100), "sleeps": .integer(1...20),
    "price": BookingWish.price, "freeDays?": .integer(0...InventoryFields.daysMax), "onSale?": .boolean,
  ])
  static let schema: JSONSchema = .open([
    "id": .text, "place": .text, "house": .text, "rate": .text, "sleeps": .integer, "price": BookingWish.price,
    "freeDays?": .integer, "onSale": .boolean,
  ])

  let room: OwnRoom

  init(room: OwnRoom) { self.room = room }

  init(_ id: String, _ json: JSONNode) throws(JSONError) {
    let object = try json.object(
      required: "place", "house", "rate", "sleeps", "price", optional: "freeDays", "onSale")
    room = OwnRoom(
      id: id, place: try InventoryFields.code("place", object), house: try object.required("house", length: 1...100),
      rate: try object.required("rate", length: 1...100), sleeps: try object.required("sleeps", in: 1...20),
      night: try BookingWish.money(object.required("price", as: JSONNode.self)),
      freeDays: try object.optional("freeDays", in: 0...InventoryFields.daysMax),
      isOnSale: try object.optional("onSale", as: Bool.self) ?? true)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", room.id)
      object.field("place", room.place)
      object.field("house", room.house)
      object.field("rate", room.rate)
      object.field("sleeps", room.sleeps)
      object.field("price", room.night)
      object.field("freeDays", ifPresent: room.freeDays)
      object.field("onSale", room.isOnSale)
    }
  }
}

/// A train or a coach as it travels.
private struct RunJSON: JSONWritable {
  static let wish: JSONSchema = .fields([
    "kind": .words(["rail", "coach"]), "origin": .text(2...12), "destination": .text(2...12), "day": .date,
    "departure": .moment, "arrival": .moment, "carrier": .text(1...60), "number": .text(1...20),
    "seats": .integer(0...100_000), "price": BookingWish.price, "freeDays?": .integer(0...InventoryFields.daysMax),
    "onSale?": .boolean,
  ])
  static let schema: JSONSchema = .open([
    "id": .text, "kind": .words(["rail", "coach"]), "origin": .text, "destination": .text, "day": .date,
    "departure": .moment, "arrival": .moment, "carrier": .text, "number": .text, "seats": .integer,
    "left?": .integer, "price": BookingWish.price, "freeDays?": .integer, "onSale": .boolean,
  ])

  /// What a run can be.
  private enum Kind: String, JSONReadable, CaseIterable { case rail, coach }

  let run: OwnRun
  /// Seats that are left; nil where nobody has counted.
  let left: Int?

  init(run: OwnRun, left: Int?) {
    self.run = run
    self.left = left
  }

  init(_ id: String, _ json: JSONNode) throws(JSONError) {
    let object = try json.object(
      required: "kind", "origin", "destination", "day", "departure", "arrival", "carrier", "number", "seats", "price",
      optional: "freeDays", "onSale")
    let text = try object.required("day", length: 10...10)
    let day: LocalDate
    do { day = try LocalDate(text) } catch { throw json.fault("must be a date such as 2030-05-01", at: "/day") }
    let (departure, arrival) = (
      try InventoryFields.moment("departure", object), try InventoryFields.moment("arrival", object)
    )
    guard departure < arrival else { throw json.fault("must be after the departure", at: "/arrival") }
    run = OwnRun(
      id: id, kind: try object.required("kind", as: Kind.self) == .rail ? .rail : .coach,
      origin: try InventoryFields.code("origin", object), destination: try InventoryFields.code("destination", object),
      day: day, departure: departure, arrival: arrival, carrier: try object.required("carrier", length: 1...60),
      number: try object.required("number", length: 1...20), seats: try object.required("seats", in: 0...100_000),
      seat: try BookingWish.money(object.required("price", as: JSONNode.self)),
      freeDays: try object.optional("freeDays", in: 0...InventoryFields.daysMax),
      isOnSale: try object.optional("onSale", as: Bool.self) ?? true)
    left = nil
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", run.id)
      object.field("kind", run.kind.rawValue)
      object.field("origin", run.origin)
      object.field("destination", run.destination)
      object.field("day", run.day.description)
      object.field("departure", run.departure.description)
      object.field("arrival", run.arrival.description)
      object.field("carrier", run.carrier)
      object.field("number", run.number)
      object.field("seats", run.seats)
      object.field("left", ifPresent: left)
      object.field("price", run.seat)
      object.field("freeDays", ifPresent: run.freeDays)
      object.field("onSale", run.isOnSale)
    }
  }
}
