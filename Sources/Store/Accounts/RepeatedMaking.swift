package import Kernel
import Postgres

/// A request that makes something and may be sent twice.
package struct MakingRequest: Sendable {
  /// Who sends it.
  package let caller: UserID
  /// What the caller calls it.
  package let key: String
  /// All that makes the request what it is, written the same way each time; its digest is kept.
  package let content: [UInt8]

  /// A request.
  package init(caller: UserID, key: String, content: [UInt8]) {
    self.caller = caller
    self.key = key
    self.content = content
  }
}

/// What became of a request that makes something.
package enum Making<Made: Sendable>: Sendable {
  /// It was made by this request.
  case made(Made)
  /// The same request has made it before.
  case before(Made)
  /// The `Idempotency-Key` belongs to another request.
  case different
  /// A request with this key is being carried out right now.
  case inFlight
  /// There are as many as there may be.
  case full
}

extension MakingRequest {
  /// How long a request is remembered.
  fileprivate static let rememberedSeconds: Double = 86_400
}

extension Transaction {
  /// Makes something once for each key of a caller.
  func making<Noun, Made: Sendable>(
    _ request: MakingRequest?, id: (Made) -> Identifier<Noun>,
    find: (Identifier<Noun>) async throws -> Made?, make: () async throws -> Made?
  ) async throws -> Making<Made> {
    guard let request else { return try await make().map { .made($0) } ?? .full }
    let isFree = try await query(
      "select pg_try_advisory_xact_lock(hashtextextended(\("\(request.caller)") || chr(10) || \(request.key), 7246011))"
    ).decodeOnly(Bool.self)
    guard isFree else { return .inFlight }
    try await execute(
      """
      delete from account_request where caller = \(request.caller)
        and created_at < now() - make_interval(secs => \(MakingRequest.rememberedSeconds))
      """)
    let known = try await query(
      """
      select fingerprint = sha256(\(request.content)), made from account_request
      where caller = \(request.caller) and key = \(request.key)
      """
    ).decodeFirst(Bool.self, Identifier<Noun>.self)
    if let (isSame, made) = known {
      guard isSame else { return .different }
      // What was made and is gone again is not made anew by a repeated request.
      return try await find(made).map { .before($0) } ?? .different
    }
    guard let made = try await make() else { return .full }
    try await execute(
      """
      insert into account_request (caller, key, fingerprint, made)
      values (\(request.caller), \(request.key), sha256(\(request.content)), \(id(made)))
      """)
    return .made(made)
  }
}
