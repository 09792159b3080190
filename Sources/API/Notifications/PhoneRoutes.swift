import HTTP
import JSON
import Kernel
import Notification
import Secrets
import Store

/// `/phone`: the number on which the one who asks is told things by text, once they have shown that it is theirs.
struct PhoneRoutes: Sendable {
  private static let bytesMax = 16 * 1024
  static let number: JSONSchema = .text(matching: #"^\+[1-9][0-9]{6,14}$"#)

  let store: NotificationStore
  let desk: AccountDesk
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.put("/phone") { request, context in try await want(request, context) }.describe(
      .empty(
        "Sends a code to a number, which texts go to once it is confirmed", .notifications, .token,
        takes: .fields(["number": Self.number]), status: .accepted))
    group.post("/phone/confirm") { request, _ in try await confirm(request) }.describe(
      .json(
        "Confirms a number by the code that was sent there", .notifications, .token,
        takes: .fields(["code": .text(matching: "^[0-9]{6}$")]), gives: .fields(["phone": Self.number])))
    group.delete("/phone") { request, _ in
      let user = try await source.user(of: request)
      guard try await store.removePhone(of: user.id) else {
        throw Problem(.notFound, detail: "No number of yours is known.")
      }
      return Response(status: .noContent)
    }.describe(.empty("Forgets the number that texts go to", .notifications, .token))
  }

  private func want(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await source.user(of: request)
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let number = try json.object(required: "number").required("number", length: 8...16)
    guard Self.isNumber(number) else {
      throw json.fault("must be a number with its country's, as +4915112345678", at: "/number")
    }
    // A text costs money and wakes people: counted for who asks, and for where it goes.
    try await desk.admit(desk.attempts(texting: number, from: desk.peer(of: request, context)))
    let unread = try await store.unread(of: user.id)
    var random = SystemRandomNumberGenerator()
    let code = String(String(UInt32.random(in: 0..<1_000_000, using: &random) + 1_000_000).dropFirst())
    // The name's place tells the language: a text greets nobody.
    let letter = LetterBox.seal(
      LetterBox.Opened(
        kind: MessageKind.accountPhoneCode.rawValue, address: number, name: unread.language, token: code),
      desk.settings.masterKey)
    try await store.wantPhone(number, digest: Self.digest(code, of: user.id), letter: letter, of: user.id)
    return Response(status: .accepted)
  }

  private func confirm(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let code = try json.object(required: "code").required("code", length: 6...6)
    switch try await store.confirmPhone(digest: Self.digest(code, of: user.id), of: user.id) {
    case .confirmed(let number): return TripAnswers.fresh(Told { $0.field("phone", number) })
    case .wrong(let left): throw json.fault("is another code; \(left) tries are left", at: "/code")
    case .over:
      throw Problem(.conflict, detail: "No code is waited for; have one sent with PUT /v1/phone.")
    }
  }

  private static func digest(_ code: String, of user: UserID) -> [UInt8] {
    Digest.sha256(Array("\(user) \(code)".utf8))
  }

  private static func isNumber(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.hasPrefix("+") && (7...15).contains(digits.count) && digits.first != 48
      && digits.allSatisfy { (48...57).contains($0) }
  }
}
