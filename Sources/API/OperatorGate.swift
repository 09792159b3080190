import HTTP

/// Lets operators in: those who send the installation's token.
struct OperatorGate: Middleware {
  private let token: [UInt8]

  /// - Parameter token: what must follow `Authorization: Bearer`.
  init(token: String) { self.token = Array(token.utf8) }

  func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    guard let sent = request.header("Authorization") else {
      throw Problem(
        .unauthorized, detail: "This is for operators: send \"Authorization: Bearer TOKEN\" with the operators' token.",
        fields: ["WWW-Authenticate": "Bearer realm=\"operators\""])
    }
    guard isRight(sent) else {
      throw Problem(
        .unauthorized, detail: "That is not the operators' token; it stands in the data directory in operator-token.",
        fields: ["WWW-Authenticate": "Bearer realm=\"operators\", error=\"invalid_token\""])
    }
    return try await next(request, context)
  }

  /// Whether a request shows the token.
  func admits(_ request: Request) -> Bool { request.header("Authorization").map(isRight) ?? false }

  private func isRight(_ sent: String) -> Bool {
    sent.utf8.count > 7 && sent.prefix(7).lowercased() == "bearer " && matches(Array(sent.utf8.dropFirst(7)))
  }

  /// Compares in a time that does not tell how many characters were right.
  private func matches(_ sent: [UInt8]) -> Bool {
    var difference = UInt8(sent.count == token.count ? 0 : 1)
    for (index, byte) in sent.enumerated() { difference |= byte ^ token[index % token.count] }
    return difference == 0
  }
}
