import BudgetWire
import HTTP
import JSON
import Secrets
import Store

/// All routes about accounts.
struct AccountRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource
  let budget: BudgetLibrary
  let bookings: BookingStore

  func addRoutes(to group: RouteGroup) {
    RegistrationRoutes(desk: desk).addRoutes(to: group)
    SignInRoutes(desk: desk, source: source).addRoutes(to: group)
    let providers = desk.settings.providers ?? ProviderDesk(none: desk.settings.now)
    ElsewhereRoutes(desk: desk, source: source, providers: providers).addRoutes(to: group)
    CredentialRoutes(desk: desk, source: source).addRoutes(to: group)
    SecondFactorRoutes(desk: desk, source: source).addRoutes(to: group)
    OrganisationRoutes(desk: desk, source: source).addRoutes(to: group)
    KeyRoutes(desk: desk, source: source).addRoutes(to: group)
    ProfileRoutes(desk: desk, source: source, budget: budget, bookings: bookings).addRoutes(to: group)
    group.get("/.well-known/jwks.json") { _, _ in
      .json(KeySet(keys: try await desk.ring.published()), fields: ["Cache-Control": "public, max-age=300"])
    }.describe(.json("The keys that check access tokens", .accounts, gives: .fields(["keys": .list(.object)])))
  }

  /// Adds the pages that mails lead to.
  func addPages(to group: RouteGroup) {
    PageRoutes(
      desk: desk, registration: RegistrationRoutes(desk: desk),
      credentials: CredentialRoutes(desk: desk, source: source)
    ).addRoutes(to: group)
  }

  private struct KeySet: JSONWritable {
    let keys: [JSONWebKey]

    func write(to writer: inout JSONWriter) { writer.object { $0.field("keys", keys) } }
  }
}
