public import EventLoop
import Glibc
import Synchronization
public import Telemetry

/// An HTTP/1.1 server on event loops.
///
/// ```swift
/// let server = try HTTPServer(listen: [ListenAddress("127.0.0.1:8080")], group: group, responder: router.build(), logger: logger)
/// try await server.start()
/// …
/// await server.shutdown(within: .seconds(20))
/// ```
public final class HTTPServer: Sendable {
  /// The addresses that it got; a port 0 is the one that the kernel chose.
  public let addresses: [ListenAddress]
  private let service: ConnectionService
  private let listeners: [Listener]

  /// Binds the addresses; connections wait in the backlog until `start`.
  ///
  /// - Throws: `ListenError`, which names the address and the mend.
  public init(
    listen wanted: [ListenAddress], group: EventLoopGroup, responder: any Responder, logger: Logger,
    settings: ServerSettings = ServerSettings()
  ) throws(ListenError) {
    service = ConnectionService(responder: responder, settings: settings, logger: logger)
    var sockets = Array(repeating: [ListeningSocket](), count: group.loops.count)
    var addresses: [ListenAddress] = []
    do throws(ListenError) {
      for address in wanted {
        let isShared = if case .tcp = address { group.loops.count > 1 } else { false }
        let first = try ListeningSocket(address, isShared: isShared)
        addresses.append(first.address)
        sockets[0].append(first)
        guard isShared else { continue }
        for index in 1..<group.loops.count { sockets[index].append(try ListeningSocket(first.address, isShared: true)) }
      }
    } catch {
      // Whoever tries again must not find the addresses taken by this attempt.
      for socket in sockets.joined() { close(socket.descriptor) }
      throw error
    }
    self.addresses = addresses
    listeners = zip(group.loops, sockets).map { [service] loop, sockets in
      Listener(sockets: sockets, loop: loop, service: service)
    }
  }

  /// Begins to accept connections.
  ///
  /// - Throws: `EventLoopError` when the kernel has no room to watch the sockets.
  public func start() async throws {
    for listener in listeners { try await listener.start() }
  }

  /// Stops accepting, lets running requests finish, and cuts off what is left after `limit`; a second time only waits.
  public func shutdown(within limit: Duration) async {
    service.startDraining()
    await withTaskGroup(of: Void.self) { group in
      for listener in listeners { group.addTask { await listener.drain(within: limit) } }
    }
  }

  /// Binds an address and lets go of it again.
  ///
  /// - Throws: `ListenError`, as `init` would.
  package static func tryAddress(_ address: ListenAddress) throws(ListenError) {
    let socket = try ListeningSocket(address, isShared: false)
    close(socket.descriptor)
    if case .unix(let path) = address { unlink(path) }
  }

  /// How many connections were accepted so far.
  package var acceptedCount: Int { service.accepted.load(ordering: .relaxed) }

  /// Registers the server's gauges and counters.
  public func register(in registry: MetricRegistry) {
    let service = service
    registry.gauge("http_connections", help: "Connections open now.") {
      Double(service.open.load(ordering: .relaxed))
    }
    registry.counter("http_connections_total", help: "Connections accepted.") {
      Double(service.accepted.load(ordering: .relaxed))
    }
    registry.counter(
      "http_heads_refused_total", help: "Requests refused because their head was malformed or too large."
    ) {
      Double(service.refusedHeads.load(ordering: .relaxed))
    }
    registry.counter("http_timeouts_total", help: "Waits for a peer or a handler that ran out of time.") {
      Double(service.timedOut.load(ordering: .relaxed))
    }
  }
}
