import BudgetWire
import EventLoop
import Glibc
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry
import TestSupport

@testable import API
@testable import Trips

/// Says who asks from a field that tests send.
struct TestCallers: CallerSource {
  func caller(of request: Request, _ context: RequestContext) async throws -> Caller {
    if let user = request.header("Test-User").flatMap({ UserID($0) }) { return .user(user) }
    if let partner = request.header("Test-Partner").flatMap({ OrganisationID($0) }) {
      return .partner(partner, scopes: ["plan"])
    }
    if request.header("Authorization") == "Bearer \(ApplicationFixture.token)" { return .operator }
    return .anonymous
  }
}

/// The routes of trips on a database of their own, asked in process by people with names.
struct TripFixture: Sendable {
  struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let text: String

    func string(_ pointer: String) throws -> String? { try JSONDocument(text: text).root.find(pointer)?.string }
    func int(_ pointer: String) throws -> Int64? {
      try JSONDocument(text: text).root.find(pointer)?.integer(as: Int64.self)
    }
    func count(_ pointer: String) throws -> Int? { try JSONDocument(text: text).root.find(pointer)?.array.count }
    /// The version, as `If-Match` wants it.
    var tag: String { fields.all.first { $0.name == "ETag" }?.value ?? "" }
  }

  static let owner = UserID(high: 7, low: 1)
  static let editor = UserID(high: 7, low: 2)
  static let commenter = UserID(high: 7, low: 3)
  static let viewer = UserID(high: 7, low: 4)
  static let stranger = UserID(high: 7, low: 5)
  static let revoked = UserID(high: 7, low: 6)
  static let everybody = [owner, editor, commenter, viewer, stranger, revoked]

  /// Where all tests have budgets reckoned.
  private static let pool = WorkPool(threads: 2, queueLimit: 256)

  let tree: RouteTree
  let database: Database
  let client: PostgresClient
  let watch: TripWatch
  let loop: EventLoop
  private let logger: Logger

  /// Runs a test on an empty database with six accounts.
  static func run(_ body: @escaping @Sendable (TripFixture) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, test in
      for (number, user) in everybody.enumerated() {
        try await client.execute(
          "insert into account (id, email, name) values (\(user), \("p\(number)@example.org"), \("Person \(number)"))")
      }
      let logger = Logger("test", sink: LogSink(descriptor: open("/dev/null", O_WRONLY), format: .json))
      let listener = Listener(test.settings, on: test.loop, workPool: TestCluster.workPool)
      let database = Database(client)
      let watch = TripWatch(database, on: test.loop)
      watch.start(TripSignals(listener))
      let fixture = TripFixture(
        tree: tree(database, watch, logger), database: database, client: client, watch: watch, loop: test.loop,
        logger: logger)
      let result = await Task(executorPreference: test.loop) { try await body(fixture) }.result
      watch.stop()
      await listener.close()
      try result.get()
    }
  }

  /// The routes of a server of its own on the same database.
  var anotherServer: TripFixture { server(through: client) }

  /// The routes of a server that reaches the same database by a client of its own.
  func server(through client: PostgresClient) -> TripFixture {
    let database = Database(client)
    return TripFixture(
      tree: Self.tree(database, watch, logger), database: database, client: client, watch: watch, loop: loop,
      logger: logger)
  }

  private static func tree(_ database: Database, _ watch: TripWatch, _ logger: Logger) -> RouteTree {
    let router = Router()
    let budgets = BudgetDesk(library: BudgetLibrary(), defaults: database.ownDefaults, pool: pool)
    let plans = PlanGate(store: database.itineraries, callers: TestCallers())
    TripGroup(store: database.trips, callers: TestCallers(), watch: watch, plans: plans, budgets: budgets, post: nil)
      .addRoutes(to: router.group("/v1"))
    addPlanner(plans, database, logger, to: router.group("/v1"))
    return router.build()
  }

  private static func addPlanner(_ plans: PlanGate, _ database: Database, _ logger: Logger, to group: RouteGroup) {
    let itineraries = ItineraryRoutes(gate: plans, jobs: database.jobs, counter: nil)
    itineraries.addRoutes(to: group)
    let editing = EditingDesk(nil, on: pool, logger: logger)
    PlannerRoutes(gate: plans, itineraries: itineraries, editing: editing, kinds: []).addRoutes(to: group)
    SelectionRoutes(gate: plans, counter: nil).addRoutes(to: group)
  }

  /// Asks as somebody.
  func ask(
    _ user: UserID?, _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ more: HTTPFields = HTTPFields()
  ) async throws -> Answer {
    var fields: HTTPFields = user.map { ["Test-User": $0.description] } ?? [:]
    fields.append(contentsOf: more)
    let response = try await respond(method, path, body, fields)
    let bytes: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
    return Answer(status: response.status.code, fields: response.fields, text: String(decoding: bytes, as: UTF8.self))
  }

  func respond(
    _ method: HTTPMethod, _ path: String, _ body: String?, _ fields: HTTPFields
  ) async throws -> Response {
    var text = "\(method.rawValue) /v1\(path) HTTP/1.1\r\nHost: test\r\n"
    for field in fields.all { text += "\(field.name): \(field.value)\r\n" }
    let isTyped = fields.all.contains { $0.name.lowercased() == "content-type" }
    if let body {
      if !isTyped { text += "Content-Type: application/json\r\n" }
      text += "Content-Length: \(body.utf8.count)\r\n"
    }
    var parser = RequestParser(limits: HTTPLimits())
    let bytes = Array((text + "\r\n").utf8)
    guard let parsed = try bytes.withUnsafeBytes({ try parser.parseHead($0) }) else { throw CancellationError() }
    let context = RequestContext(head: parsed.head, peer: .ipv4(0x7F00_0001, port: 1), logger: logger)
    let request = Request(head: parsed.head, body: body.map { RequestBody(bytes: Array($0.utf8)) } ?? .empty)
    return await tree.respond(to: request, context: context)
  }

  /// A trip of the owner with an editor, a commenter, a viewer and somebody whose part has ended.
  func makeTrip(_ body: String = #"{"title":"Rome","timeZone":"Europe/Rome"}"#) async throws -> String {
    let made = try await ask(Self.owner, .post, "/trips", body)
    guard let id = try made.string("/id") else { throw Failure(text: made.text) }
    let people = [
      (Self.editor, "editor"), (Self.commenter, "commenter"), (Self.viewer, "viewer"), (Self.revoked, "editor"),
    ]
    for (user, role) in people {
      let added = try await ask(
        Self.owner, .post, "/trips/\(id)/collaborators", #"{"user":"\#(user)","role":"\#(role)"}"#)
      guard added.status == 201 else { throw Failure(text: added.text) }
    }
    let removed = try await ask(Self.owner, .delete, "/trips/\(id)/collaborators/\(Self.revoked)")
    guard removed.status == 204 else { throw Failure(text: removed.text) }
    return id
  }

  struct Failure: Error {
    let text: String
  }

  /// An item of a trip; its id.
  func addItem(_ trip: String, _ body: String = #"{"kind":"visit","fields":{"title":"Forum"}}"#) async throws -> String
  {
    let made = try await ask(Self.owner, .post, "/trips/\(trip)/items", body)
    guard let id = try made.string("/id") else { throw Failure(text: made.text) }
    return id
  }

  /// An itinerary of a trip with one option of two days; its id.
  func addItinerary(_ trip: String) async throws -> String {
    guard let id = TripID(trip) else { throw Failure(text: trip) }
    let option = """
      {"start":"2026-06-05","end":"2026-06-06","legs":[{"departure":"2026-06-05T08:00:00+02:00",
      "arrival":"2026-06-05T11:00:00+02:00","price":{"amount":"30.00","complete":true},"legs":[{"mode":"rail",
      "from":{"name":"Paris"},"to":{"name":"Amsterdam"}}]},{"departure":"2026-06-06T18:00:00+02:00",
      "arrival":"2026-06-06T21:00:00+02:00","price":{"amount":"30.00","complete":true},"legs":[{"mode":"walk",
      "from":{"name":"Amsterdam"},"to":{"name":"Paris"}}]}],
      "stays":[{"city":"Amsterdam","place":"amsterdam","arrival":"2026-06-05","departure":"2026-06-06","nights":1,
      "lodging":{"name":"Canal House","lat":52.4,"lon":4.9,"price":"90.00"},"tickets":"0.00","taxis":"0.00","days":[
      {"date":"2026-06-05","visits":[{"activity":"a1","kind":"sight","id":"museum","name":"Museum","start":"13:00",
      "end":"14:30","lat":52.4,"lon":4.9}]}]}]}
      """
    let stored = try await client.query(
      """
      insert into itinerary (trip_id, number, job_id, request, planned_at, summary, travellers)
      select \(id), count(*) + 1, (select count(*) + 1 from itinerary), '{}', now(), '{"currency":"EUR"}', '{}'
      from itinerary where trip_id = \(id) returning id
      """
    ).decodeOnly(ItineraryID.self)
    try await client.execute(
      """
      insert into itinerary_option (itinerary_id, number, document, activity_count)
      values (\(stored), 1, \(option)::text::json, 1)
      """)
    return stored.description
  }

  // MARK: Streams

  /// What a stream of events has sent so far.
  final class Stream: Sendable {
    private struct State {
      var text = ""
      var isOver = false
    }

    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    var text: String { state.withLock { $0.text } }
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Names and ids of the events.
    var events: [(name: String, id: Int64?, data: String)] {
      text.split(separator: "\n\n").compactMap { block in
        var (name, id, data) = ("", Int64?.none, "")
        for line in block.split(separator: "\n") {
          if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
          if line.hasPrefix("id: ") { id = Int64(line.dropFirst(4)) }
          if line.hasPrefix("data: ") { data += line.dropFirst(6) }
        }
        return name.isEmpty ? nil : (name, id, data)
      }
    }

    fileprivate func begin(_ body: @escaping @Sendable (ResponseWriter) async throws -> Void, on loop: EventLoop) {
      let task = Task(executorPreference: loop) { [self] in
        _ = try? await body(
          ResponseWriter { bytes in self.state.withLock { $0.text += String(decoding: bytes, as: UTF8.self) } })
        state.withLock { $0.isOver = true }
      }
      self.task.withLock { $0 = task }
    }

    func cancel() { task.withLock { $0.take() }?.cancel() }
  }

  /// Begins to watch a trip.
  func watchTrip(_ user: UserID?, _ trip: String, after last: Int64? = nil, link: String = "") async throws -> Stream {
    var fields: HTTPFields = user.map { ["Test-User": $0.description] } ?? [:]
    if let last { fields.set("Last-Event-ID", "\(last)") }
    let response = try await respond(.get, "/trips/\(trip)/events\(link)", nil, fields)
    guard case .stream(_, let body) = response.body else { throw Failure(text: "status \(response.status.code)") }
    let stream = Stream()
    stream.begin(body, on: loop)
    return stream
  }
}
