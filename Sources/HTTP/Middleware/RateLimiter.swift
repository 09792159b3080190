/// How much of something is allowed: `quota` at once, and again after `windowSeconds` of rest.
public struct RateLimitPolicy: Sendable, Hashable {
  /// What the policy is called in the response fields.
  public let name: String
  /// How many requests may come at once.
  public let quota: Int
  /// How long it takes until a spent quota is whole again.
  public let windowSeconds: Int

  /// A policy; in the long run it allows `quota / windowSeconds` requests a second.
  ///
  /// - Precondition: all is positive, and the name is letters, digits and `-`.
  public init(name: String, quota: Int, windowSeconds: Int) {
    precondition(quota > 0 && windowSeconds > 0 && quota <= 1_000_000_000, "a quota and its window are positive")
    precondition(!name.isEmpty && name.utf8.allSatisfy { ByteSet.token.contains($0) }, "a policy's name is a token")
    self.name = name
    self.quota = quota
    self.windowSeconds = windowSeconds
  }

  /// The nanoseconds that one request stands for.
  var intervalNanoseconds: UInt64 { max(1, UInt64(windowSeconds) * 1_000_000_000 / UInt64(quota)) }
}

/// What a limiter says to one request.
public struct RateLimitDecision: Sendable, Hashable {
  /// Whether it may pass.
  public let isAllowed: Bool
  /// How many more might pass at once.
  public let remaining: Int
  /// How long until the quota is whole again.
  public let resetNanoseconds: UInt64
  /// How long until one request would pass; 0 if this one did.
  public let retryNanoseconds: UInt64
}

/// Counts requests by key with the generic cell rate algorithm (ITU-T I.371): a token bucket that needs one number per
/// key, the time at which the bucket will be full again.
///
/// The table is bounded. It has a young and an old half; when the young one is full it becomes the old one, and what
/// was in the old one and not asked for since is forgotten. A flood of new keys can therefore make it forget, at worst
/// giving somebody a fresh quota, but never grow. Time is an argument, in nanoseconds of a clock that never goes back.
///
/// - Complexity: O(1) per request.
public struct RateLimiter<Key: Hashable & Sendable>: Sendable {
  private let interval: UInt64
  private let depth: UInt64
  private let halfCapacity: Int
  private var young: [Key: UInt64] = [:]
  private var old: [Key: UInt64] = [:]

  /// A limiter.
  ///
  /// - Parameters:
  ///   - policy: how much is allowed to each key.
  ///   - capacity: how many keys are remembered at most.
  public init(policy: RateLimitPolicy, capacity: Int) {
    precondition(capacity >= 2, "a table for at least two keys")
    interval = policy.intervalNanoseconds
    depth = interval * UInt64(policy.quota)
    halfCapacity = capacity / 2
  }

  /// How many keys are remembered.
  public var count: Int { young.count + old.count }

  /// Counts one request of a key, if it may pass.
  public mutating func decide(_ key: Key, now: UInt64) -> RateLimitDecision {
    let place = young.index(forKey: key)
    let fullAt = max(place.map { young.values[$0] } ?? old[key] ?? 0, now)
    let missing = fullAt - now
    guard missing + interval <= depth else {
      // Asking counts as asking: whoever keeps trying must not be forgotten for it.
      remember(key, place, fullAt)
      return RateLimitDecision(
        isAllowed: false, remaining: 0, resetNanoseconds: missing, retryNanoseconds: missing + interval - depth)
    }
    remember(key, place, fullAt + interval)
    let left = depth - missing - interval
    return RateLimitDecision(
      isAllowed: true, remaining: Int(left / interval), resetNanoseconds: missing + interval, retryNanoseconds: 0)
  }

  /// Puts a key where the young are; `place` is where it is there already.
  private mutating func remember(_ key: Key, _ place: Dictionary<Key, UInt64>.Index?, _ fullAt: UInt64) {
    if let place {
      young.values[place] = fullAt
      return
    }
    young[key] = fullAt
    old[key] = nil
    guard young.count >= halfCapacity else { return }
    old = young
    young = [:]
  }
}
