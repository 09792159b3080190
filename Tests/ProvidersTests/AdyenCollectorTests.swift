import Booking
import EventLoop
import HTTP
import JSON
import Kernel
import Sandbox
import Synchronization
import Telemetry
import Testing

@testable import Providers

/// Against the sandbox, which heeds idempotency keys as Adyen does, and tells of changes by signed webhooks alone.
@Suite("A collector in Adyen's shape")
struct AdyenCollectorTests {
  /// Notes as a database keeps them: of two of one name the first.
  private final class Shelf: Sendable {
    private let notes = Mutex<[String: [PaymentNote]]>([:])

    func keep(_ reference: String, _ note: PaymentNote) {
      notes.withLock { notes in
        if notes[reference]?.contains(where: { $0.name == note.name }) != true {
          notes[reference, default: []].append(note)
        }
      }
    }

    func all(_ reference: String) -> [PaymentNote] { notes.withLock { $0[reference] ?? [] } }

    var port: PaymentNotes {
      PaymentNotes(
        keep: { reference, note in
          self.keep(reference, note)
          return true
        }, all: { self.all($0) })
    }
  }

  private struct Bank: Sendable {
    let adyen: AdyenCollector
    let shelf: Shelf
    let client: HTTPClient
    let url: String
    let loop: EventLoop
    let clock: TestClock

    func own(_ path: String, _ body: String = "{}") async throws -> JSONNode {
      var request = ClientRequest(.post, url + path)
      request.fields.set("Content-Type", "application/json")
      request.body = Array(body.utf8)
      let answer = try await client.send(request)
      return try JSONDocument(bytes: answer.body.isEmpty ? Array("{}".utf8) : answer.body).root
    }

    func want(_ fault: String, for deed: String) async throws {
      _ = try await own("/sandbox/faults", #"{"next":[{"deed":"\#(deed)","fault":"\#(fault)"}]}"#)
    }

    func payments(_ reference: String) async throws -> [JSONNode] {
      let answer = try await client.send(ClientRequest(.get, url + "/sandbox/books"))
      return try JSONDocument(bytes: answer.body).root.list("payments").filter { $0.text("reference") == reference }
    }

    func becomes(
      _ reference: String, _ isSo: (PaymentStanding) -> Bool
    ) async throws -> PaymentStanding? {
      for _ in 0..<200 {
        if let standing = try await adyen.standing(of: reference), isSo(standing) { return standing }
        try await loop.sleep(for: .milliseconds(20))
      }
      return nil
    }
  }

  private static let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))

  /// Runs a body beside a sandbox, and a receiver of its webhooks where they are to arrive.
  private func withBank(
    tells: Bool = true, _ change: (inout SandboxSettings) -> Void = { _ in }, _ body: (Bank) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    let shelf = Shelf()
    var settings = SandboxSettings()
    settings.silence = .seconds(5)
    change(&settings)
    let key = settings.adyenKey
    let router = Router()
    router.post("/events") { request, _ in
      let bytes = try await request.body.collect(upTo: 1 << 20)
      let event = try AdyenEvent(body: bytes, key: key, merchant: "SandboxECOM")
      for item in event.items { shelf.keep(item.payment, item.note) }
      return Response(status: .noContent)
    }
    let receiver = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: router.build(), logger: Self.logger)
    try await receiver.start()
    if tells { settings.adyenWebhookURL = "http://\(receiver.addresses[0])/events" }
    let clock = TestClock()
    let sandbox = try SandboxServer(
      settings, listen: ListenAddress("127.0.0.1:0"), group: group, logger: Self.logger, clock: clock.read)
    try await sandbox.start()
    let client = try HTTPClient(loop: group.loops[0])
    let url = "http://\(sandbox.address)"
    let account = SellerAccount(name: "adyen", url: url + "/adyen/v71", key: "sandbox-key", patience: .seconds(2))
    let adyen = AdyenCollector(
      account, merchant: "SandboxECOM", returnURL: "https://trips.example.org/paid", client, notes: shelf.port,
      now: clock.read)
    try await body(Bank(adyen: adyen, shelf: shelf, client: client, url: url, loop: group.loops[0], clock: clock))
    await client.close()
    await sandbox.stop()
    await receiver.shutdown(within: .milliseconds(100))
    group.shutdown()
  }

  private let euros = Money(minorUnits: 12_345, .euro)

  private func order(_ reference: String, _ card: String?) -> PaymentOrder {
    PaymentOrder(reference, euros, method: card.map { "ada/\($0)" })
  }

  private func fault<Value>(_ body: () async throws(PaymentFault) -> Value) async -> PaymentFault? {
    do throws(PaymentFault) {
      _ = try await body()
      return nil
    } catch { return error }
  }

  /// A fault in one word.
  private func word(_ fault: PaymentFault?) -> String {
    switch fault {
    case nil: "done"
    case .declined: "declined"
    case .notSent: "notSent"
    case .unknown: "unknown"
    }
  }

  @Test("money is reserved, taken and paid back once; what is only received is unknown until a webhook tells")
  func wholeWay() async throws {
    try await withBank { bank in
      let reference = "b1-P1"
      #expect(try await bank.adyen.standing(of: reference) == nil)
      let reserved = try await bank.adyen.authorise(order(reference, "good"))
      #expect(reserved.state == .authorised && reserved.amount == euros)
      let received = await fault { () throws(PaymentFault) in try await bank.adyen.capture(reference) }
      #expect(word(received) == "unknown")
      let taken = try await bank.becomes(reference) { $0.state == .captured }
      #expect(taken?.refunded == .zero(.euro))
      // Asked again it is as it is.
      #expect(try await bank.adyen.capture(reference).state == .captured)
      let part = Money(minorUnits: 2_345, .euro)
      for _ in 0..<2 {
        let fault = await fault { () throws(PaymentFault) in
          try await bank.adyen.refund(reference, part, as: "b1-P1-R1")
        }
        #expect(["done", "unknown"].contains(word(fault)))
      }
      let back = try await bank.becomes(reference) { $0.refunded == part }
      #expect(back != nil)
      #expect(try await bank.adyen.refund(reference, part, as: "b1-P1-R1").refunded == part)
      let books = try await bank.payments(reference)
      #expect(books.count == 1 && books[0].count("refunded") == 2_345 && books[0].count("captured") == 12_345)
      let late = await fault { () throws(PaymentFault) in try await bank.adyen.void(reference) }
      #expect(late == .declined(words: "b1-P1 is taken already"))
    }
  }

  @Test("a refused card is a no; what is let go is void once the webhook says so")
  func refusedAndVoid() async throws {
    try await withBank { bank in
      let refusal = await fault { () throws(PaymentFault) in try await bank.adyen.authorise(order("b2-P1", "refused")) }
      #expect(refusal == .declined(words: "Refused"))
      #expect(try await bank.adyen.standing(of: "b2-P1")?.state == .failed)
      _ = try await bank.adyen.authorise(order("b2-P2", "good"))
      let received = await fault { () throws(PaymentFault) in try await bank.adyen.void("b2-P2") }
      #expect(word(received) == "unknown")
      let gone = try await bank.becomes("b2-P2") { $0.state == .voided }
      #expect(gone != nil)
      let nonsense = await fault { () throws(PaymentFault) in
        try await bank.adyen.authorise(PaymentOrder("b2-P3", euros, method: "card"))
      }
      #expect(word(nonsense) == "declined")
    }
  }

  @Test("a bank that wants to see the customer gives them something back, and that makes it reserved")
  func redirect() async throws {
    try await withBank { bank in
      let pending = try await bank.adyen.authorise(order("b3-P1", "asks"))
      let page = try #require(pending.redirect)
      #expect(pending.state == .pending && page.hasPrefix(bank.url))
      #expect(try await bank.adyen.standing(of: "b3-P1")?.redirect == page)
      let brought = try await bank.own(String(page.dropFirst(bank.url.count)))
      let result = try #require(brought.text("redirectResult"))
      let forged = await fault { () throws(PaymentFault) in try await bank.adyen.conclude("b3-P1", result: "made up") }
      #expect(word(forged) == "declined")
      #expect(try await bank.adyen.standing(of: "b3-P1")?.state == .pending)
      try await bank.adyen.conclude("b3-P1", result: result)
      // Twice is once.
      try await bank.adyen.conclude("b3-P1", result: result)
      #expect(try await bank.adyen.standing(of: "b3-P1")?.state == .authorised)
      // Somebody else's result says nothing of this payment.
      _ = try await bank.adyen.authorise(order("b3-P2", "asks"))
      let stolen = await fault { () throws(PaymentFault) in try await bank.adyen.conclude("b3-P2", result: result) }
      #expect(stolen != nil)
      #expect(try await bank.adyen.standing(of: "b3-P2")?.state == .pending)
    }
  }

  @Test("without a card a session is opened: several cards may be tried, and it ends by itself")
  func session() async throws {
    try await withBank { bank in
      let open = try await bank.adyen.authorise(order("b4-P1", nil))
      let secret = try #require(open.clientSecret)
      let id = try #require(secret.split(separator: "/").first)
      #expect(open.state == .pending)
      _ = try await bank.own("/sandbox/adyen/sessions/\(id)", #"{"card":"refused"}"#)
      try await bank.loop.sleep(for: .milliseconds(200))
      #expect(try await bank.adyen.standing(of: "b4-P1")?.clientSecret == secret)
      let early = await fault { () throws(PaymentFault) in try await bank.adyen.void("b4-P1") }
      #expect(word(early) == "notSent")
      _ = try await bank.own("/sandbox/adyen/sessions/\(id)", #"{"card":"good"}"#)
      let paid = try await bank.becomes("b4-P1") { $0.state == .authorised }
      #expect(paid != nil)
      _ = try await bank.adyen.authorise(order("b4-P2", nil))
      bank.clock.advance(1800 + 901)
      #expect(try await bank.adyen.standing(of: "b4-P2")?.state == .voided)
      #expect(try await bank.adyen.standing(of: "b4-P1")?.state == .authorised)
    }
  }

  @Test(
    "an order that nobody answers is made once, though no webhook tells of it: it is asked for under its key",
    arguments: ["errorAfter", "silenceAfter", "garbageAfter", "cutAfter", "error", "silence"])
  func unanswered(_ kind: String) async throws {
    try await withBank(tells: false) { bank in
      try await bank.want(kind, for: "authorise")
      let unknown = await fault { () throws(PaymentFault) in try await bank.adyen.authorise(order("b5-P1", "good")) }
      #expect(word(unknown) == "unknown")
      #expect(try await bank.adyen.standing(of: "b5-P1")?.state == .authorised)
      #expect(try await bank.adyen.authorise(order("b5-P1", "good")).state == .authorised)
      let books = try await bank.payments("b5-P1")
      #expect(books.count == 1)
    }
  }

  @Test(
    "a capture that nobody answers is made once, and its webhook tells",
    arguments: ["errorAfter", "silenceAfter", "garbageAfter", "cutAfter"])
  func capturedUnanswered(_ kind: String) async throws {
    try await withBank { bank in
      _ = try await bank.adyen.authorise(order("b6-P1", "good"))
      try await bank.want(kind, for: "capture")
      let unknown = await fault { () throws(PaymentFault) in try await bank.adyen.capture("b6-P1") }
      #expect(word(unknown) == "unknown")
      let taken = try await bank.becomes("b6-P1") { $0.state == .captured }
      #expect(taken != nil)
    }
  }

  @Test("webhooks that come twice and in any order come to the same")
  func reordered() async throws {
    try await withBank(
      tells: true,
      { settings in
        settings.misfortune.duplicates = 0.5
        settings.misfortune.reorders = 0.5
      }
    ) { bank in
      for number in 1...5 {
        let reference = "b7-P\(number)"
        _ = try await bank.adyen.authorise(order(reference, "good"))
        _ = await fault { () throws(PaymentFault) in try await bank.adyen.capture(reference) }
        _ = try await bank.own("/sandbox/events/flush")
        let taken = try await bank.becomes(reference) { $0.state == .captured }
        #expect(taken != nil)
        let notes = bank.shelf.all(reference)
        for _ in 0..<5 {
          let standing = AdyenDossier(notes.shuffled()).standing(of: reference, at: bank.clock.read(), grace: 0)
          #expect(standing?.state == .captured)
        }
      }
    }
  }
}

@Suite("Webhooks in Adyen's shape")
struct AdyenEventTests {
  private static let key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"

  private func body(
    _ signature: String = "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", success: String = "true",
    value: Int = 1130, account: String = "TestMerchant"
  ) -> [UInt8] {
    Array(
      """
      {"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"\(signature)"},
       "amount":{"currency":"EUR","value":\(value)},"eventCode":"AUTHORISATION","eventDate":"2014-08-06T17:15:34+02:00",
       "merchantAccountCode":"\(account)","merchantReference":"TestPayment-1407325143704",
       "pspReference":"7914073381342284","success":"\(success)"}}]}
      """.utf8)
  }

  private func read(_ body: [UInt8], merchant: String = "TestMerchant") -> Result<AdyenEvent, EventFlaw> {
    do throws(EventFlaw) {
      return .success(try AdyenEvent(body: body, key: Self.key, merchant: merchant))
    } catch { return .failure(error) }
  }

  private func flaw(_ body: [UInt8]) -> EventFlaw? {
    if case .failure(let flaw) = read(body) { flaw } else { nil }
  }

  // The signature is the one that Adyen's own libraries are tested with.
  @Test("the published example is believed, and whatever is changed in it is forged")
  func signature() throws {
    let event = try read(body()).get()
    #expect(event.items.map(\.payment) == ["TestPayment-1407325143704"])
    for forged in [
      body(success: "false"), body(value: 1131), body(account: "Other"), body(""), body("AAAA"),
      body("coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo1="),
    ] {
      #expect(flaw(forged) == .forged)
    }
    #expect(flaw(Array("{}".utf8)) == .unreadable)
    let others = try read(body(), merchant: "Somebody").get()
    #expect(others.items.isEmpty, "of other accounts nothing is heeded")
  }

  @Test("a refund's reference leads to its payment")
  func references() throws {
    func payment(_ reference: String) throws -> String {
      let text = #"{"name":"A1","reference":"\#(reference)","code":"REFUND","success":true,"value":1,"currency":"EUR"}"#
      return try #require(AdyenEvent.Item(note: try JSONDocument(text: text).root)).payment
    }
    #expect(try payment("abc-P1-R12") == "abc-P1")
    #expect(try payment("abc-P1") == "abc-P1")
    #expect(try payment("abc-R-P1") == "abc-R-P1")
  }

  @Test("units are ours but for the four currencies that Adyen writes otherwise")
  func units() throws {
    func units(_ text: String, _ code: String) throws -> Int64? {
      CollectorUnits.adyen.units(try Money(text, Currency(code)))
    }
    #expect(try units("12.34", "EUR") == 1234)
    #expect(try units("5000", "JPY") == 5000)
    #expect(try units("5", "ISK") == 500)
    #expect(try units("5", "CLP") == 500)
    #expect(try units("7.00", "IDR") == 7)
    #expect(try units("7.50", "IDR") == nil)
  }
}
