import EventLoop
import Glibc
import HTTP
import Telemetry
import TestSupport
import Testing

@testable import API

/// Somebody who opens a stream of events and does not read it, over a real socket.
@Suite("A slow listener")
struct SlowListenerTests {
  /// A stream as bytes, read only when asked.
  private final class Socket {
    let descriptor: Int32
    private(set) var text = ""

    init(port: UInt16, _ request: String) throws {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var size: Int32 = 4096
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
      }
      guard result == 0 else { throw TripFixture.Failure(text: "connect: \(errno)") }
      let bytes = Array(request.utf8)
      guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
        throw TripFixture.Failure(text: "send: \(errno)")
      }
    }

    deinit { close(descriptor) }

    /// Reads what there is; false once the server has ended the stream.
    func read() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 256 * 1024)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        if count == 0 { return false }
        text += String(decoding: buffer[..<count], as: UTF8.self)
      }
    }

    /// The ids of the whole events so far.
    var ids: [Int64] {
      var ids: [Int64] = []
      for block in text.split(separator: "\n\n").dropLast() {
        for line in block.split(whereSeparator: \.isNewline) where line.hasPrefix("id: ") {
          if let id = Int64(line.dropFirst(4)) { ids.append(id) }
        }
      }
      return ids
    }
  }

  @Test("is dropped while others hear everything, and resumes from the last event that it has")
  func droppedAndResumed() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let item = try await fixture.addItem(trip, #"{"kind":"note","fields":{"title":"x"}}"#)
      let group = try EventLoopGroup(count: 1)
      var settings = ServerSettings()
      settings.timeouts.write = .milliseconds(500)
      settings.slowestBytesPerSecond = 10_000_000
      let logger = Logger("test", sink: LogSink(descriptor: open("/dev/null", O_WRONLY), format: .json))
      let server = try HTTPServer(
        listen: [ListenAddress("127.0.0.1:0")], group: group, responder: fixture.tree, logger: logger,
        settings: settings)
      try await server.start()
      let port = try #require(UInt16("\(server.addresses[0])".split(separator: ":").last ?? ""))
      func request(_ more: String = "") -> String {
        "GET /v1/trips/\(trip)/events HTTP/1.1\r\nHost: t\r\nTest-User: \(TripFixture.viewer)\r\n\(more)\r\n"
      }
      let slow = try Socket(port: port, request())
      let quick = try await fixture.watchTrip(TripFixture.editor, trip)
      #expect(await eventually { quick.events.count == 1 })
      // More than the kernel holds for a socket on both sides, and than the watch holds for one who is slow.
      var last: Int64 = 0
      let padding = String(repeating: "Long note. ", count: 900)
      for number in 0..<700 {
        let fields: HTTPFields = ["Content-Type": "application/merge-patch+json"]
        let body = #"{"note":"\#(number) \#(padding)"}"#
        let answer = try await fixture.ask(TripFixture.owner, .patch, "/trips/\(trip)/items/\(item)", body, fields)
        last = try #require(try answer.int("/seq"), "\(answer.text)")
      }
      #expect(await eventually { quick.events.last?.id == last })
      quick.cancel()
      #expect(await eventually { !slow.read() })
      let heard = try #require(slow.ids.last)
      #expect(heard < last && slow.ids == Array(slow.ids[0]...heard))
      let again = try Socket(port: port, request("Last-Event-ID: \(heard)\r\n"))
      #expect(
        await eventually {
          _ = again.read(); return again.ids.last == last
        })
      // In order and without gaps, or from the whole trip on where it was too far behind.
      #expect(again.ids == Array(heard + 1...last) || again.text.contains("event: snapshot"))
      await server.shutdown(within: .milliseconds(200))
      group.shutdown()
    }
  }
}
