import Booking
import EventLoop
import HTTP
import JSON
import Kernel
import Notification
import Postgres
import Secrets
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import API
@testable import Worker

/// Alerts of prices from the search that shows a fall to feed, mail, app and text; devices and numbers that these go to.
@Suite("Alerts of prices that are told")
struct PriceAlertTests {
  /// What went out on each channel.
  private final class Post: Sendable {
    struct State {
      var mails: [String] = []
      var pushes: [(device: String, body: String)] = []
      var texts: [(number: String, text: String)] = []
      var verdicts: [String: CourierVerdict] = [:]
    }
    let state = Mutex(State())
    var mails: [String] { state.withLock { $0.mails.filter { !$0.contains("onfirm") } } }
    var pushes: [String] { state.withLock { $0.pushes.map { "\($0.device): \($0.body)" } } }
    var texts: [String] { state.withLock { $0.texts.map(\.text) } }

    func push(_ message: PushMessage, to device: String) -> CourierVerdict {
      state.withLock {
        $0.pushes.append((device, message.body))
        return $0.verdicts[device] ?? .delivered(reference: nil)
      }
    }
    func text(_ text: String, to number: String) -> CourierVerdict {
      state.withLock {
        $0.texts.append((number, text))
        return $0.verdicts[number] ?? .delivered(reference: nil)
      }
    }
    func answer(_ place: String, _ verdict: CourierVerdict) { state.withLock { $0.verdicts[place] = verdict } }
  }

  private struct World: Sendable {
    let fixture: AccountsFixture
    let post: Post
    let ada: AccountsFixture.Tokens

    func send(_ method: HTTPMethod, _ path: String, _ body: String = "", expecting status: Int) async throws -> String {
      let answer = try await fixture.send(method, path, body, as: ada)
      #expect(answer.status == status, "\(path): \(answer.text)")
      return answer.text
    }

    func see(_ price: Int64, at seconds: Int64) async throws {
      let search = try #require(OfferSearch(name: PriceAlertTests.search))
      let sighting = PriceSighting(
        search, price: price, offers: 3, isComplete: true, at: Instant(secondsSinceEpoch: 1_800_000_000 + seconds))
      _ = try await fixture.app.database.prices.record([sighting])
      try await settle()
    }

    /// Waits until no job waits to be done now.
    func settle() async throws {
      for _ in 0..<1000 {
        let jobs = try await fixture.app.database.jobs.list(JobFilter()).jobs
        if !jobs.contains(where: { [.waiting, .running].contains($0.state) }) { return }
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
      }
      Issue.record("jobs still wait")
    }

    /// Has a number confirmed, with the code that went there.
    func confirm(_ number: String) async throws {
      _ = try await send(.put, "/v1/phone", #"{"number":"\#(number)"}"#, expecting: 202)
      try await settle()
      let code = String(try #require(post.texts.last).prefix(6))
      _ = try await send(.post, "/v1/phone/confirm", #"{"code":"\#(code)"}"#, expecting: 200)
    }
  }

  private static let search = "flight.BER-LIS.economy.1.EUR.2036-05-01"

  private func withWorld(_ body: @escaping (World) async throws -> Void) async throws {
    try await AccountsFixture.run { fixture in
      let post = Post()
      let (database, key) = (fixture.app.database, fixture.key)
      var desk = MessageDesk(
        database.notifications, zones: .system,
        mail: MessageDesk.Mail(from: try Mailbox("trips@example.org")) { mail in
          post.state.withLock { $0.mails.append(mail.subject) }
          return .delivered(reference: nil)
        },
        open: { payload in
          LetterBox.open(payload, key).map {
            MessageDesk.Letter(
              kind: $0.kind, address: $0.address, name: $0.name, facts: $0.token.map { [.token: $0] } ?? [:])
          }
        })
      desk.push = MessageDesk.Push(platforms: [.apple]) { message, _, device in post.push(message, to: device) }
      desk.texts = MessageDesk.Texts { text, number in post.text(text, to: number) }
      let ada = try await fixture.join("ada@example.org")
      let worker = Worker(
        database: database, handlers: JobHandlers(desk.handlers), settings: WorkerSettings(),
        loop: TestCluster.loops.loops[0], signals: nil, zones: .system,
        logger: Logger("test", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .critical)),
        metrics: MetricRegistry())
      worker.start()
      do {
        try await body(World(fixture: fixture, post: post, ada: ada))
      } catch {
        await worker.stop(within: .seconds(1))
        throw error
      }
      await worker.stop(within: .seconds(5))
    }
  }

  @Test("a fall is told once in the feed, by mail, on each device and by text where that is wanted")
  func told() async throws {
    try await withWorld { world in
      for device in ["device-one", "device-two"] {
        _ = try await world.send(
          .post, "/v1/devices", #"{"platform":"apple","token":"\#(device)","name":"mine"}"#, expecting: 201)
      }
      _ = try await world.send(
        .post, "/v1/devices", #"{"platform":"firebase","token":"device-three"}"#, expecting: 201)
      try await world.confirm("+4915112345678")
      _ = try await world.send(
        .put, "/v1/users/\(world.ada.user)/preferences",
        #"{"notifications":{"kinds":{"price.alert":{"sms":true}}}}"#, expecting: 200)
      _ = try await world.send(
        .post, "/v1/prices/alerts", #"{"search":"\#(Self.search)","atMost":"100.00"}"#, expecting: 201)
      for (place, price) in [12_000, 9900, 9800].enumerated() {
        try await world.see(Int64(price), at: Int64(place) * 60)
      }
      let line = "BER → LIS, 2036-05-01 costs 99.00 EUR now"
      #expect(world.post.pushes.sorted() == ["device-one: \(line)", "device-two: \(line)"])
      #expect(world.post.texts.dropFirst() == [line])
      #expect(world.post.mails == ["BER → LIS, 2036-05-01: now 99.00 EUR"])
      let feed = try JSONDocument(text: try await world.send(.get, "/v1/notifications", expecting: 200)).root
      #expect(try feed.find("/notifications/0/text")?.string == line && feed.find("/unread")?.int == 1)
      // It rises and falls again: that is another fall.
      try await world.see(11_000, at: 600)
      try await world.see(9000, at: 660)
      #expect(world.post.pushes.count == 4 && world.post.texts.count == 3)
    }
  }

  @Test("a device or number that nothing reaches is forgotten; one that is busy is tried again")
  func gone() async throws {
    try await withWorld { world in
      _ = try await world.send(.post, "/v1/devices", #"{"platform":"apple","token":"device-one"}"#, expecting: 201)
      try await world.confirm("+4915112345678")
      _ = try await world.send(
        .put, "/v1/users/\(world.ada.user)/preferences",
        #"{"notifications":{"sms":true}}"#, expecting: 200)
      _ = try await world.send(
        .post, "/v1/prices/alerts", #"{"search":"\#(Self.search)","atMost":"100.00"}"#, expecting: 201)
      world.post.answer("device-one", .unreachable("410 Unregistered"))
      world.post.answer("+4915112345678", .unreachable("400 nobody"))
      try await world.see(9000, at: 0)
      let list = try await world.send(.get, "/v1/devices", expecting: 200)
      #expect(list == #"{"devices":[],"phone":null}"#)
      let history = try await world.fixture.app.database.notifications.history(failedOnly: true)
      #expect(Set(history.map(\.channel)) == ["push", "sms"])
    }
  }

  @Test("a number is confirmed by its code alone, five times at most, and texts are counted")
  func numbers() async throws {
    try await withWorld { world in
      for wrong in ["4915112345678", "+0915112345678", "+49x5112345678", "+49"] {
        let answer = try await world.fixture.send(.put, "/v1/phone", #"{"number":"\#(wrong)"}"#, as: world.ada)
        #expect(answer.status == 422 || answer.status == 400, "\(answer.text)")
      }
      _ = try await world.send(.put, "/v1/phone", #"{"number":"+4915112345678"}"#, expecting: 202)
      try await world.settle()
      let code = String(try #require(world.post.texts.last).prefix(6))
      let wrong = code == "000000" ? "000001" : "000000"
      for _ in 0..<5 {
        let answer = try await world.fixture.send(.post, "/v1/phone/confirm", #"{"code":"\#(wrong)"}"#, as: world.ada)
        #expect(answer.status == 422 || answer.status == 400, "\(answer.text)")
      }
      _ = try await world.send(.post, "/v1/phone/confirm", #"{"code":"\#(code)"}"#, expecting: 409)
      #expect(try await world.send(.get, "/v1/devices", expecting: 200) == #"{"devices":[],"phone":null}"#)
      var statuses: Set<Int> = []
      for _ in 0..<20 {
        statuses.insert(
          try await world.fixture.send(.put, "/v1/phone", #"{"number":"+4915112345678"}"#, as: world.ada).status)
      }
      #expect(statuses.contains(429))
    }
  }

  @Test("a device belongs to whoever showed it last, and an account has twenty")
  func devices() async throws {
    try await withWorld { world in
      let bob = try await world.fixture.join("bob@example.org")
      let body = #"{"platform":"apple","token":"the-same-device"}"#
      _ = try await world.send(.post, "/v1/devices", body, expecting: 201)
      #expect(try await world.fixture.send(.post, "/v1/devices", body, as: bob).status == 201)
      #expect(try await world.send(.get, "/v1/devices", expecting: 200) == #"{"devices":[],"phone":null}"#)
      for number in 0..<20 {
        _ = try await world.send(
          .post, "/v1/devices", #"{"platform":"apple","token":"device-\#(number)"}"#, expecting: 201)
      }
      _ = try await world.send(.post, "/v1/devices", #"{"platform":"apple","token":"one-more-device"}"#, expecting: 409)
      _ = try await world.send(.post, "/v1/devices", #"{"platform":"apple","token":"device-3"}"#, expecting: 201)
    }
  }
}
