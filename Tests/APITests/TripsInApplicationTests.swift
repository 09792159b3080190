import HTTP
import Testing

@testable import API

/// Where the application serves trips.
@Suite("Trips in the application")
struct TripsInApplicationTests {
  private struct Nobody: CallerSource {
    func caller(of request: Request, _ context: RequestContext) async throws -> Caller { .anonymous }
  }

  @Test("trips are served with the version and without it, and only where it is known who asks")
  func places() async throws {
    try await ApplicationFixture.run(.inProcess) { fixture in
      let answer = try await fixture.send(.get, "/v1/trips")
      #expect(answer.status == 503 && answer.text.contains("accounts"))
    }
    try await ApplicationFixture.run(.inProcess, change: { $0.callers = Nobody() }) { fixture in
      for path in ["/trips", "/v1/trips", "/v1/trips/0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"] {
        let answer = try await fixture.send(.get, path)
        #expect(answer.status == 401, "\(path)")
      }
    }
  }
}
