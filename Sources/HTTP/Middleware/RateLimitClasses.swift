/// Several limits, of which each request counts under one: what costs more, or is worth guessing at, is allowed less often.
///
/// Answers tell only the limit that the request counted under.
public struct RateLimitClasses: Filter {
  private let limits: [RateLimit]
  private let classify: @Sendable (Request, RequestContext) -> Int

  /// Limits.
  ///
  /// - Parameters:
  ///   - policies: one for each class, for each IPv4 address and each IPv6 network of 64 bits.
  ///   - capacity: how many addresses each remembers at most.
  ///   - trustedProxies: whose `X-Forwarded-For` is believed.
  ///   - now: nanoseconds of a clock that never goes back.
  ///   - classify: the place of a request's class among the policies.
  /// - Precondition: there is a policy, and `classify` gives the place of one.
  public init(
    _ policies: [RateLimitPolicy], capacity: Int = 20_000, trustedProxies: TrustedProxies = TrustedProxies(),
    now: @escaping @Sendable () -> UInt64, classify: @escaping @Sendable (Request, RequestContext) -> Int
  ) {
    precondition(!policies.isEmpty, "a request counts under some limit")
    limits = policies.map {
      RateLimit(perAddress: $0, capacity: capacity, trustedProxies: trustedProxies, now: now)
    }
    self.classify = classify
  }

  /// Counts the request, and passes it on if there is quota left.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    try limits[classify(request, context)].enter(request, &context, &notes)
  }

  /// Says how much is left.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    limits[classify(request, context)].leave(request, context, notes, &response)
  }
}
