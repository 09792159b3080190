import Synchronization
import Testing

@testable import HTTP

@Suite("Load shedding")
struct LoadShedderTests {
  @Test("turns away when too many are under way, or the queue is too long")
  func decision() {
    let limit = LoadLimit(inFlightMax: 2, queueDelayMicrosecondsMax: 100)
    #expect(LoadShedder.shedding(limit, inFlight: 1, queueDelayMicroseconds: 100) == nil)
    #expect(LoadShedder.shedding(limit, inFlight: 2, queueDelayMicroseconds: 0) == .tooManyInFlight)
    #expect(LoadShedder.shedding(limit, inFlight: 0, queueDelayMicroseconds: 101) == .queueTooLong)
  }

  private static func tree(delay: Int) -> RouteTree {
    let router = Router()
    router.add(
      LoadShedder(
        classify: { request, context in
          request.pathHasPrefix("/jobs") ? .background : LoadClass.ofRoute(request, context)
        }, queueDelayMicroseconds: { delay }))
    for pattern in ["/health/live", "/metrics", "/trips", "/jobs"] { router.get(pattern) { _, _ in .text("ok") } }
    return router.build()
  }

  @Test(
    "turns background work away first and health never",
    arguments: [(0, [200, 200, 200, 200]), (60_000, [200, 200, 200, 503]), (1_000_000, [200, 200, 503, 503])])
  func classes(_ delay: Int, _ expected: [Int]) async throws {
    var statuses: [Int] = []
    for path in ["/health/live", "/metrics", "/trips", "/jobs"] {
      let response = try await Self.tree(delay: delay).answer(.get, path)
      statuses.append(response.status.code)
      #expect((response.status.code == 503) == response.fields.contains("Retry-After"))
    }
    #expect(statuses == expected)
  }

  @Test("counts those under way, and no longer when they are done or have failed")
  func inFlight() async throws {
    let shedder = LoadShedder(
      interactive: LoadLimit(inFlightMax: 1, queueDelayMicrosecondsMax: 1_000_000), queueDelayMicroseconds: { 0 })
    for _ in 0..<3 {
      let outer = try await shedder.answer(to: try .make()) { _, _ in
        // While this one is under way, another finds no room.
        let inner = try await shedder.answer(to: try .make()) { _, _ in .text("inner") }
        return .text("\(inner.status.code)")
      }
      #expect(try outer.text == "503")
      _ = try await shedder.answer(to: try .make()) { _, _ in throw Problem(.conflict) }
    }
  }
}

extension Request {
  fileprivate func pathHasPrefix(_ prefix: String) -> Bool { head.path.hasPrefix(prefix) }
}
