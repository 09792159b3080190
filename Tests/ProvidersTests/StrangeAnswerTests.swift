import Booking
import EventLoop
import HTTP
import Kernel
import Telemetry
import Testing

@testable import Providers

@Suite("Sellers that answer strangely")
struct StrangeAnswerTests {
  /// Answers each request alike.
  private func withServer(
    _ status: Int, _ body: [UInt8], _ run: (SandboxFixture) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    let router = Router()
    let answer: Handler = { _, _ in
      Response(status: HTTPStatus(code: status), fields: ["Content-Type": "application/json"], body: .bytes(body))
    }
    for method in [HTTPMethod.get, .post, .delete] { router.on(method, "/{path*}", use: answer) }
    let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: router.build(), logger: logger)
    try await server.start()
    let client = try HTTPClient(loop: group.loops[0])
    try await run(SandboxFixture("http://\(server.addresses[0])", client, TestClock(), patience: .seconds(5)))
    await client.close()
    await server.shutdown(within: .milliseconds(100))
    group.shutdown()
  }

  static let answers: [(status: Int, body: String)] = [
    (200, ""), (200, "null"), (200, "[]"), (200, "{}"), (200, #"{"data":null}"#), (200, #"{"data":[{}]}"#),
    (200, #"{"data":{"offers":{}}}"#), (200, #"{"hotels":5,"hotel":[],"bookings":"x"}"#), (200, "{\"data\":"),
    (200, String(repeating: "[", count: 100)), (201, "<html>"), (204, ""), (301, "{}"), (400, "no"), (400, "{}"),
    (404, #"{"errors":[]}"#), (408, "{}"), (500, "{}"), (503, ""),
  ]

  @Test(
    "nothing that is no answer is taken for a purchase, a refusal or an absence", arguments: StrangeAnswerTests.answers)
  func strange(_ status: Int, _ body: String) async throws {
    try await withServer(status, Array(body.utf8)) { sandbox in
      var random = SeededRandom(seed: 1)
      let reference = BookingReference(using: &random)
      for seller in sandbox.all {
        let search = try sandbox.search(seller)
        let found = await outcome { () async throws(SellerFault) in try await seller.search(search) }
        #expect(["notSent"].contains(word(found)), "\(seller.name) \(word(found))")
        let standing = await outcome { () async throws(SellerFault) in try await seller.standing(of: reference) }
        #expect(["notSent", "unknown"].contains(word(standing)), "\(seller.name) \(standing)")
        let cancelled = await outcome { () async throws(SellerFault) in try await seller.cancel(reference) }
        #expect(["notSent", "unknown"].contains(word(cancelled)), "\(seller.name) \(cancelled)")
      }
    }
  }

  @Test("an order that is answered strangely is in doubt", arguments: StrangeAnswerTests.answers)
  func orders(_ status: Int, _ body: String) async throws {
    try await withServer(status, Array(body.utf8)) { sandbox in
      // The line alone, as the reads before an order would fail first.
      let line = SellerLine(
        SellerAccount(name: "x", url: sandbox.url, key: "k"), sandbox.client, refusing: { _, _ in nil })
      let result = await outcome { () async throws(SellerFault) in
        try await line.ask(SellerLine.Call(.write, .post, "/orders"))
      }
      switch word(result) {
      case "unknown": break
      case "done": #expect(status == 204 || body.hasPrefix("{"), "\(body) was taken for a document")
      default: Issue.record("\(status) \(body.prefix(20)) was told as \(word(result))")
      }
    }
  }

  @Test("an answer without end is cut off")
  func endless() async throws {
    try await withServer(200, [UInt8](repeating: 32, count: 17 << 20)) { sandbox in
      let search = try sandbox.search(sandbox.duffel)
      let found = await outcome { () async throws(SellerFault) in try await sandbox.duffel.search(search) }
      #expect(word(found) == "notSent")
    }
  }
}
