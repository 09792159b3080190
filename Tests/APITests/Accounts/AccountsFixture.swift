import Accounts
import HTTP
import JSON
import Secrets
import Store
import Synchronization
import Testing

@testable import API

/// A clock that a test moves.
final class HandClock: Sendable {
  private let second: Mutex<Int64>
  init(_ second: Int64 = 1_800_000_000) { self.second = Mutex(second) }
  var now: Int64 { second.withLock { $0 } }
  func forward(_ seconds: Int64) { second.withLock { $0 += seconds } }
}

/// The application with accounts, and what a test does with them.
struct AccountsFixture: Sendable {
  typealias Answer = ApplicationFixture.Answer

  static let password = "violet anchor toast"

  let app: ApplicationFixture
  let key: MasterKey
  let clock: HandClock

  static func run(
    _ way: ApplicationFixture.Way = .inProcess, change: (inout AccountSettings) -> Void = { _ in },
    surroundings others: (inout Surroundings) -> Void = { _ in }, _ body: (AccountsFixture) async throws -> Void
  ) async throws {
    let key = MasterKey.random()
    let clock = HandClock()
    var settings = AccountSettings(masterKey: key)
    // What a hash costs is tested elsewhere.
    settings.cost = PasswordHash.Cost(memoryBytes: 8192, passes: 1)
    settings.now = { clock.now }
    change(&settings)
    try await ApplicationFixture.run(
      way,
      change: {
        $0.accounts = settings
        others(&$0)
      }
    ) { app in
      try await body(AccountsFixture(app: app, key: key, clock: clock))
    }
  }

  /// What somebody shows.
  struct Tokens: Sendable {
    let access: String
    let refresh: String
    let user: String
    let session: String
  }

  func send(
    _ method: HTTPMethod, _ path: String, _ body: String = "", as tokens: Tokens? = nil, bearer: String? = nil,
    _ more: HTTPFields = HTTPFields()
  ) async throws -> Answer {
    var fields = more
    if !body.isEmpty { fields.set("Content-Type", "application/json") }
    if let token = bearer ?? tokens?.access { fields.set("Authorization", "Bearer \(token)") }
    return try await app.send(method, path, fields, body: body)
  }

  /// The letters that wait, oldest first.
  func letters() async throws -> [LetterBox.Opened] {
    var filter = JobFilter()
    filter.kind = "notification.send"
    filter.limit = 200
    var letters: [LetterBox.Opened] = []
    for job in try await app.database.jobs.list(filter).jobs.reversed() {
      let payload = try #require(try await app.database.jobs.find(job.id)?.payload)
      letters.append(try #require(LetterBox.open(payload, key)))
    }
    return letters
  }

  func register(_ email: String, name: String = "Somebody") async throws -> Answer {
    try await send(
      .post, "/v1/auth/register", #"{"email":"\#(email)","name":"\#(name)","password":"\#(Self.password)"}"#)
  }

  /// Somebody who has registered, confirmed and signed in.
  func join(_ email: String) async throws -> Tokens {
    #expect(try await register(email).status == 202)
    let token = try #require(try await letters().last { $0.address == email }?.token)
    #expect(
      try await send(.post, "/v1/auth/email/confirm", #"{"token":"\#(token)","password":"\#(Self.password)"}"#).status
        == 201)
    return try await signIn(email)
  }

  func login(_ email: String, _ password: String = password, more: String = "") async throws -> Answer {
    try await send(.post, "/v1/auth/login", #"{"email":"\#(email)","password":"\#(password)"\#(more)}"#)
  }

  func signIn(_ email: String, more: String = "") async throws -> Tokens {
    try tokens(try await login(email, more: more))
  }

  func tokens(_ answer: Answer) throws -> Tokens {
    try #require(answer.status == 200, "\(answer.text)")
    return Tokens(
      access: try #require(try answer.string("/accessToken")),
      refresh: try #require(try answer.string("/refreshToken")),
      user: try #require(try answer.string("/user")), session: try #require(try answer.string("/session")))
  }

  func refresh(_ token: String) async throws -> Answer {
    try await send(.post, "/v1/auth/refresh", #"{"refreshToken":"\#(token)"}"#)
  }

  func me(_ tokens: Tokens) async throws -> Int { try await send(.get, "/v1/auth/me", as: tokens).status }
}
