public import EventLoop
import Glibc
public import HTTP
public import Kernel
public import Telemetry

/// A sandbox that answers.
///
/// ```swift
/// let sandbox = try SandboxServer(SandboxSettings(), listen: ListenAddress("127.0.0.1:0"), group: group, logger: logger)
/// try await sandbox.start()
/// ```
public final class SandboxServer: Sendable {
  private let server: HTTPServer
  private let client: HTTPClient

  /// Binds an address.
  ///
  /// - Throws: `ListenError`, or `ClientError` when libcurl cannot start.
  public init(
    _ settings: SandboxSettings, listen: ListenAddress, group: EventLoopGroup, logger: Logger,
    clock: (@Sendable () -> Instant)? = nil
  ) throws {
    let world = World(settings, clock: clock ?? SandboxServer.wallClock)
    client = try HTTPClient(loop: group.loops[0])
    let events = EventSender(world, client)
    let router = Router()
    DuffelRoutes(world: world, events: events).add(to: router)
    AmadeusRoutes(world: world).add(to: router)
    BedbankRoutes(world: world).add(to: router)
    StripeRoutes(world: world, events: events).add(to: router)
    AdyenRoutes(world: world, events: events).add(to: router)
    OwnRoutes(world: world, events: events).add(to: router)
    var limits = ServerSettings()
    limits.timeouts.handler = settings.silence + .seconds(60)
    server = try HTTPServer(
      listen: [listen], group: group, responder: router.build(), logger: logger, settings: limits)
  }

  /// Where it answers: a port 0 is the one that the kernel chose.
  public var address: ListenAddress { server.addresses[0] }

  /// Begins to answer.
  ///
  /// - Throws: `EventLoopError` when the kernel has no room.
  public func start() async throws { try await server.start() }

  /// Ends.
  public func stop() async {
    await server.shutdown(within: .milliseconds(100))
    await client.close()
  }

  /// What the machine's clock shows.
  private static let wallClock: @Sendable () -> Instant = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(secondsSinceEpoch: Int64(time.tv_sec))
  }
}
