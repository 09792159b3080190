import Booking
import EventLoop
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import Providers
import Sandbox
import Secrets
import Store
import Telemetry
import TestSupport
import Testing

@testable import wayfare

/// A server and workers in processes of their own, and a sandbox that sells and collects money over real sockets.
struct BookingHouse: Sendable {
  let client: PostgresClient
  let http: HTTPClient
  let flags: [String]
  let url: String
  let sandbox: String
  let token: String
  let stranger: String

  struct Answer: Sendable {
    let status: Int
    let text: String
    var root: JSONNode { get throws { try JSONDocument(text: text.isEmpty ? "{}" : text).root } }
  }

  private static let clock: @Sendable () -> Instant = {
    Instant(secondsSinceEpoch: Int64(Date().timeIntervalSince1970))
  }

  func worker() async throws -> ServerProcess { try await .startWorker(flags) }

  /// A worker that dies at a step.
  func doomed(_ step: String) throws -> ServerProcess {
    try .beginWorker(flags, environment: ["WAYFARE_FAILPOINT": step])
  }

  func send(
    _ method: HTTPMethod, _ path: String, _ body: String = "", key: String? = nil, token: String? = nil
  ) async throws -> Answer {
    var request = ClientRequest(method, url + "/v1" + path)
    let token = token ?? self.token
    if !token.isEmpty { request.fields.set("Authorization", "Bearer \(token)") }
    if let key { request.fields.set("Idempotency-Key", key) }
    if !body.isEmpty { request.fields.set("Content-Type", "application/json") }
    request.body = Array(body.utf8)
    request.timeout = .seconds(60)
    let response = try await http.send(request)
    return Answer(status: response.status, text: String(decoding: response.body, as: UTF8.self))
  }

  /// What books one of the offers that can be given back.
  func wish(offer number: Int = 0, collector: String = "stripe", isReturnable: Bool = true) async throws -> String {
    let offer = try await flight(number, isReturnable: isReturnable)
    return """
      {"items":[{"offer":"\(offer.key.text)",
        "price":{"amount":"\(offer.price.amountText)","currency":"EUR"}}],
       "collector":"\(collector)",
       "travellers":[\(Self.ada)]}
      """
  }

  static let ada = #"{"givenName":"Ada","familyName":"Lovelace","born":"1990-01-01","mail":"ada@example.org"}"#

  /// A flight from Berlin to Lisbon, six a day; of those that can be given back there are fewer, and so fewer seats.
  func flight(_ number: Int, isReturnable: Bool = true) async throws -> Offer {
    let account = SellerAccount(name: "duffel", url: sandbox, key: "sandbox-key", secret: "sandbox-secret")
    let seller = DuffelSeller(account, http, now: Self.clock)
    let search = OfferSearch(
      .flight, from: "BER", to: "LIS", on: try LocalDate("2030-05-0\(1 + number / 6)"), adults: 1, currency: .euro)
    let offers = try await seller.search(search).filter { !isReturnable || !$0.terms.refunds.isEmpty }
    return offers[number % 6 % offers.count]
  }

  /// A planned trip of one person: a flight that is sold, three nights, and a train back, which nobody sells.
  ///
  /// - Returns: the trip and its itinerary.
  func planned(_ number: Int) async throws -> (trip: String, itinerary: String) {
    let flight = try await flight(number * 6)
    let ride = try #require(flight.rides.first)
    let arrival = try #require(flight.rides.last).arrival
    let day = try LocalDate("2030-05-01").adding(days: number)
    // A quarter of an hour apart from what is sold.
    let (leaves, reaches) = (ride.departure.adding(seconds: 900), arrival.adding(seconds: 900))
    func end(_ code: String) -> String { #"{"stop":"f:\#(code)","name":"\#(code)","lat":0,"lon":0}"# }
    func leg(_ mode: String, _ from: String, _ to: String, _ leaves: String, _ reaches: String) -> String {
      """
      {"departure":"\(leaves)","arrival":"\(reaches)","minutes":180,"transfers":0,"co2Grams":1,
       "price":{"amount":"\(flight.price.amountText)","currency":"EUR","complete":true},
       "legs":[{"mode":"\(mode)","line":"1","from":\(end(from)),"to":\(end(to)),"departure":"\(leaves)",
         "arrival":"\(reaches)","geometry":""}]}
      """
    }
    let back = day.adding(days: 3)
    let document = """
      {"legs":[\(leg("flight", "BER", "LIS", leaves.description, reaches.description)),
        \(leg("rail", "LIS", "BER", "\(back)T08:00:00Z", "\(back)T20:00:00Z"))],
       "stays":[{"city":"Lisbon","place":"pt/lisbon","code":"LIS","arrival":"\(day)","departure":"\(back)","nights":3,
         "lodging":{"name":"Inn","style":"comfort","lat":0,"lon":0,"price":"300.00"},"days":[]}]}
      """
    let trip = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6\(100 + number)"
    let itinerary = try await client.query(
      """
      with made as (insert into trip (id) values (\(trip)::text::uuid) returning id), planned as (
        insert into itinerary (trip_id, number, job_id, request, planned_at, summary, travellers)
        select id, 1, \(Int64(1_000_000 + number)), '{}', now(), '{"currency":"EUR"}',
          '{"rooms":1,"people":[{"name":"Ada","type":"adult","age":40}]}' from made returning id
      )
      insert into itinerary_option (itinerary_id, number, document, activity_count)
      select id, 1, \(document)::text::json, 0 from planned returning itinerary_id::text
      """
    ).decodeOnly(String.self)
    return (trip, itinerary)
  }

  /// Whether the seller of a booking's one item holds it.
  func isHeld(_ id: String) async throws -> Bool {
    try await count(
      "select count(*) from booking_call where booking_id = \(id)::text::uuid and action = 'hold' and state = 'ok'") > 0
  }

  /// Has dead workers' jobs wait until they are let go, so that whoever dies next does so with its own.
  func setAside() async throws {
    _ = try await client.execute("update job set worker = null, run_at = now() + interval '1 hour'")
  }

  /// Calls were sent so much longer ago than they were: what is only believed after a while is believed at once.
  func age(bySeconds seconds: Int64) async throws {
    let kept = try await client.query(
      "select id::text, saga::text from booking where saga::text like '%\"sent\":%'"
    ).decode(String.self, String.self)
    for (id, saga) in kept {
      let aged = saga.replacing(/"sent":(\d+)/) { found in
        "\"sent\":\((Int64(found.1) ?? 0) - seconds)"
      }
      _ = try await client.execute(
        "update booking set saga = \(aged)::text::json, due_at = now() where id = \(id)::text::uuid")
    }
  }

  func letGo() async throws { _ = try await client.execute("update job set run_at = now() where worker is null") }

  func made(_ key: String, offer: Int, isReturnable: Bool = true) async throws -> String {
    let wish = try await wish(offer: offer, isReturnable: isReturnable)
    let made = try await send(.post, "/bookings", wish, key: key.replacing(" ", with: "-"))
    #expect(made.status == 201, "\(made.text)")
    return try #require(try made.root.find("/id")?.string)
  }

  /// Pays without waiting for a worker.
  func pays(_ text: String) async throws {
    let id = try #require(BookingID(text))
    _ = try await Database(client).bookings.change(id) { saga in
      ((), try saga.handle(.pay(method: "pm_card_visa"), at: Self.clock()))
    }
  }

  func ends(_ id: String, in state: String) async throws {
    try await eventually("\(id) is \(state)", within: .seconds(60)) {
      try await send(.get, "/bookings/\(id)").root.find("/state")?.string == state
    }
  }

  func count(_ query: SQL) async throws -> Int64 { try await client.query(query).decodeOnly(Int64.self) }

  // MARK: The sandbox

  func own(_ method: HTTPMethod, _ path: String, _ body: String = "") async throws -> ClientResponse {
    var request = ClientRequest(method, sandbox + path)
    request.fields.set("Content-Type", "application/json")
    request.body = Array(body.utf8)
    return try await http.send(request)
  }

  func want(_ fault: String, for deed: String) async throws {
    let answer = try await own(.post, "/sandbox/faults", #"{"next":[{"deed":"\#(deed)","fault":"\#(fault)"}]}"#)
    #expect(answer.status == 204)
  }

  func books() async throws -> JSONNode { try JSONDocument(bytes: try await own(.get, "/sandbox/books").body).root }

  /// An event as the sandbox would send it.
  func event(_ body: String, secret: String, at second: Int64) async throws -> Int {
    let code = Digest.hmacSHA256(Array("\(second).\(body)".utf8), key: Array(secret.utf8))
    let digits = Array("0123456789abcdef")
    var request = ClientRequest(.post, url + "/v1/webhooks/duffel")
    request.fields.set("Content-Type", "application/json")
    request.fields.set(
      "X-Duffel-Signature",
      "t=\(second),v1=" + String(code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
    request.body = Array(body.utf8)
    return try await http.send(request).status
  }

  // MARK: What must hold

  /// At most one ticket and one charge for each booking, by the books of others and by ours.
  func holds(bookings: Int, tickets: Int, charges: Int) async throws {
    let stored = try await count("select count(*) from booking")
    #expect(stored == Int64(bookings))
    let books = try await books()
    let sales = books.list("sales").filter { $0.text("state") == "confirmed" }
    #expect(sales.count == tickets && Set(sales.compactMap { $0.text("reference") }).count == tickets, "\(sales)")
    #expect(books.count("repeatedReferences") == 0)
    let taken = books.list("payments").filter { ($0.count("captured") ?? 0) > 0 }
    #expect(taken.count == charges && Set(taken.compactMap { $0.text("reference") }).count == charges)
    #expect(!books.list("payments").contains { $0.text("state") == "requires_capture" })
    try await evenBooks()
  }

  /// Has today's books compared with those of sellers and collectors.
  func compareBooks() async throws {
    let today = LocalDate(daysSinceEpoch: Int32(Date().timeIntervalSince1970 / 86_400))
    var job = NewJob(kind: "booking.compare", payload: #"{"day":"\#(today)","quietSeconds":0}"#)
    job.queue = BookingStore.runJob.queue
    let jobs = Database(client).jobs
    let id = try #require(try await jobs.submit([job], isAnnounced: true).first?.id)
    try await eventually("books are compared", within: .seconds(40)) {
      try await jobs.find([id]).first?.state == .succeeded
    }
  }

  /// Every entry sums to zero, and nothing is reserved or owed to a customer at the end.
  func evenBooks() async throws {
    let uneven = try await count(
      """
      select count(*) from (select 1 from ledger_line group by entry_id, currency having sum(amount) <> 0) entry
      """)
    let open = try await count(
      """
      select count(*) from ledger_balance
      where account like 'customer/%' and posted <> 0 or pending_debits <> 0 or pending_credits <> 0
      """)
    let total = try await count("select coalesce(sum(posted), 0)::int8 from ledger_balance")
    #expect(uneven == 0 && open == 0 && total == 0)
  }
}

/// Runs a test with two people who are signed in.
func withBookingHouse(
  sendsEvents: Bool = false, _ body: (BookingHouse) async throws -> Void
) async throws {
  try await withTestDatabase(holding: .schema) { database in
    try await withBookingHouse(
      in: database.settings.address, database.client(), sendsEvents: sendsEvents, body)
  }
}

/// The same in a database that the caller has made.
func withBookingHouse(
  in database: ConnectionString, _ client: PostgresClient, sendsEvents: Bool = false,
  _ body: (BookingHouse) async throws -> Void
) async throws {
  _ = try await Migrations(Schema.migrations, on: client).apply()
  let group = TestCluster.loops
  var settings = SandboxSettings()
  settings.silence = .seconds(1)
  settings.pricesMoveSeconds = 0
  let sandbox = try SandboxServer(
    settings, listen: ListenAddress("127.0.0.1:0"), group: group,
    logger: Logger("sandbox", sink: LogSink(descriptor: 2, format: .json, level: .critical)))
  try await sandbox.start()
  let address = "http://\(sandbox.address)"
  let home = TestCluster.makeDirectory("home")
  let sellers = URL(filePath: home).appending(path: "sellers.json")
  try Data(
    """
    {"sellers":[{"name":"duffel","shape":"duffel","url":"\(address)","key":"sandbox-key","webhookSecret":"sandbox-secret"},
      {"name":"beds","shape":"bedbank","url":"\(address)","key":"sandbox-key","secret":"sandbox-secret"},
      {"name":"own","shape":"own"}],
     "collectors":[{"name":"stripe","shape":"stripe","url":"\(address)","key":"sandbox-key","webhookSecret":"sandbox-secret"},
      {"name":"adyen","shape":"adyen","url":"\(address)/adyen/v71","key":"sandbox-key","merchant":"SandboxECOM",
       "webhookSecret":"\(settings.adyenKey)","returnUrl":"https://trips.example.org/paid"}]}
    """.utf8
  ).write(to: sellers)
  try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: sellers.path)
  let flags = [
    "--database-url", "\(database)", "--home", home, "--sellers", sellers.path,
  ]
  let server = try await ServerProcess.start("serve", flags + ["--rate-limit", "0", "--operator-token", Caller.token])
  let http = try HTTPClient(loop: group.loops[0])
  let (ada, eve) = (try await signedIn("ada", server, flags), try await signedIn("eve", server, flags))
  let house = BookingHouse(
    client: client, http: http, flags: flags, url: server.url, sandbox: address, token: ada, stranger: eve)
  if sendsEvents {
    let told = try await house.own(
      .post, "/sandbox/webhooks",
      #"{"duffel":"\#(server.url)/v1/webhooks/duffel","stripe":"\#(server.url)/v1/webhooks/stripe","adyen":"\#(server.url)/v1/webhooks/adyen"}"#
    )
    #expect(told.status == 204)
  }
  try await body(house)
  await http.close()
  await sandbox.stop()
  #expect(try await server.end() == 0)
  await client.close()
}

/// Registers somebody and signs them in.
private func signedIn(_ name: String, _ server: ServerProcess, _ flags: [String]) async throws -> String {
  let person = #""email":"\#(name)@example.org","password":"violet anchor toast""#
  #expect(try await Caller().post(server.url + "/auth/register", #"{\#(person),"name":"\#(name)"}"#) == 202)
  let base = Array(flags.prefix(4))
  // The newest first, one in a line.
  let newest = try #require(try ServerProcess.run(["letters", "--json"] + base).output.split(separator: "\n").first)
  let mailed = try #require(try JSONDocument(text: String(newest)).root.text("token"))
  let confirmation = #"{"token":"\#(mailed)","password":"violet anchor toast"}"#
  #expect(try await Caller().post(server.url + "/auth/email/confirm", confirmation) == 201)
  var request = ClientRequest(.post, server.url + "/v1/auth/login")
  request.fields.set("Content-Type", "application/json")
  request.body = Array("{\(person)}".utf8)
  let client = try HTTPClient(loop: TestCluster.loops.loops[0])
  let answer = try await client.send(request)
  await client.close()
  return try #require(try JSONDocument(bytes: answer.body).root.find("/accessToken")?.string)
}
