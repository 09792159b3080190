public import EventLoop
import Synchronization

/// Sends requests to other servers: with time limits, retries within a budget, and a circuit breaker per host.
///
/// ```swift
/// let client = try HTTPClient(loop: group.next())
/// let response = try await client.send(ClientRequest(.get, "https://example.org/rates.csv"))
/// ```
public final class HTTPClient: Sendable {
  private struct Shared {
    var breakers: [String: CircuitBreaker] = [:]
    var budget = RetryBudget()
    var inFlight = 0
    var random = SystemRandomNumberGenerator()
  }

  private let loop: EventLoop
  private let anywhere: ClientLoop
  /// Apart, so that a connection that may be private is never used again for a request that may not.
  private let publicOnly: ClientLoop
  private let retries: RetryRules
  private let inFlightMax: Int
  private let shared = Mutex(Shared())

  private static let hostsMax = 1024

  /// A client on a loop.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start, which means that memory is exhausted.
  public init(
    loop: EventLoop, retries: RetryRules = RetryRules(), inFlightMax: Int = 512, connectionsPerHost: Int = 32
  ) throws(ClientError) {
    guard let anywhere = ClientLoop(loop: loop, connectionsMax: 128, perHost: connectionsPerHost),
      let publicOnly = ClientLoop(loop: loop, connectionsMax: 32, perHost: 8)
    else { throw .closed }
    self.loop = loop
    self.anywhere = anywhere
    self.publicOnly = publicOnly
    self.retries = retries
    self.inFlightMax = inFlightMax
  }

  /// Sends a request, again where that is safe and the budget allows, and gives the last answer.
  ///
  /// An answer with an error status is an answer: the caller judges it.
  /// - Throws: `ClientError`, or `CancellationError` when the task is cancelled.
  public func send(_ request: ClientRequest) async throws -> ClientResponse {
    let host = try HTTPClient.host(of: request.url)
    try enter()
    defer { shared.withLock { $0.inFlight -= 1 } }
    let deadline = EventLoop.nanoseconds &+ request.timeout.nanoseconds
    var attempt = 1
    while true {
      let result = try await sendOnce(request, host: host, deadline: deadline)
      guard let wait = pause(after: result, request, attempt: attempt, deadline: deadline) else {
        return try result.get()
      }
      try await loop.sleep(for: wait)
      attempt += 1
    }
  }

  /// Ends what is under way.
  public func close() async {
    await anywhere.close()
    await publicOnly.close()
  }

  private func enter() throws(ClientError) {
    try shared.withLock { shared throws(ClientError) in
      guard shared.inFlight < inFlightMax else { throw .overloaded(limit: inFlightMax) }
      shared.inFlight += 1
      shared.budget.requestSent()
    }
  }

  private func sendOnce(
    _ request: ClientRequest, host: String, deadline: UInt64
  ) async throws -> Result<ClientResponse, ClientError> {
    let now = EventLoop.nanoseconds
    guard now < deadline else { return .failure(.timedOut(host: host)) }
    guard withBreaker(of: host, { $0.admit(at: now) }) else { return .failure(.circuitOpen(host: host)) }
    let clients = request.reach == .anywhere ? anywhere : publicOnly
    do {
      let response = try await clients.send(request, host: host, timeout: .nanoseconds(Int64(deadline - now)))
      withBreaker(of: host) { $0.record(success: response.status < 500, at: EventLoop.nanoseconds) }
      return .success(response)
    } catch let error as ClientError {
      withBreaker(of: host) { breaker in
        if error.speaksOfServer {
          breaker.record(success: false, at: EventLoop.nanoseconds)
        } else {
          breaker.abandon(at: EventLoop.nanoseconds)
        }
      }
      return .failure(error)
    } catch {
      withBreaker(of: host) { $0.abandon(at: EventLoop.nanoseconds) }
      throw error
    }
  }

  /// How long to wait before the next attempt, or nil when this result stands.
  private func pause(
    after result: Result<ClientResponse, ClientError>, _ request: ClientRequest, attempt: Int, deadline: UInt64
  ) -> Duration? {
    var asked: Duration?
    switch result {
    case .success(let response):
      guard [429, 502, 503, 504].contains(response.status), request.canRepeat else { return nil }
      asked = response.field("retry-after").flatMap(UInt16.init).map { .seconds(Int($0)) }
    case .failure(let error):
      guard error.wasNotSent || (error.isBroken && request.canRepeat) else { return nil }
    }
    guard attempt < retries.attemptsMax else { return nil }
    return shared.withLock { shared in
      let wait = asked ?? retries.wait(afterAttempt: attempt, using: &shared.random)
      guard EventLoop.nanoseconds &+ wait.nanoseconds < deadline, shared.budget.takeRetry() else { return nil }
      return wait
    }
  }

  @discardableResult
  private func withBreaker<Answer>(of host: String, _ body: (inout CircuitBreaker) -> Answer) -> Answer {
    shared.withLock { shared in
      // Users' URLs may name any number of hosts: those that are well are forgotten first.
      if shared.breakers.count >= HTTPClient.hostsMax, shared.breakers[host] == nil {
        shared.breakers = shared.breakers.filter { $0.value.state != .closed }
        if shared.breakers.count >= HTTPClient.hostsMax { shared.breakers.removeAll() }
      }
      return body(&shared.breakers[host, default: CircuitBreaker()])
    }
  }

  /// The host and port of a URL, which names its breaker.
  private static func host(of url: String) throws(ClientError) -> String {
    let lower = url.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { throw .malformedURL(url) }
    let rest = lower.drop { $0 != "/" }.dropFirst(2)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    guard !host.isEmpty else { throw .malformedURL(url) }
    return String(host)
  }
}

extension ClientError {
  var isBroken: Bool { if case .broken = self { true } else { false } }

  /// Whether the error says something about the server's health rather than about the request.
  fileprivate var speaksOfServer: Bool {
    switch self {
    case .unreachable, .timedOut, .broken: true
    default: false
    }
  }
}
