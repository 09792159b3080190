import EventLoop
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import wayfare

/// Events that go to programs of others: the whole way, between real processes.
@Suite("Webhooks of the program")
struct ProgramWebhookTests {
  /// What a program of somebody's was told.
  private final class Receiver: Sendable {
    struct Call: Sendable {
      let id: String
      let timestamp: String
      let signature: String
      let body: String
    }

    private let state = Mutex<(calls: [Call], answers: [Int])>(([], []))
    var calls: [Call] { state.withLock { $0.calls } }
    func answer(_ statuses: Int...) { state.withLock { $0.answers = statuses } }

    func hear(_ call: Call) -> Int {
      state.withLock { state in
        state.calls.append(call)
        return state.answers.isEmpty ? 204 : state.answers.removeFirst()
      }
    }

    func server() throws -> HTTPServer {
      let router = Router()
      router.post("/hook") { request, _ in
        let body = String(decoding: try await request.body.collect(upTo: 1 << 20), as: UTF8.self)
        let status = self.hear(
          Call(
            id: request.header("webhook-id") ?? "", timestamp: request.header("webhook-timestamp") ?? "",
            signature: request.header("webhook-signature") ?? "", body: body))
        return Response(status: HTTPStatus(code: status))
      }
      let sink = LogSink(descriptor: 2, format: .text(isColored: false), level: .critical)
      return try HTTPServer(
        listen: [try ListenAddress("127.0.0.1:0")], group: TestCluster.loops, responder: router.build(),
        logger: Logger("test", sink: sink))
    }
  }

  private struct House: Sendable {
    let client: PostgresClient
    let flags: [String]
    let url: String
    let token: String
    let user: UserID
    let receiver: Receiver
    let hook: String

    func worker(_ environment: [String: String] = [:], waits: Bool = true) async throws -> ServerProcess {
      var all = environment
      all["WAYFARE_WEBHOOKS_PRIVATE"] = all["WAYFARE_WEBHOOKS_PRIVATE"] ?? "true"
      return try await waits ? .startWorker(flags, environment: all) : .beginWorker(flags, environment: all)
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: String = "") async throws -> (status: Int, root: JSONNode) {
      var request = ClientRequest(method, url + "/v1" + path)
      request.fields.set("Authorization", "Bearer \(token)")
      if !body.isEmpty { request.fields.set("Content-Type", "application/json") }
      request.body = Array(body.utf8)
      let client = try HTTPClient(loop: TestCluster.loops.loops[0])
      let response = try await client.send(request)
      await client.close()
      return (response.status, try JSONDocument(bytes: response.body.isEmpty ? Array("{}".utf8) : response.body).root)
    }

    /// A trip that the one who is signed in takes part in.
    func makeTrip() async throws -> TripID {
      let made = try await send(.post, "/trips", #"{"title":"Rome","timeZone":"Europe/Rome"}"#)
      let id = try #require(try made.root.find("/id")?.string)
      return try #require(TripID(id))
    }

    func happen(_ kind: String, _ trip: TripID, _ number: Int = 0) async throws {
      _ = try await client.execute(
        """
        insert into outbox (topic, key, kind, payload)
        values ('user-events', \("\(trip)"), \(kind), json_build_object('number', \(Int64(number))))
        """)
    }

    /// Brings forward what would be tried again later.
    func hurry() async throws {
      _ = try await client.execute("update job set run_at = now() where run_at > now()")
    }
  }

  private func withHouse(_ body: (House) async throws -> Void) async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let home = TestCluster.makeDirectory("home")
      let flags = ["--database-url", "\(database.settings.address)", "--home", home]
      let server = try await ServerProcess.start("serve", flags)
      let person = #""email":"ada@example.org","password":"violet anchor toast""#
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(person),"name":"Ada"}"#) == 202)
      let letter = try JSONDocument(text: ServerProcess.run(["letters", "--json"] + flags).output).root
      let mailed = try #require(try letter.find("/token")?.string)
      let confirmation = #"{"token":"\#(mailed)","password":"violet anchor toast"}"#
      #expect(try await Caller().post(server.url + "/auth/email/confirm", confirmation) == 201)
      let receiver = Receiver()
      let listening = try receiver.server()
      try await listening.start()
      let address = try #require(listening.addresses.first)
      let hook = "http://\(address)/hook"
      var house = House(
        client: client, flags: flags, url: server.url, token: "", user: UserID(high: 0, low: 0), receiver: receiver,
        hook: hook)
      let signedIn = try await house.send(.post, "/auth/login", "{\(person)}").root
      let token = try #require(try signedIn.find("/accessToken")?.string)
      let user = try #require(try signedIn.find("/user")?.string)
      house = House(
        client: client, flags: flags, url: server.url, token: token, user: try #require(UserID(user)),
        receiver: receiver, hook: hook)
      try await body(house)
      await listening.shutdown(within: .seconds(1))
      #expect(try await server.end() == 0)
      await client.close()
    }
  }

  private func code(_ secret: String, _ call: Receiver.Call) throws -> String {
    // Another implementation judges.
    let script = """
      import base64, hashlib, hmac, sys
      secret, message = base64.b64decode(sys.argv[1].split("_", 1)[1]), sys.argv[2].encode()
      print("v1," + base64.b64encode(hmac.new(secret, message, hashlib.sha256).digest()).decode(), end="")
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, secret, "\(call.id).\(call.timestamp).\(call.body)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  @Test("events of one's trips arrive signed and in order; others' and those not asked for do not")
  func arrive() async throws {
    try await withHouse { house in
      let made = try await house.send(
        .post, "/webhook-endpoints", #"{"url":"\#(house.hook)","events":["itinerary.planned"]}"#)
      #expect(made.status == 201)
      let secret = try #require(try made.root.find("/secret")?.string)
      let id = try #require(try made.root.find("/id")?.string)
      let trip = try await house.makeTrip()
      for number in 1...5 { try await house.happen("itinerary.planned", trip, number) }
      try await house.happen("itinerary.changed", trip)
      try await house.happen("itinerary.planned", TripID(high: 7, low: 7))
      let worker = try await house.worker()
      try await eventually("all five have come") { house.receiver.calls.count >= 5 }
      let calls = house.receiver.calls
      let numbers = try calls.map { try JSONDocument(text: $0.body).root.find("/data/number")?.int }
      #expect(numbers == [1, 2, 3, 4, 5])
      #expect(Set(calls.map(\.id)).count == 5 && calls.allSatisfy { $0.id.hasPrefix("msg_") })
      #expect(try calls[0].signature == code(secret, calls[0]))
      #expect(try JSONDocument(text: calls[0].body).root.find("/type")?.string == "itinerary.planned")
      // With two secrets there are two signatures, of which the old one still fits.
      let rotated = try await house.send(.post, "/webhook-endpoints/\(id)/rotate")
      let newer = try #require(try rotated.root.find("/secret")?.string)
      try await house.happen("itinerary.planned", trip, 6)
      try await eventually("the sixth has come") { house.receiver.calls.count >= 6 }
      let signatures = house.receiver.calls[5].signature.split(separator: " ").map(String.init)
      #expect(signatures == [try code(newer, house.receiver.calls[5]), try code(secret, house.receiver.calls[5])])
      try await eventually("the log has them") {
        try await house.send(.get, "/webhook-endpoints/\(id)/deliveries").root.find("/deliveries/5/state")?.string
          == "delivered"
      }
      let log = try await house.send(.get, "/webhook-endpoints/\(id)/deliveries?limit=2").root
      let next = try log.find("/next")?.string
      #expect(log.find("/deliveries/2") == nil && next != nil)
      let first = try #require(try log.find("/deliveries/0/id")?.string)
      #expect(try await house.send(.post, "/webhook-endpoints/\(id)/deliveries/\(first)/resend").status == 202)
      try await eventually("it has come again") { house.receiver.calls.count >= 7 }
      #expect(house.receiver.calls[6].id == house.receiver.calls[5].id, "under the same id")
      #expect(try await house.send(.delete, "/webhook-endpoints/\(id)").status == 204)
      #expect(try await house.send(.get, "/webhook-endpoints/\(id)").status == 404)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("what fails is tried again before what comes after it, and a worker that dies in between sends it again")
  func again() async throws {
    try await withHouse { house in
      _ = try await house.send(.post, "/webhook-endpoints", #"{"url":"\#(house.hook)"}"#)
      let trip = try await house.makeTrip()
      for number in 1...2 { try await house.happen("itinerary.changed", trip, number) }
      let doomed = try await house.worker(["WAYFARE_FAILPOINT": "completing:kill"], waits: false)
      try await eventually("the worker has died") { !doomed.isRunning }
      #expect(doomed.wasKilled && house.receiver.calls.count == 1)
      house.receiver.answer(500)
      let heir = try await house.worker()
      try await eventually("all have come", within: .seconds(60)) {
        try await house.hurry()
        return house.receiver.calls.count >= 4
      }
      let calls = house.receiver.calls
      #expect(calls[0].id == calls[1].id && calls[1].id == calls[2].id && calls[3].id != calls[2].id)
      #expect(try JSONDocument(text: calls[3].body).root.find("/data/number")?.int == 2)
      #expect(try await heir.end() == 0)
    }
  }

  @Test("an endpoint that is gone is switched off and its owner told; private addresses are not reached")
  func switchedOff() async throws {
    try await withHouse { house in
      let made = try await house.send(.post, "/webhook-endpoints", #"{"url":"\#(house.hook)"}"#)
      let id = try #require(try made.root.find("/id")?.string)
      let trip = try await house.makeTrip()
      house.receiver.answer(410)
      try await house.happen("itinerary.changed", trip, 1)
      let worker = try await house.worker()
      try await eventually("it is switched off and told") {
        try await house.send(.get, "/notifications").root.find("/notifications/0/kind")?.string == "webhook.disabled"
      }
      let endpoint = try await house.send(.get, "/webhook-endpoints/\(id)").root
      #expect(try endpoint.find("/disabledBecause")?.string == "it answered 410: gone")
      #expect(try await worker.end() == 0)
      let on = try await house.send(.patch, "/webhook-endpoints/\(id)", #"{"enabled":true}"#)
      #expect(on.status == 200 && on.root.find("/disabledBecause") == nil)
      let careful = try await house.worker(["WAYFARE_WEBHOOKS_PRIVATE": "false"])
      try await house.happen("itinerary.changed", trip, 2)
      try await eventually("it is refused") {
        try await house.send(.get, "/webhook-endpoints/\(id)/deliveries").root.find("/deliveries/0/error")?.string
          .contains("public") == true
      }
      #expect(house.receiver.calls.count == 1)
      #expect(try await careful.end() == 0)
      for wrong in [
        #"{"url":"ftp://x.example/"}"#, #"{"url":"https://u:p@x.example/"}"#,
        #"{"events":["x"],"url":"https://x.org"}"#,
      ] {
        #expect(try await house.send(.post, "/webhook-endpoints", wrong).status == 422, "\(wrong)")
      }
    }
  }
}
