import Postgres
import TestSupport
import Testing

@Suite("Smoke") struct SmokeTests {
  @Test("x", arguments: Route.available) func x(route: Route) async throws {
    try await withTestClient(route) { client in
      let rows = try await client.query("SELECT 1::int4, \("hé'llo")")
      let (n, s) = try rows.decodeOnly(Int32.self, String.self)
      #expect(n == 1 && s == "hé'llo")
      await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT nonsense") }
      let again = try await client.query("SELECT 2")
      #expect(try again.decodeOnly(Int32.self) == 2)
    }
  }
}
