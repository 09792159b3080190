internal import Synchronization

/// How much a request matters when not all can be answered.
public enum LoadClass: Int, Sendable, CaseIterable {
  /// What watches over the process; always answered.
  case critical
  /// What a person waits for.
  case interactive
  /// What may come later.
  case background

  /// Health and metrics are critical, the rest is interactive.
  public static func ofRoute(_ request: Request, _ context: RequestContext) -> LoadClass {
    context.isMonitoring ? .critical : .interactive
  }
}

/// When requests of a class are turned away.
public struct LoadLimit: Sendable, Hashable {
  /// How many may be under way at once.
  public let inFlightMax: Int
  /// How long, in microseconds, work may have to wait for the event loop before new work is turned away.
  public let queueDelayMicrosecondsMax: Int

  /// A limit.
  public init(inFlightMax: Int, queueDelayMicrosecondsMax: Int) {
    precondition(inFlightMax > 0 && queueDelayMicrosecondsMax > 0, "a limit of nothing would turn everybody away")
    self.inFlightMax = inFlightMax
    self.queueDelayMicrosecondsMax = queueDelayMicrosecondsMax
  }
}

/// Why a request is turned away.
enum Shedding: Sendable, Hashable {
  case tooManyInFlight
  case queueTooLong
}

/// Turns requests away early (503) when there are more than can be answered in time, background work first, health
/// never: a late refusal costs as much as an answer, and an early one leaves the answers fast.
public struct LoadShedder: Middleware {
  private let interactive: LoadLimit
  private let background: LoadLimit
  private let inFlight = InFlightCounts()
  private let classify: @Sendable (Request, RequestContext) -> LoadClass
  private let queueDelayMicroseconds: @Sendable () -> Int

  /// A shedder.
  ///
  /// - Parameters:
  ///   - interactive: the limit for what a person waits for.
  ///   - background: the limit for what may come later.
  ///   - classify: what belongs where.
  ///   - queueDelayMicroseconds: how late the event loop is at the moment.
  public init(
    interactive: LoadLimit = LoadLimit(inFlightMax: 1000, queueDelayMicrosecondsMax: 200_000),
    background: LoadLimit = LoadLimit(inFlightMax: 100, queueDelayMicrosecondsMax: 50_000),
    classify: @escaping @Sendable (Request, RequestContext) -> LoadClass = LoadClass.ofRoute,
    queueDelayMicroseconds: @escaping @Sendable () -> Int
  ) {
    self.interactive = interactive
    self.background = background
    self.classify = classify
    self.queueDelayMicroseconds = queueDelayMicroseconds
  }

  /// Passes the request on, or turns it away.
  public func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    let loadClass = classify(request, context)
    guard let limit = limit(for: loadClass) else { return try await next(request, context) }
    let others = inFlight.enter(loadClass)
    defer { inFlight.leave(loadClass) }
    if let reason = Self.shedding(limit, inFlight: others, queueDelayMicroseconds: queueDelayMicroseconds()) {
      throw Self.refusal(reason)
    }
    return try await next(request, context)
  }

  private func limit(for loadClass: LoadClass) -> LoadLimit? {
    switch loadClass {
    case .critical: nil
    case .interactive: interactive
    case .background: background
    }
  }

  /// Whether a request is turned away, and why.
  ///
  /// - Parameters:
  ///   - limit: what holds for its class.
  ///   - inFlight: how many others of the class are under way.
  ///   - queueDelayMicroseconds: how late the event loop is.
  /// - Returns: nil if it may pass.
  static func shedding(_ limit: LoadLimit, inFlight: Int, queueDelayMicroseconds: Int) -> Shedding? {
    if inFlight >= limit.inFlightMax { return .tooManyInFlight }
    return queueDelayMicroseconds > limit.queueDelayMicrosecondsMax ? .queueTooLong : nil
  }

  private static func refusal(_ reason: Shedding) -> Problem {
    Problem(
      .serviceUnavailable, name: "overloaded", title: "Overloaded",
      detail: "There is more to do than can be done in time; try again in a second.", fields: ["Retry-After": "1"])
  }
}

/// How many requests of each class are under way.
private final class InFlightCounts: Sendable {
  private let interactive = Atomic<Int>(0)
  private let background = Atomic<Int>(0)

  /// Counts one more, and says how many there were before.
  func enter(_ loadClass: LoadClass) -> Int {
    switch loadClass {
    case .critical: 0
    case .interactive: interactive.wrappingAdd(1, ordering: .relaxed).oldValue
    case .background: background.wrappingAdd(1, ordering: .relaxed).oldValue
    }
  }

  func leave(_ loadClass: LoadClass) {
    switch loadClass {
    case .critical: return
    case .interactive: interactive.wrappingSubtract(1, ordering: .relaxed)
    case .background: background.wrappingSubtract(1, ordering: .relaxed)
    }
  }
}
