import Booking
import EventLoop
import HTTP
import Kernel
import Sandbox
import Secrets
import Synchronization
import Telemetry
import Testing

@testable import Providers

@Suite("Events of sellers")
struct DuffelEventTests {
  private static let secret = "sandbox-secret"

  /// Takes what is sent to it.
  private final class Receiver: Sendable {
    private let taken = Mutex<[(body: [UInt8], signature: String?)]>([])

    var all: [(body: [UInt8], signature: String?)] { taken.withLock { $0 } }

    func responder() -> RouteTree {
      let router = Router()
      router.post("/events") { request, _ in
        let body = try await request.body.collect(upTo: 1 << 20)
        self.taken.withLock { $0.append((body, request.header("x-duffel-signature"))) }
        return Response(status: .noContent)
      }
      return router.build()
    }
  }

  private func signed(_ body: String, at second: Int64, secret: String = DuffelEventTests.secret) -> String {
    let code = Digest.hmacSHA256(Array("\(second).\(body)".utf8), key: Array(secret.utf8))
    let digits = Array("0123456789abcdef")
    return "t=\(second),v1=" + String(code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  @Test("what the sandbox sends is signed, twice where it doubles, and names our reference")
  func sent() async throws {
    let group = try EventLoopGroup(count: 1)
    let receiver = Receiver()
    let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: receiver.responder(), logger: logger)
    try await server.start()
    var settings = SandboxSettings()
    settings.webhookURL = "http://\(server.addresses[0])/events"
    settings.misfortune.duplicates = 1
    try await SandboxFixture.run(settings) { sandbox in
      let order = try await sandbox.order(sandbox.duffel)
      let booked = try await sandbox.duffel.book(order)
      for _ in 0..<200 where receiver.all.count < 2 { try await Task.sleep(for: .milliseconds(25)) }
      let events = try receiver.all.map {
        try DuffelEvent(body: $0.body, signature: $0.signature, secret: Self.secret, now: sandbox.clock.read())
      }
      #expect(events.count == 2 && Set(events.map(\.id)).count == 1)
      #expect(events.first?.type == "order.created" && events.first?.reference == order.reference)
      #expect(events.first?.order == booked.sellerName)
    }
    await server.shutdown(within: .milliseconds(100))
    group.shutdown()
  }

  @Test("what is forged, stale or unreadable is told apart")
  func flawed() throws {
    let now = Instant(secondsSinceEpoch: 1_800_000_000)
    let body = #"{"id":"wev_1","type":"order.created","data":{"object":{"id":"ord_1"}}}"#
    func flaw(_ body: String, _ signature: String?) -> EventFlaw? {
      do throws(EventFlaw) {
        _ = try DuffelEvent(body: Array(body.utf8), signature: signature, secret: Self.secret, now: now)
        return nil
      } catch { return error }
    }
    let second = now.secondsSinceEpoch
    #expect(flaw(body, signed(body, at: second)) == nil)
    #expect(flaw(body, signed(body, at: second - 300)) == nil)
    #expect(flaw(body, signed(body, at: second - 301)) == .stale)
    #expect(flaw(body, signed(body, at: second + 301)) == .stale)
    #expect(flaw(body, signed(body, at: second, secret: "another")) == .forged)
    #expect(flaw(body + " ", signed(body, at: second)) == .forged)
    #expect(flaw("[1", signed("[1", at: second)) == .unreadable)
    // Every other digit in every place is found out.
    let right = signed(body, at: second)
    let code = right.index(after: right.lastIndex(of: "=") ?? right.startIndex)
    for place in right.indices[code...] {
      for digit in "0123456789abcdef" where digit != right[place] {
        var wrong = right
        wrong.replaceSubrange(place...place, with: String(digit))
        #expect(flaw(body, wrong) == .forged, "\(wrong)")
      }
    }
    for signature in [nil, "", "v1=00", "t=1", "t=-1,v1=00", "t=\(second),v1=", "t=9999999999999999999999,v1=00"] {
      #expect(flaw(body, signature) == .forged)
    }
  }
}
