import Accounts
package import HTTP
package import Kernel
import Secrets
package import Store

/// Somebody who is signed in.
package struct SignedInUser: Sendable, Hashable {
  /// Who it is.
  package let id: UserID
  /// By which session.
  package let session: SessionID
  /// Whether password and second factor were shown a short while ago.
  package let isFresh: Bool
}

/// Tells who asks by what a request shows: a session's access token, a program's key, or the operators' token.
///
/// A token is good when its signature is and its session lasts: that is asked for each time, so that a session that was
/// ended is over at once, everywhere.
package struct TokenCallerSource: CallerSource {
  private enum Shown {
    case nothing
    case session(SessionProof)
    case key(OrganisationID, scopes: Set<String>)
    case `operator`
  }

  private let desk: AccountDesk
  private let operatorToken: [UInt8]

  /// A source.
  package init(_ desk: AccountDesk, operatorToken: String) {
    self.desk = desk
    self.operatorToken = Array(operatorToken.utf8)
  }

  /// Who sent a request.
  ///
  /// - Throws: a problem when it shows something that is not, or no longer, good.
  package func caller(of request: Request, _ context: RequestContext) async throws -> Caller {
    switch try await claim(of: request, context) {
    case .known(let caller): caller
    case .session(let proof): .user(try await user(with: proof).id)
    }
  }

  /// What a request shows; whether a session lasts is left to be asked.
  ///
  /// - Throws: a problem when that cannot be good.
  package func claim(of request: Request, _ context: RequestContext) async throws -> CallerClaim {
    switch try await shown(request) {
    case .nothing: return .known(.anonymous)
    case .session(let proof): return .session(proof)
    case .key(let organisation, let scopes):
      try Self.check(scopes, context)
      return .known(.partner(organisation, scopes: scopes))
    case .operator: return .known(.operator)
    }
  }

  /// The one place where it is asked whether a key opens a route.
  private static func check(_ scopes: Set<String>, _ context: RequestContext) throws(Problem) {
    let wanted = context.description?.scopes ?? []
    guard !wanted.isEmpty else { throw .notForKeys }
    guard scopes.isDisjoint(with: wanted) else { return }
    throw .scopeNeeded(wanted)
  }

  /// Whether a request shows a program's key.
  func showsKey(_ request: Request) -> Bool {
    request.header("Authorization")?.contains(OpaqueToken.Kind.key.rawValue) ?? false
  }

  /// Who is signed in.
  ///
  /// - Throws: a problem when nobody is.
  func user(of request: Request) async throws -> SignedInUser {
    switch try await shown(request) {
    case .session(let proof): return try await user(with: proof)
    case .nothing: throw Problem.signInNeeded
    case .key, .operator: throw Problem.notForKeys
    }
  }

  /// Who is signed in and has shown so a short while ago.
  ///
  /// - Throws: a problem when nobody is.
  func freshUser(of request: Request) async throws -> SignedInUser {
    let user = try await user(of: request)
    guard user.isFresh else {
      throw Problem(
        .forbidden, name: "sign-in-again", title: "Sign in again",
        detail: "This changes what guards the account: sign in again and repeat it within a quarter of an hour.")
    }
    return user
  }

  private func shown(_ request: Request) async throws -> Shown {
    let credentials = request.headers.filter { $0.name.lowercased() == "authorization" }
    guard credentials.count <= 1 else { throw Problem.badToken("it is there more than once") }
    guard let credential = credentials.first?.value else {
      guard let cookie = SessionCookies.find(SessionCookies.access, in: request) else { return .nothing }
      try SessionCookies.requireOwnPage(request)
      return .session(try await proof(in: cookie))
    }
    guard credential.utf8.count > 7, credential.prefix(7).lowercased() == "bearer " else {
      throw Problem.badToken("it is not of the form \"Bearer TOKEN\"")
    }
    let token = String(credential.dropFirst(7))
    if areEqual(Array(token.utf8), operatorToken) { return .operator }
    if let key = OpaqueToken(shown: token, .key) {
      guard let standing = try await desk.store.keyStanding(of: key.digest) else {
        throw Problem.badToken("that key is unknown, has run out or was revoked")
      }
      return .key(standing.organisation, scopes: standing.scopes)
    }
    return .session(try await proof(in: token))
  }

  /// What an access token says, once its signature and claims have been found good.
  private func proof(in token: String) async throws -> SessionProof {
    let claims: TokenClaims
    do {
      claims = try await desk.ring.verify(token)
    } catch TokenFault.expired {
      throw Problem.badToken("it has run out; POST /v1/auth/refresh gives the next")
    } catch is TokenFault {
      throw Problem.badToken("that token is not one of ours")
    }
    guard let session = claims.session.flatMap({ SessionID($0) }), let user = UserID(claims.subject) else {
      throw Problem.sessionOver
    }
    return SessionProof(session: session, account: user, limits: desk.settings.limits)
  }

  private func user(with proof: SessionProof) async throws -> SignedInUser {
    guard let standing = try await desk.store.standing(of: proof.session, proof.limits),
      standing.account == proof.account
    else { throw Problem.sessionOver }
    return SignedInUser(id: proof.account, session: proof.session, isFresh: standing.isFresh)
  }
}

extension Problem {
  static var signInNeeded: Problem {
    Problem(
      .unauthorized, detail: "This is for people who are signed in: POST /v1/auth/login, then send the access token.",
      fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\""])
  }

  static var notForKeys: Problem {
    Problem(.forbidden, detail: "This is for people who are signed in, not for programs' keys or operators.")
  }

  static func scopeNeeded(_ scopes: [String]) -> Problem {
    let names = scopes.map { "\"\($0)\"" }.joined(separator: " or ")
    return Problem(
      .forbidden, name: "scope-needed", title: "Scope needed",
      detail: "This key does not have the scope \(names); make one that has it.")
  }

  static var sessionOver: Problem { .badToken("its session is over; sign in again") }

  static func badToken(_ reason: String) -> Problem {
    Problem(
      .unauthorized, name: "invalid-token", title: "Token not accepted",
      detail: "What \"Authorization\" or the cookie shows is not accepted: \(reason).",
      fields: ["WWW-Authenticate": "Bearer realm=\"wayfare\", error=\"invalid_token\""])
  }
}
