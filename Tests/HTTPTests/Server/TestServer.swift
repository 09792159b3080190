import EventLoop
import Glibc
import Synchronization
import Telemetry

@testable import HTTP

/// A server on a port of its own, with one closure as its responder, gone when the body returns.
struct TestServer: Sendable {
  struct Closure: Responder {
    let handler: Handler

    func chain(for request: Request, _ context: inout RequestContext) -> HandlerChain {
      HandlerChain { [handler] request, context in
        do {
          return try await handler(request, context)
        } catch let error as any ProblemConvertible {
          return .text(error.problem.detail ?? "", status: error.problem.status)
        } catch is CancellationError {
          return .text("cancelled", status: .serviceUnavailable)
        } catch {
          return .text("internal", status: .internalServerError)
        }
      }
    }
  }

  let port: UInt16
  let loop: EventLoop
  let server: HTTPServer

  func client(receiveBuffer: Int32? = nil) throws -> RawClient {
    try RawClient(port: port, receiveBuffer: receiveBuffer)
  }

  static func run(
    _ settings: ServerSettings = ServerSettings(), loops: Int = 1, handler: @escaping Handler,
    body: (TestServer) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: loops)
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: Closure(handler: handler),
      logger: .silent, settings: settings)
    try await server.start()
    guard case .tcp(_, let port) = server.addresses[0] else { return }
    do {
      try await body(TestServer(port: port, loop: group.loops[0], server: server))
    } catch {
      await server.shutdown(within: .milliseconds(100))
      group.shutdown()
      throw error
    }
    await server.shutdown(within: .milliseconds(100))
    group.shutdown()
  }
}

extension Logger {
  /// Says nothing.
  static let silent = Logger("test", sink: LogSink(descriptor: open("/dev/null", O_WRONLY), format: .json))
}

/// A number shared between a test and the handlers it started.
final class Tally: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .acquiring) }
  func add(_ more: Int = 1) { count.add(more, ordering: .acquiringAndReleasing) }

  /// Waits, at most five seconds, until the number is at least `least`.
  func reaches(_ least: Int) async throws -> Bool {
    for _ in 0..<2500 {
      if value >= least { return true }
      try await Task.sleep(for: .milliseconds(2))
    }
    return false
  }
}
