internal import Synchronization
public import Telemetry

/// Refuses those who ask too often (429), by address and, if they show one, by credential.
///
/// Both limits hold at once: showing a new credential with every request does not get around the limit of the address.
/// Every answer says how much is left, in the fields of the IETF's draft "RateLimit header fields for HTTP":
/// `RateLimit-Policy: "address";q=100;w=60` and `RateLimit: "address";r=99;t=1`.
public struct RateLimit: Filter {
  private let perAddress: SharedRateLimiter<PeerAddress>
  private let perCredential: SharedRateLimiter<CredentialHash>?
  private let credentialHeader: StaticString
  private let trustedProxies: TrustedProxies
  private let isExempt: @Sendable (Request, RequestContext) -> Bool
  private let policyFields: HTTPFields
  private let wording: Wording
  private let now: @Sendable () -> UInt64

  /// Limits.
  ///
  /// - Parameters:
  ///   - perAddress: for each IPv4 address, for each IPv6 network of 64 bits.
  ///   - perCredential: for each value of `credentialHeader`.
  ///   - credentialHeader: the field with the credential.
  ///   - capacity: how many addresses, and how many credentials, are remembered at most.
  ///   - trustedProxies: whose `X-Forwarded-For` is believed.
  ///   - isExempt: what is never counted.
  ///   - now: nanoseconds of a clock that never goes back.
  public init(
    perAddress: RateLimitPolicy, perCredential: RateLimitPolicy? = nil,
    credentialHeader: StaticString = "Authorization",
    capacity: Int = 20_000, trustedProxies: TrustedProxies = TrustedProxies(),
    isExempt: @escaping @Sendable (Request, RequestContext) -> Bool = { LoadClass.ofRoute($0, $1) == .critical },
    now: @escaping @Sendable () -> UInt64 = TelemetryClock.system.steadyNanoseconds
  ) {
    self.perAddress = SharedRateLimiter(policy: perAddress, capacity: capacity)
    self.perCredential = perCredential.map { SharedRateLimiter(policy: $0, capacity: capacity) }
    self.credentialHeader = credentialHeader
    self.trustedProxies = trustedProxies
    self.isExempt = isExempt
    self.now = now
    let policies = ([perAddress] + (perCredential.map { [$0] } ?? [])).map { policy in
      var item = StructuredItem(.string(policy.name))
      item.parameters.set("q", .integer(Int64(policy.quota)))
      item.parameters.set("w", .integer(Int64(policy.windowSeconds)))
      return StructuredMember.item(item)
    }
    guard let value = StructuredField.text(of: policies) else { preconditionFailure("a policy's name is a token") }
    policyFields = ["RateLimit-Policy": value]
    wording = Wording(address: perAddress.name, credential: perCredential?.name ?? "")
  }

  /// Counts the request, and passes it on if there is quota left.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    if isExempt(request, context) { return nil }
    let verdict = decide(request, context)
    if verdict.retryNanoseconds > 0 { throw refusal(verdict) }
    notes.number = verdict.address.packed
    notes.secondNumber = verdict.credential?.packed ?? 0
    return nil
  }

  /// Says how much is left.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    // What was counted has a time until its quota is whole again: nothing noted means not counted.
    guard let address = Standing(packed: notes.number) else { return }
    appendFields(address, Standing(packed: notes.secondNumber), to: &response.fields)
  }

  /// What both limits say together.
  private struct Verdict {
    var address: RateLimitDecision
    var credential: RateLimitDecision?

    var retryNanoseconds: UInt64 { max(address.retryNanoseconds, credential?.retryNanoseconds ?? 0) }
  }

  /// What an answer says of one limit.
  fileprivate struct Standing {
    let remaining: Int
    let resetSeconds: Int

    init(_ decision: RateLimitDecision) {
      remaining = decision.remaining
      resetSeconds = seconds(decision.resetNanoseconds)
    }

    /// What `packed` has made one number of; nil for 0.
    init?(packed: UInt64) {
      if packed == 0 { return nil }
      remaining = Int(packed >> 32)
      resetSeconds = Int(packed & 0xFFFF_FFFF)
    }
  }

  private func decide(_ request: Request, _ context: RequestContext) -> Verdict {
    let now = now()
    let client = trustedProxies.client(of: request, peer: context.peer)
    var verdict = Verdict(address: perAddress.decide(client.network, now: now))
    if let perCredential, verdict.address.isAllowed, let range = request.head.firstValue(credentialHeader) {
      let hash = request.head.storage.withBytes(range, CredentialHash.init)
      verdict.credential = perCredential.decide(hash, now: now)
    }
    return verdict
  }

  private func refusal(_ verdict: Verdict) -> Problem {
    let wait = seconds(verdict.retryNanoseconds)
    var problem = Problem(
      .tooManyRequests, name: "rate-limit", title: "Too Many Requests",
      detail: "You ask more often than is allowed; wait \(wait) seconds.", fields: ["Retry-After": "\(wait)"])
    appendFields(Standing(verdict.address), verdict.credential.map(Standing.init), to: &problem.fields)
    return problem
  }

  private func appendFields(_ address: Standing, _ credential: Standing?, to fields: inout HTTPFields) {
    fields.append(contentsOf: policyFields)
    // Named apart, so that the closure does not copy the whole filter.
    let wording = wording
    fields.appendPlain("RateLimit", roomBytes: wording.roomBytes) { wording.write(address, credential, to: &$0) }
  }

  /// How `RateLimit` is worded; an object, so that each answer counts one reference to it.
  private final class Wording: Sendable {
    /// What stands in front of the numbers.
    private let addressStart: [UInt8]
    private let credentialStart: [UInt8]
    /// More than the value can have.
    let roomBytes: Int

    init(address: String, credential: String) {
      addressStart = Array("\"\(address)\";r=".utf8)
      credentialStart = Array(", \"\(credential)\";r=".utf8)
      roomBytes = addressStart.count + credentialStart.count + 4 * ByteWriter.decimalMax + 6
    }

    func write(_ address: Standing, _ credential: Standing?, to value: inout ByteWriter) {
      value.put(addressStart)
      Self.write(address, to: &value)
      guard let credential else { return }
      value.put(credentialStart)
      Self.write(credential, to: &value)
    }

    private static func write(_ standing: Standing, to value: inout ByteWriter) {
      value.putDecimal(standing.remaining)
      value.put(";t=")
      value.putDecimal(standing.resetSeconds)
    }
  }
}

/// Whole seconds, rounded up: coming back a moment early would be in vain.
private func seconds(_ nanoseconds: UInt64) -> Int {
  Int(nanoseconds / 1_000_000_000) + (nanoseconds % 1_000_000_000 == 0 ? 0 : 1)
}

extension RateLimitDecision {
  /// What is left (30 bits are enough for any quota) and the seconds until it is whole again, as one number, which is
  /// never 0: whoever was counted has to wait for what was taken.
  fileprivate var packed: UInt64 {
    UInt64(remaining) << 32 | min(UInt64(max(1, seconds(resetNanoseconds))), 0xFFFF_FFFF)
  }
}

/// A credential by its hash, so that the table holds no secrets.
///
/// The hash is seeded anew in every process.
private struct CredentialHash: Hashable, Sendable {
  private let value: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    value = hasher.finalize()
  }
}

/// A limiter that several event loops share.
private final class SharedRateLimiter<Key: Hashable & Sendable>: Sendable {
  let policy: RateLimitPolicy
  private let limiter: Mutex<RateLimiter<Key>>

  init(policy: RateLimitPolicy, capacity: Int) {
    self.policy = policy
    limiter = Mutex(RateLimiter(policy: policy, capacity: capacity))
  }

  func decide(_ key: Key, now: UInt64) -> RateLimitDecision {
    limiter.withLock { $0.decide(key, now: now) }
  }
}
