import CPostgres
public import EventLoop

extension PostgresConnection {
  /// Connects; the pool of threads resolves host names and delivers cancel requests.
  ///
  /// - Throws: `PostgresError.unavailable` when the server refuses or cannot be reached, `.timeout(.connect)`.
  public static func connect(
    _ settings: PostgresSettings, on loop: EventLoop, workPool: WorkPool
  ) async throws -> PostgresConnection {
    let connection = PostgresConnection(settings: settings, loop: loop, workPool: workPool)
    do {
      try await connection.open()
    } catch {
      await connection.end(.closed)
      throw error
    }
    return connection
  }

  /// Connects, and finds out whether a pooler stands between.
  private func open() async throws {
    let deadline = ContinuousClock.now + settings.connectTimeout
    do {
      try await start(withSession: !planner.isPooled, before: deadline)
    } catch PostgresError.unavailable(let reason)
      where settings.pooler == .automatic && reason.contains("unsupported startup parameter")
    {
      planner.isPooled = true
      try await start(withSession: false, before: deadline)
    }
    guard let handle, handle.enterPipeline() else {
      throw PostgresError.unavailable(reason: "the connection cannot enter pipeline mode")
    }
    guard handle.serverVersion >= 150_000 else {
      throw PostgresError.unavailable(reason: "the server's version is below 15; use PostgreSQL 15 or later")
    }
    listen()
    guard settings.pooler == .automatic, !planner.isPooled else { return }
    // A pooler told to ignore unknown parameters takes `options` and drops them: its process number gives it away.
    let rows = try await run(Request(sql: "SELECT pg_backend_pid()", setting: .bare(nil)))
    planner.isPooled = try rows.decodeOnly(Int32.self) != handle.backendPID
  }

  private func start(withSession: Bool, before deadline: ContinuousClock.Instant) async throws {
    var parameters = StartupParameters(settings, withSession: withSession)
    try await parameters.resolveHosts(of: settings.address, with: workPool)
    guard let handle = LibpqHandle(starting: parameters.list) else {
      throw PostgresError.unavailable(reason: "there is no memory for a connection")
    }
    self.handle = handle
    var interest = Interest.write
    while !handle.isBad {
      guard try await wait(for: interest, before: deadline, of: handle) else { throw PostgresError.timeout(.connect) }
      switch handle.poll() {
      case PGRES_POLLING_READING: interest = .read
      case PGRES_POLLING_WRITING: interest = .write
      case PGRES_POLLING_OK:
        watch = try SocketWatch(handle.socket, on: loop)
        return
      default: throw PostgresError.unavailable(reason: handle.errorMessage)
      }
    }
    throw PostgresError.unavailable(reason: handle.errorMessage)
  }

  /// Waits for the socket of the moment: libpq may take another one at each step.
  private func wait(
    for interest: Interest, before deadline: ContinuousClock.Instant, of handle: LibpqHandle
  ) async throws -> Bool {
    let watch = try SocketWatch(handle.socket, on: loop)
    self.watch = watch
    let isReady = await watch.wait(for: interest, within: max(.zero, deadline - .now))
    watch.close()
    return isReady
  }
}
