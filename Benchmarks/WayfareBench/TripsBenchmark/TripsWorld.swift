import Accounts
import EventLoop
import Glibc
import JSON
import Kernel
import Postgres
import Secrets
import Store

/// People with sessions and the trips that they plan together, behind a server that was started for it.
struct TripsWorld {
  /// A trip, who takes part, and what of it is edited.
  struct Plan {
    let id: String
    /// Numbers of people; the first owns it.
    let people: [Int]
    let items: [String]
  }

  static let peopleCount = 200
  /// The owner and four others.
  private static let membersOfEach = 5
  private static let daysOfEach = 7
  private static let itemsOfDay = 5

  let port: UInt16
  let child: ChildProcess
  let tokens: [String]
  let plans: [Plan]

  /// Makes the people in the database, starts the server, and makes the trips through it.
  ///
  /// - Throws: `BenchmarkError`; what the database throws.
  init(_ database: QueueServer, trips count: Int) async throws {
    let home = database.home + "/serve"
    let key = MasterKey.random()
    // The server of the measurement before has left its own.
    ChildProcess.removeTree(home)
    mkdir(home, 0o700)
    try TripsWorld.keep(key, in: home + "/master-key")
    let signer = try await TripsWorld.signer(database, key)
    let people = (0..<TripsWorld.peopleCount).map { UserID(high: 0x7172_6970, low: UInt64($0 + 1)) }
    tokens = try await TripsWorld.enter(people, database, signer)
    (port, child) = try await TripsWorld.start(database, home)
    var plans: [Plan] = []
    for number in 0..<count { plans.append(try TripsWorld.make(number, tokens, port)) }
    self.plans = plans
    try await TripsWorld.join(plans, people, database)
  }

  /// A GET with a token.
  func get(_ path: String, as person: Int, more: String = "") -> [UInt8] {
    Array("GET \(path) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(tokens[person])\r\n\(more)\r\n".utf8)
  }

  /// A change of an item's title.
  func edit(_ plan: Plan, item: Int, title: String, as person: Int) -> [UInt8] {
    let body = #"{"title":"\#(title)"}"#
    return TripsWorld.sending(
      "PATCH", "/v1/trips/\(plan.id)/items/\(plan.items[item])", body, tokens[person],
      type: "application/merge-patch+json")
  }

  /// The server, asked in turn for what is given.
  func server(asking requests: [[UInt8]]) -> ServerUnderTest {
    var server = ServerUnderTest(
      name: "wayfare", port: port, process: child.process, request: requests[0], expectedBody: nil)
    server.requests = requests
    return server
  }

  // MARK: Making

  private static func keep(_ key: MasterKey, in path: String) throws(BenchmarkError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(call: "open \(path)", code: errno) }
    let text = Array((key.hexadecimal + "\n").utf8)
    _ = Glibc.write(descriptor, text, text.count)
    close(descriptor)
  }

  /// The key that tokens are signed with, in the database as the server would have put it there.
  private static func signer(_ server: QueueServer, _ master: MasterKey) async throws -> (id: String, key: SigningKey) {
    let key = SigningKey.random()
    let id = JSONWebKey.thumbprint(ed25519: key.publicBytes)
    let sealed = SealedBox.seal(key.seed, key: master.key(for: .signing))
    _ = try await server.database.accounts.signingKeys(rotateSeconds: 1_000_000, lifeSeconds: 600) {
      StoredSigningKey(id: id, publicKey: key.publicBytes, sealedSeed: sealed)
    }
    return (id, key)
  }

  private static func enter(
    _ people: [UserID], _ server: QueueServer, _ signer: (id: String, key: SigningKey)
  ) async throws -> [String] {
    var tokens: [String] = []
    let now = Int64(time(nil))
    for (number, person) in people.enumerated() {
      let session = SessionID(high: 0x7365_7373, low: UInt64(number + 1))
      try await server.client.execute(
        "insert into account (id, email, name) values (\(person), \("p\(number)@example.org"), \("Person \(number)"))")
      try await server.client.execute(
        "insert into session (id, account_id, has_second_factor) values (\(session), \(person), false)")
      var claims = TokenClaims(
        issuer: "wayfare", audiences: ["wayfare-api"], subject: person.description, issuedAt: now, expiresAt: now + 600)
      claims.session = session.description
      claims.identifier = "bench-\(number)"
      tokens.append(JSONWebToken.sign(claims, keyID: signer.id, key: signer.key))
    }
    return tokens
  }

  private static func start(_ server: QueueServer, _ home: String) async throws -> (UInt16, ChildProcess) {
    let port = try Loopback.freePort()
    let child = try ChildProcess(
      try ChildProcess.besideThisProgram("wayfare"),
      [
        "serve", "--database-url", server.address, "--home", home, "--listen", "127.0.0.1:\(port)",
        "--rate-limit", "0", "--connections-max", "20000", "--log-level", "error",
      ])
    for _ in 0..<200 {
      if let descriptor = try? Loopback.connect(port: port) {
        close(descriptor)
        return (port, child)
      }
      guard !child.hasEnded(within: 0) else { break }
      try await server.group.loops[0].sleep(for: .milliseconds(50))
    }
    throw BenchmarkError.unreachable("wayfare serve did not listen within ten seconds")
  }

  private static func make(_ number: Int, _ tokens: [String], _ port: UInt16) throws -> Plan {
    let people = (0..<membersOfEach).map { (number + $0 * 37) % peopleCount }
    let request = sending("POST", "/v1/trips", draft(number), tokens[people[0]], type: "application/json")
    let body = try Probe.body(port: port, request: request, name: "wayfare", status: 201)
    let root = try JSONDocument(bytes: body).root
    var items: [String] = []
    if let days = try root.find("/days")?.array {
      for day in days {
        guard let all = try day.find("/items")?.array else { continue }
        for item in all { items.append(try item.find("/id")?.string ?? "") }
      }
    }
    guard let id = try root.find("/id")?.string, items.count == daysOfEach * itemsOfDay else {
      throw BenchmarkError.wrongAnswers("a trip was made without its items")
    }
    return Plan(id: id, people: people, items: items)
  }

  private static func draft(_ number: Int) -> String {
    var writer = JSONWriter()
    writer.object { trip in
      trip.field("title", "Two weeks of looking around, number \(number)")
      trip.field("timeZone", "Europe/Rome")
      trip.field("currency", "EUR")
      trip.array("days") { days in
        for day in 1...daysOfEach {
          days.object { object in
            object.field("date", "2027-05-0\(day)")
            object.array("items") { items in
              for item in 0..<itemsOfDay { items.object { Self.write(item, of: day, to: &$0) } }
            }
          }
        }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private static func write(_ item: Int, of day: Int, to object: inout JSONObjectWriter) {
    object.field("kind", item == 2 ? "meal" : "visit")
    object.field("title", "Place \(item) of day \(day)")
    object.field("startTime", "1\(item):00")
    object.field("endTime", "1\(item):45")
    object.field("place", "A place with a name of some length")
    object.field("latitude", 41.9 + Double(item) / 100)
    object.field("longitude", 12.5 + Double(day) / 100)
    object.field("note", "Tickets are sold at the door until noon; the garden behind it is free.")
  }

  private static func join(_ plans: [Plan], _ people: [UserID], _ server: QueueServer) async throws {
    for plan in plans {
      guard let id = TripID(plan.id) else { continue }
      let others = plan.people.dropFirst().map { people[$0] }
      try await server.client.execute(
        "insert into trip_member (trip_id, account_id, role) select \(id), person, 'editor' from unnest(\(others)) person"
      )
    }
    try await server.client.executeBare("vacuum analyze")
  }

  private static func sending(
    _ method: String, _ path: String, _ body: String, _ token: String, type: String
  ) -> [UInt8] {
    Array(
      """
      \(method) \(path) HTTP/1.1\r
      Host: bench\r
      Authorization: Bearer \(token)\r
      Content-Type: \(type)\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """.utf8)
  }
}
