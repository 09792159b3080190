import Synchronization
import Testing

@testable import HTTP

/// A token bucket counted plainly: tokens drip in with time, in whole nanoseconds' worth.
private struct TokenBucket {
  let interval: UInt64
  let depth: UInt64
  var level: UInt64
  var last: UInt64 = 0

  init(_ policy: RateLimitPolicy) {
    interval = policy.intervalNanoseconds
    depth = interval * UInt64(policy.quota)
    level = depth
  }

  mutating func take(now: UInt64) -> (isAllowed: Bool, remaining: Int) {
    level = min(depth, level + (now - last))
    last = now
    guard level >= interval else { return (false, 0) }
    level -= interval
    return (true, Int(level / interval))
  }
}

@Suite("Rate limiting")
struct RateLimitTests {
  @Test("decides as a plainly counted token bucket does", arguments: [UInt64.random(in: 0...UInt64.max)])
  func oracle(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let policy = RateLimitPolicy(
        name: "p", quota: Int.random(in: 1...20, using: &random), windowSeconds: Int.random(in: 1...10, using: &random))
      var limiter = RateLimiter<Int>(policy: policy, capacity: 100)
      var buckets = (0..<3).map { _ in TokenBucket(policy) }
      var now = UInt64.random(in: 0...1_000_000_000_000, using: &random)
      for index in buckets.indices { buckets[index].last = now }
      for _ in 0..<300 {
        now += UInt64.random(in: 0...(policy.intervalNanoseconds * 2), using: &random)
        let key = Int.random(in: 0..<3, using: &random)
        let decision = limiter.decide(key, now: now)
        let expected = buckets[key].take(now: now)
        #expect(decision.isAllowed == expected.isAllowed && decision.remaining == expected.remaining, "seed \(seed)")
      }
    }
  }

  @Test("lets pass again exactly when it said")
  func retry() {
    let policy = RateLimitPolicy(name: "p", quota: 2, windowSeconds: 10)
    var limiter = RateLimiter<String>(policy: policy, capacity: 10)
    #expect(limiter.decide("a", now: 100).remaining == 1)
    #expect(limiter.decide("a", now: 100).remaining == 0)
    // Two requests in ten seconds: one is worth five, so the next may come after five.
    let refused = limiter.decide("a", now: 100)
    #expect(!refused.isAllowed && refused.retryNanoseconds == 5_000_000_000)
    #expect(refused.resetNanoseconds == 10_000_000_000)
    #expect(!limiter.decide("a", now: 100 + refused.retryNanoseconds - 1).isAllowed)
    #expect(limiter.decide("a", now: 100 + refused.retryNanoseconds).isAllowed)
    #expect(limiter.decide("b", now: 100).isAllowed)
  }

  @Test("never remembers more keys than it has room for, and keeps those that come back")
  func bounded() {
    var limiter = RateLimiter<Int>(policy: RateLimitPolicy(name: "p", quota: 1, windowSeconds: 1000), capacity: 100)
    for key in 0..<10_000 {
      _ = limiter.decide(key, now: 1)
      #expect(limiter.count <= 100)
      if key % 20 == 0 { #expect(limiter.decide(-1, now: 1).isAllowed == (key == 0)) }
    }
  }

  private static let policy = RateLimitPolicy(name: "address", quota: 2, windowSeconds: 60)

  private func statuses(_ limit: RateLimit, _ requests: [(peer: String, headers: [(String, String)])]) async throws
    -> [Int]
  {
    var result: [Int] = []
    for (peer, headers) in requests {
      let request = try Request.make(headers: headers)
      let address = try #require(PeerAddress(host: peer))
      result.append(try await limit.answer(to: request, peer: address) { _, _ in .text("ok") }.status.code)
    }
    return result
  }

  @Test("says what is left, and when to come back")
  func fields() async throws {
    let time = Mutex<UInt64>(1_000_000_000)
    let limit = RateLimit(perAddress: Self.policy, now: { time.withLock { $0 } })
    let first = try await limit.answer(to: try .make()) { _, _ in .text("ok") }
    #expect(first.fields["RateLimit-Policy"] == "\"address\";q=2;w=60")
    #expect(first.fields["RateLimit"] == "\"address\";r=1;t=30")
    _ = try await limit.answer(to: try .make()) { _, _ in .text("ok") }
    let refused = try await limit.answer(to: try .make()) { _, _ in .text("ok") }
    #expect(refused.status == .tooManyRequests)
    #expect(refused.fields["Retry-After"] == "30")
    #expect(refused.fields["RateLimit"] == "\"address\";r=0;t=60")
    #expect(try refused.text.contains("\"type\":\"/problems/rate-limit\""))
    time.withLock { $0 += 30_000_000_000 }
    #expect(try await limit.answer(to: try .make()) { _, _ in .text("ok") }.status == .ok)
  }

  @Test("counts IPv6 by its /64 and every IPv4 address for itself")
  func addresses() async throws {
    let limit = RateLimit(perAddress: Self.policy, now: { 1 })
    #expect(
      try await statuses(
        limit,
        [
          ("2001:db8::1", []), ("2001:db8::2", []), ("2001:db8::3", []), ("2001:db8:0:1::1", []), ("192.0.2.1", []),
          ("192.0.2.1", []), ("192.0.2.2", []), ("192.0.2.1", []),
        ]) == [200, 200, 429, 200, 200, 200, 200, 429])
  }

  @Test("by credential holds besides the limit by address")
  func credentials() async throws {
    let limit = RateLimit(
      perAddress: RateLimitPolicy(name: "address", quota: 4, windowSeconds: 60),
      perCredential: RateLimitPolicy(name: "key", quota: 1, windowSeconds: 60), now: { 1 })
    let a = [("Authorization", "Bearer a")]
    let b = [("authorization", "Bearer b")]
    let outcome = try await statuses(
      limit,
      [("192.0.2.1", a), ("192.0.2.2", a), ("192.0.2.1", b), ("192.0.2.1", []), ("192.0.2.1", []), ("192.0.2.1", [])])
    #expect(outcome == [200, 429, 200, 200, 200, 429])
    let response = try await limit.answer(to: try .make(headers: [("Authorization", "c")])) { _, _ in .text("ok") }
    #expect(response.fields["RateLimit"] == "\"address\";r=3;t=15, \"key\";r=0;t=60")
  }

  @Test("leaves health alone")
  func health() async throws {
    let router = Router()
    router.add(RateLimit(perAddress: RateLimitPolicy(name: "p", quota: 1, windowSeconds: 60), now: { 1 }))
    router.get("/health/live") { _, _ in .text("ok") }
    router.get("/x") { _, _ in .text("ok") }
    let tree = router.build()
    for _ in 0..<5 { #expect(try await tree.answer(.get, "/health/live").status == .ok) }
    #expect(try await tree.answer(.get, "/x").status == .ok)
    #expect(try await tree.answer(.get, "/x").status == .tooManyRequests)
  }

  @Test(
    "believes X-Forwarded-For from its end, as long as who wrote it is trusted",
    arguments: [
      ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
      ("10.0.0.1", "1.1.1.1, 192.0.2.1", "192.0.2.1"),
      ("10.0.0.1", "1.1.1.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
      ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
      ("192.0.2.9", "1.1.1.1", "192.0.2.9"),
      ("10.0.0.1", "evil, 10.0.0.2", "10.0.0.2"),
      ("10.0.0.1", "", "10.0.0.1"),
      ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ])
  func forwarded(_ peer: String, _ field: String, _ expected: String) throws {
    let proxies = TrustedProxies([try #require(AddressRange("10.0.0.0/8"))])
    let request = try Request.make(headers: [("X-Forwarded-For", field)])
    let address = try #require(PeerAddress(host: peer))
    #expect(proxies.client(of: request, peer: address).host == expected)
    #expect(TrustedProxies().client(of: request, peer: address).host == peer)
  }
}
