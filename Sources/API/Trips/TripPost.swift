import Accounts
import HTTP

/// An invitation to a trip, as it goes to an address.
struct TripLetter: Sendable {
  let address: String
  let trip: String
  let author: String
  let token: String
}

/// Writes letters to people who are invited.
struct TripPost: Sendable {
  /// Seals a letter, so that nobody but its sender reads the token in it.
  let payload: @Sendable (TripLetter) -> String
  /// Refuses when too many letters have been sent to the address, or from where the request comes.
  let admit: @Sendable (EmailAddress, Request, RequestContext) async throws -> Void
}
