public import JSON

/// What can be done: its name, how it is tried, and what a payload must look like.
///
/// The same description serves those who submit (a payload that does not fit is refused before it is stored) and those
/// who run it.
public struct JobKind: Sendable {
  /// What jobs name.
  public let name: String
  /// One line for people.
  public let summary: String
  /// Where its jobs wait unless they say otherwise.
  public var queue = "default"
  /// How often a job is tried unless it says otherwise.
  public var attemptsMax = 10
  /// How long one try may take.
  public var timeLimit: Duration = .seconds(900)
  /// How many of them one worker runs at once; nil for as many as it has room for.
  public var perWorkerMax: Int?
  /// How long to wait after a failure.
  public var retry = RetryDelay()
  /// Throws why payloads cannot be checked here at the moment, where what they are checked against is missing.
  public var prepare: @Sendable () throws -> Void = {}
  /// Refuses a payload that cannot be worked on.
  public let check: @Sendable (JSONNode) throws(JSONError) -> Void

  /// A kind whose payload is checked by `check`, for payloads that are read with something beside them.
  public init(
    _ name: String, _ summary: String, check: @escaping @Sendable (JSONNode) throws(JSONError) -> Void
  ) {
    self.name = name
    self.summary = summary
    self.check = check
  }

  /// A kind whose payload is read as `Payload`.
  public init<Payload: JSONReadable & SendableMetatype>(_ name: String, _ summary: String, payload: Payload.Type) {
    self.name = name
    self.summary = summary
    check = { node throws(JSONError) in _ = try Payload(json: node) }
  }
}

/// How long to wait after a failure: twice as long each time, up to a most, and scattered so that what failed
/// together does not come back together.
public struct RetryDelay: Sendable, Hashable {
  /// After the first failure.
  public var first: Duration
  /// Never longer.
  public var most: Duration
  /// By which share of itself a delay may be shorter or longer, 0 to 1.
  public var scatter: Double

  /// One second, doubled up to an hour, give or take a quarter.
  public init(first: Duration = .seconds(1), most: Duration = .seconds(3600), scatter: Double = 0.25) {
    precondition(
      first > .zero && most >= first && (0...1).contains(scatter), "a delay grows from above zero to its most")
    self.first = first
    self.most = most
    self.scatter = scatter
  }

  /// Seconds to wait after a try, which counts from 1.
  public func seconds(after attempt: Int, using random: inout some RandomNumberGenerator) -> Double {
    let least = first / .seconds(1)
    let largest = most / .seconds(1)
    let doublings = Double(1 << min(max(attempt - 1, 0), 40))
    let plain = min(least * doublings, largest)
    return plain * (1 + scatter * Double.random(in: -1...1, using: &random))
  }
}
