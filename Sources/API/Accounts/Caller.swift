package import HTTP
package import Kernel

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
}
