import EventLoop
import Foundation
import HTTP
import JSON
import Kernel
import Notification
import Secrets
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Couriers

/// Texts and pushes, against servers that speak as Twilio, Apple and Firebase describe.
@Suite("Texts and pushes that are carried")
struct ServiceCourierTests {
  /// What a service was asked.
  private struct Seen: Sendable {
    let path: String
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONNode { get throws { try JSONDocument(bytes: body).root } }
  }

  /// A service that answers what it is told to, and remembers what it was asked.
  private final class Service: Sendable {
    private let state = Mutex<(seen: [Seen], answers: [String: (Int, String, [(String, String)])])>(([], [:]))
    var seen: [Seen] { state.withLock { $0.seen } }

    /// From now on, requests whose path begins so are answered so.
    func answer(_ path: String, _ status: Int, _ body: String, _ fields: [(String, String)] = []) {
      state.withLock { $0.answers[path] = (status, body, fields) }
    }

    func respond(_ request: Request) async throws -> Response {
      let body = try await request.body.collect(upTo: 1 << 20)
      let fields = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
      let path = request.pathString
      let answer = state.withLock { state in
        state.seen.append(Seen(path: path, fields: fields, body: body))
        return state.answers.filter { path.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
      }
      guard let (code, text, more) = answer else { return Response(status: .notFound) }
      var response = Response(status: HTTPStatus(code: code), body: .bytes(Array(text.utf8)))
      for (name, value) in more { response.fields.set(name, value) }
      return response
    }
  }

  private func withService(_ body: (Service, String, EventLoop) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: 1)
    let service = Service()
    let router = Router()
    router.post("/{rest*}") { request, _ in try await service.respond(request) }
    let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: router.build(), logger: logger)
    try await server.start()
    try await body(service, "http://\(server.addresses[0])", group.loops[0])
    await server.shutdown(within: .milliseconds(200))
    group.shutdown()
  }

  // MARK: Texts

  private func text(
    _ url: String, _ loop: EventLoop, _ text: String = "Köln & more", from sender: String = "+15005550006"
  )
    async throws -> CourierVerdict
  {
    let account = TextCourier.Account(url: url, name: "AC1", token: "a token", sender: sender)
    let courier = try TextCourier(loop: loop, account: account)
    let verdict = try await courier.send(text, to: "+4915112345678")
    await courier.close()
    return verdict
  }

  @Test("a text goes out as a form, signed in as the account, and its name there is kept")
  func texted() async throws {
    try await withService { service, url, loop in
      service.answer("/2010-04-01/Accounts/AC1/Messages.json", 201, #"{"sid":"SM1","status":"queued"}"#)
      #expect(try await text(url, loop) == .delivered(reference: "SM1"))
      let seen = try #require(service.seen.first)
      #expect(seen.text == "To=%2B4915112345678&From=%2B15005550006&Body=K%C3%B6ln%20%26%20more")
      #expect(seen.fields["authorization"] == "Basic QUMxOmEgdG9rZW4=")
      #expect(
        try await text(url, loop, String(repeating: "x", count: 5000), from: "MG7") == .delivered(reference: "SM1"))
      let long = try #require(service.seen.last).text
      #expect(long.contains("MessagingServiceSid=MG7") && long.utf8.count < 1700)
    }
  }

  @Test("what passes is tried again, what does not is not, and numbers that nobody has are told")
  func textRefusals() async throws {
    try await withService { service, url, loop in
      let path = "/2010-04-01/Accounts/AC1/Messages.json"
      service.answer(path, 400, #"{"code":21614,"message":"not a mobile number"}"#)
      #expect(try await text(url, loop) == .unreachable("400 not a mobile number"))
      service.answer(path, 400, #"{"code":21617,"message":"too long"}"#)
      #expect(try await text(url, loop) == .refused("400 too long"))
      service.answer(path, 401, #"{"message":"Authenticate"}"#)
      #expect(try await text(url, loop) == .later("401 Authenticate", after: nil))
      service.answer(path, 429, "slow down", [("Retry-After", "17")])
      #expect(try await text(url, loop) == .later("429 ", after: 17))
      service.answer(path, 503, "")
      #expect(try await text(url, loop) == .later("503 ", after: nil))
      guard case .later = try await text("http://127.0.0.1:1", loop) else {
        Issue.record("nobody listens there")
        return
      }
    }
  }

  // MARK: Apple

  /// A key that openssl has made, in a folder of its own.
  private struct MadeKey {
    let folder: URL
    let pem: String

    init(_ arguments: String...) throws {
      folder = URL(filePath: TestCluster.makeDirectory("keys"))
      try MadeKey.openssl(["genpkey"] + arguments + ["-out", "key.pem"], folder)
      pem = try String(contentsOf: folder.appending(path: "key.pem"), encoding: .utf8)
    }

    @discardableResult
    static func openssl(_ arguments: [String], _ folder: URL) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["openssl"] + arguments
      process.currentDirectoryURL = folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }

    /// Whether openssl finds a token's signature good.
    func accepts(_ token: String) throws -> Bool {
      let parts = token.split(separator: ".").map(String.init)
      guard parts.count == 3, let raw = Base64URL.decode(parts[2].utf8) else { return false }
      try Data((parts[0] + "." + parts[1]).utf8).write(to: folder.appending(path: "signed"))
      try Data(raw.count == 64 ? MadeKey.der(raw) : raw).write(to: folder.appending(path: "signature"))
      try MadeKey.openssl(["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"], folder)
      return try MadeKey.openssl(
        ["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "signed"], folder) == 0
    }

    private static func der(_ raw: [UInt8]) -> [UInt8] {
      let numbers = [raw[..<32], raw[32...]].map { half -> [UInt8] in
        let digits = Array(half.drop { $0 == 0 })
        let value = (digits.first ?? 0) >= 0x80 ? [0] + digits : digits
        return [2, UInt8(value.count)] + value
      }
      return [0x30, UInt8(numbers[0].count + numbers[1].count)] + numbers[0] + numbers[1]
    }
  }

  private let message = PushMessage(
    id: "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55", title: "BER → LIS", body: "costs 90.00 EUR now", kind: "price.alert",
    link: "https://site.example/x")

  @Test("Apple is asked with a token that openssl finds good, kept for 50 minutes and made anew when it is refused")
  func apple() async throws {
    let made = try MadeKey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    let key = try #require(TokenSigner(pem: made.pem))
    #expect(key.algorithm == .es256)
    try await withService { service, url, loop in
      let clock = Atomic<Int64>(1_800_000_000)
      let courier = try AppleCourier(
        loop: loop, app: .init(url: url, team: "TEAM", keyID: "KEY1", key: key, topic: "org.example.app")
      ) { clock.load(ordering: .relaxed) }
      service.answer("/3/device/abc", 200, "", [("apns-id", "A1")])
      #expect(try await courier.send(message, to: "abc") == .delivered(reference: "A1"))
      let seen = try #require(service.seen.first)
      let token = try #require(seen.fields["authorization"]?.split(separator: " ").last.map(String.init))
      #expect(try made.accepts(token))
      let claims = try JSONDocument(bytes: try #require(Base64URL.decode(token.split(separator: ".")[1].utf8))).root
      #expect(try claims.find("/iss")?.string == "TEAM" && claims.find("/iat")?.int == 1_800_000_000)
      #expect(seen.fields["apns-topic"] == "org.example.app" && seen.fields["apns-push-type"] == "alert")
      #expect(seen.fields["apns-id"] == message.id && seen.fields["apns-collapse-id"] == message.id)
      #expect(try seen.json.find("/aps/alert/body")?.string == message.body)
      clock.add(2999, ordering: .relaxed)
      _ = try await courier.send(message, to: "abc")
      #expect(service.seen.last?.fields["authorization"] == seen.fields["authorization"])
      clock.add(1, ordering: .relaxed)
      _ = try await courier.send(message, to: "abc")
      #expect(service.seen.last?.fields["authorization"] != seen.fields["authorization"])
      let cases: [(Int, String, CourierVerdict)] = [
        (410, "Unregistered", .unreachable("410 Unregistered")),
        (400, "BadDeviceToken", .unreachable("400 BadDeviceToken")),
        (400, "BadTopic", .refused("400 BadTopic")),
        (403, "InvalidProviderToken", .later("403 InvalidProviderToken", after: nil)),
        (503, "Shutdown", .later("503 Shutdown", after: nil)),
      ]
      for (status, reason, verdict) in cases {
        service.answer("/3/device/abc", status, #"{"reason":"\#(reason)"}"#)
        #expect(try await courier.send(message, to: "abc") == verdict)
      }
      await courier.close()
    }
  }

  // MARK: Firebase

  @Test("Firebase is asked with a token that was had for a signature openssl finds good, and that is had once an hour")
  func firebase() async throws {
    let made = try MadeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    try await withService { service, url, loop in
      var file = JSONWriter()
      file.object {
        $0.field("project_id", "proj")
        $0.field("client_email", "push@proj.example")
        $0.field("private_key", made.pem)
        $0.field("token_uri", url + "/token")
      }
      var account = try FirebaseCourier.Account(JSONDocument(bytes: file.finish()).root)
      account.url = url
      let clock = Atomic<Int64>(1_800_000_000)
      let courier = try FirebaseCourier(loop: loop, account: account) { clock.load(ordering: .relaxed) }
      service.answer("/token", 400, #"{"error":"invalid_grant","error_description":"no such account"}"#)
      #expect(
        try await courier.send(message, to: "dev") == .later("no token for Firebase: 400 no such account", after: nil))
      service.answer("/token", 200, #"{"access_token":"T1","expires_in":3600}"#)
      service.answer("/v1/projects/proj/messages:send", 200, #"{"name":"projects/proj/messages/1"}"#)
      #expect(try await courier.send(message, to: "dev") == .delivered(reference: "projects/proj/messages/1"))
      let asked = try #require(service.seen.last { $0.path == "/token" }).text
      let assertion = try #require(asked.split(separator: "=").last.map(String.init))
      #expect(asked.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="))
      #expect(try made.accepts(assertion))
      let sent = try #require(service.seen.last)
      #expect(sent.fields["authorization"] == "Bearer T1")
      #expect(try sent.json.find("/message/token")?.string == "dev")
      #expect(try sent.json.find("/message/android/notification/tag")?.string == message.id)
      clock.add(3299, ordering: .relaxed)
      _ = try await courier.send(message, to: "dev")
      #expect(service.seen.count { $0.path == "/token" } == 2)
      clock.add(1, ordering: .relaxed)
      _ = try await courier.send(message, to: "dev")
      #expect(service.seen.count { $0.path == "/token" } == 3)
      service.answer(
        "/v1/projects", 404, #"{"error":{"message":"gone","details":[{"errorCode":"UNREGISTERED"}]}}"#)
      service.answer(
        "/v1/projects/proj/messages:send", 404,
        #"{"error":{"message":"gone","details":[{"errorCode":"UNREGISTERED"}]}}"#)
      #expect(try await courier.send(message, to: "dev") == .unreachable("404 gone"))
      service.answer("/v1/projects/proj/messages:send", 400, #"{"error":{"message":"bad"}}"#)
      #expect(try await courier.send(message, to: "dev") == .refused("400 bad"))
      service.answer("/v1/projects/proj/messages:send", 429, "{}", [("Retry-After", "9")])
      #expect(try await courier.send(message, to: "dev") == .later("429 ", after: 9))
      await courier.close()
    }
  }

  @Test("keys of other kinds are not taken, nor is what is no key")
  func strangeKeys() throws {
    #expect(TokenSigner(pem: try MadeKey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384").pem) == nil)
    #expect(TokenSigner(pem: try MadeKey("-algorithm", "ED25519").pem) == nil)
    #expect(TokenSigner(pem: try MadeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024").pem) == nil)
    #expect(TokenSigner(pem: "") == nil)
  }
}
