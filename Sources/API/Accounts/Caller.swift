package import HTTP
package import Kernel
package import Store

/// Who asks.
package enum Caller: Sendable, Hashable {
  /// Somebody who has not said who they are.
  case anonymous
  /// Somebody with an account.
  case user(UserID)
  /// A partner's program, with what its key allows.
  case partner(OrganisationID, scopes: Set<String>)
  /// Who runs the installation.
  case `operator`
}

/// Tells who asks, from what a request shows.
package protocol CallerSource: Sendable {
  /// Who sent a request.
  ///
  /// - Throws: a problem when it shows something that is not, or no longer, good; whoever shows nothing is anonymous.
  func caller(of request: Request, _ context: RequestContext) async throws -> Caller

  /// What a request shows, without asking the database yet.
  ///
  /// - Throws: a problem when that cannot be good.
  func claim(of request: Request, _ context: RequestContext) async throws -> CallerClaim
}

extension CallerSource {
  package func claim(of request: Request, _ context: RequestContext) async throws -> CallerClaim {
    .known(try await caller(of: request, context))
  }
}

/// Who asks, as far as that is known from the request alone.
package enum CallerClaim: Sendable {
  /// Nothing is left to ask.
  case known(Caller)
  /// A token of ours, unless its session is over: that is asked together with what the request is about.
  case session(SessionProof)
}
