/// Keeps retries a small share of requests, so that a server in trouble is not drowned by them.
///
/// Each request adds a share of a token, each retry takes a whole one; a small stock lets a quiet client retry too.
struct RetryBudget: Sendable {
  private let share: Double
  private let stock: Double
  private var tokens: Double

  init(share: Double = 0.1, stock: Double = 10) {
    self.share = share
    self.stock = stock
    tokens = stock
  }

  mutating func requestSent() { tokens = min(stock, tokens + share) }

  mutating func takeRetry() -> Bool {
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}

/// When a request that failed is sent again.
public struct RetryRules: Sendable {
  /// The most attempts, the first included.
  public var attemptsMax = 3
  /// The first wait is up to this; each further one up to twice the one before.
  public var firstWait: Duration = .milliseconds(100)
  /// No wait is longer.
  public var waitMax: Duration = .seconds(5)

  /// The defaults.
  public init() {}

  /// A wait drawn evenly from zero to the attempt's ceiling, so that clients that failed together do not return together.
  func wait(afterAttempt attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
    let ceiling = min(firstWait.nanoseconds << UInt64(min(attempt - 1, 20)), waitMax.nanoseconds)
    return .nanoseconds(Int64(UInt64.random(in: 0...max(1, ceiling), using: &random)))
  }
}
