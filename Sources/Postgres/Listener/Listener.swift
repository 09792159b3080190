public import EventLoop

/// Hears notifications over a connection of its own, which must not lead through a pooler.
///
/// ```swift
/// let listener = Listener(settings, on: loop, workPool: pool)
/// for await event in try await listener.subscribe("jobs") { … }
/// ```
///
/// It reconnects by itself; every subscriber then hears `.gap`, because the server keeps nothing for those who
/// are away.
public actor Listener: LoopBound {
  /// The limits of a listener.
  public struct Limits: Sendable {
    /// How many events a subscriber may have unread before they become one gap.
    public var buffer = 256
    /// How often a silent connection is asked whether it lives.
    public var keepaliveInterval = Duration.seconds(15)
    /// How long the answer may take.
    public var keepaliveTimeout = Duration.seconds(5)
    /// The longest wait before the first attempt to reconnect.
    public var reconnectBase = Duration.milliseconds(50)
    /// The longest wait before any attempt to reconnect.
    public var reconnectCap = Duration.seconds(2)

    /// The defaults.
    public init() {}
  }

  private struct Subscriber {
    let mailbox: Mailbox
    /// Whether `subscribe` has returned, so that an interruption would go unnoticed without a gap.
    var hasStarted = false
  }

  /// The loop it lives on.
  public nonisolated let loop: EventLoop
  private let settings: PostgresSettings
  private let limits: Limits
  private let workPool: WorkPool
  private var subscribers: [String: [Subscriber]] = [:]
  /// The connection, from when it listens to every channel.
  private var connection: PostgresConnection?
  private var listening: Set<String> = []
  private var upkeep: Task<Void, Never>?
  private var hasTried = false
  private var firstAttemptWaiters: [UnsafeContinuation<Void, Never>] = []
  private var random = SplitMix(seed: .random(in: 0...UInt64.max))
  private var refusal: PostgresError?
  /// Why the last attempt to connect failed, or nil.
  public private(set) var lastFailure: String?

  /// Makes a listener; the first subscription connects it.
  public init(_ settings: PostgresSettings, on loop: EventLoop, workPool: WorkPool, limits: Limits = Limits()) {
    var settings = settings
    settings.applicationName += " listener"
    // Found out rather than believed: through a pooler, LISTEN would succeed and nothing would ever be heard.
    settings.pooler = .automatic
    self.settings = settings
    self.loop = loop
    self.workPool = workPool
    self.limits = limits
  }

  /// Whether notifications are being heard at the moment.
  public var isConnected: Bool { connection != nil }

  /// Subscribes to a channel; returns once the server listens.
  ///
  /// While the server is away it returns all the same, and the subscriber hears `.gap` once the server listens.
  /// - Throws: `PostgresError.misuse` for a channel that is not lower-case letters, digits and underscores, and
  ///   behind a pooler; `.closed` after `close`.
  public func subscribe(_ channel: String) async throws -> Notifications {
    guard Listener.isChannel(channel) else {
      throw PostgresError.misuse("a channel must be 1 to 63 of a-z, 0-9 and _, beginning with a letter")
    }
    if let refusal { throw refusal }
    let mailbox = Mailbox(limit: limits.buffer)
    subscribers[channel, default: []].append(Subscriber(mailbox: mailbox))
    if upkeep == nil { upkeep = Task(executorPreference: loop) { await self.keepConnected() } }
    if let connection {
      // When the connection is lost over this, reconnecting listens to the channel and tells of the gap.
      _ = try? await listen(to: channel, on: connection)
    } else if !hasTried {
      await withUnsafeContinuation { continuation in
        if hasTried { continuation.resume() } else { firstAttemptWaiters.append(continuation) }
      }
    }
    if let refusal { throw refusal }
    let index = subscribers[channel]?.firstIndex { $0.mailbox === mailbox }
    if let index { subscribers[channel]?[index].hasStarted = true }
    return Notifications(mailbox)
  }

  /// Ends all subscriptions and the connection.
  public func close() async {
    refuse(.closed)
    upkeep?.cancel()
    await connection?.close()
    connection = nil
  }

  // MARK: Upkeep

  private func keepConnected() async {
    var attempt = 0
    let backoff = Backoff(base: limits.reconnectBase, cap: limits.reconnectCap)
    while refusal == nil {
      do {
        let fresh = try await connect()
        attempt = 0
        lastFailure = nil
        startHearing(fresh)
        await keepAlive(fresh)
        connection = nil
        listening = []
      } catch {
        attempt += 1
        lastFailure = "\(error)"
      }
      finishFirstAttempt()
      // Ends early when the listener is closed.
      try? await loop.sleep(for: backoff.equalJitter(max(1, attempt), using: &random))
    }
  }

  private func connect() async throws -> PostgresConnection {
    let fresh = try await PostgresConnection.connect(settings, on: loop, workPool: workPool)
    if await fresh.isPooled {
      await fresh.close()
      let reason = "LISTEN does not work through a pooler; give the listener the address of the server itself"
      refuse(.misuse(reason))
      throw PostgresError.misuse(reason)
    }
    await fresh.whenNotified { channel, payload, pid in
      self.assumeIsolated { $0.deliver(.notification(payload: payload, pid: pid), to: channel) }
    }
    listening = []
    // Somebody may subscribe while this waits for the server.
    while let channel = subscribers.keys.first(where: { !listening.contains($0) }) {
      try await listen(to: channel, on: fresh)
    }
    return fresh
  }

  private func listen(to channel: String, on connection: PostgresConnection) async throws {
    guard !listening.contains(channel) else { return }
    _ = try await connection.run(Request(sql: SQL(unsafe: "LISTEN \"\(channel)\""), setting: .bare(nil)))
    listening.insert(channel)
  }

  private func startHearing(_ fresh: PostgresConnection) {
    connection = fresh
    for (channel, list) in subscribers {
      for subscriber in list where subscriber.hasStarted { subscriber.mailbox.put(.gap) }
      subscribers[channel] = list
    }
    finishFirstAttempt()
  }

  private func finishFirstAttempt() {
    hasTried = true
    let waiters = firstAttemptWaiters
    firstAttemptWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  /// Asks the connection now and then whether it lives; returns when it has ended.
  private func keepAlive(_ connection: PostgresConnection) async {
    while await connection.isAlive, refusal == nil {
      await connection.waitForEnd(upTo: limits.keepaliveInterval)
      forgetClosed()
      // A probe that fails has ended the connection.
      try? await connection.probe(within: limits.keepaliveTimeout)
    }
    await connection.close()
  }

  private func deliver(_ event: ListenerEvent, to channel: String) {
    for subscriber in subscribers[channel] ?? [] { subscriber.mailbox.put(event) }
  }

  /// Forgets subscribers that have gone; their channels stay, because hearing them costs next to nothing.
  private func forgetClosed() {
    for channel in subscribers.keys { subscribers[channel]?.removeAll { $0.mailbox.isClosed } }
  }

  private func refuse(_ reason: PostgresError) {
    refusal = reason
    for list in subscribers.values {
      for subscriber in list { subscriber.mailbox.close() }
    }
    subscribers = [:]
    finishFirstAttempt()
  }

  private static func isChannel(_ name: String) -> Bool {
    guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= 63 else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
  }
}
