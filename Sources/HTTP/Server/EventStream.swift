public import EventLoop

/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable {
  /// What a client sends back as `Last-Event-ID` when it reconnects.
  public var id: String?
  /// The event's name; without one it is a `message`.
  public var name: String?
  /// The payload; line breaks are kept.
  public var data: String

  /// Makes an event.
  public init(id: String? = nil, name: String? = nil, data: String) {
    self.id = id
    self.name = name
    self.data = data
  }

  /// The event as bytes on the wire.
  ///
  /// An id or name must stay on one line, and a NUL would void the id: such characters are left out.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    if let id { ServerSentEvent.append("id", id, to: &out) }
    if let name { ServerSentEvent.append("event", name, to: &out) }
    var line: [UInt8] = []
    var previous: UInt8 = 0
    for byte in data.utf8 {
      if byte == 10 && previous == 13 {
        previous = byte
        continue
      }
      if byte == 10 || byte == 13 {
        ServerSentEvent.append(data: line, to: &out)
        line.removeAll(keepingCapacity: true)
      } else {
        line.append(byte)
      }
      previous = byte
    }
    ServerSentEvent.append(data: line, to: &out)
    out.append(10)
    return out
  }

  private static func append(_ field: StaticString, _ value: String, to out: inout [UInt8]) {
    out.append(contentsOf: UnsafeBufferPointer(start: field.utf8Start, count: field.utf8CodeUnitCount))
    out.append(contentsOf: [58, 32])
    out.append(contentsOf: value.utf8.filter { $0 != 10 && $0 != 13 && $0 != 0 })
    out.append(10)
  }

  private static func append(data line: [UInt8], to out: inout [UInt8]) {
    out.append(contentsOf: "data: ".utf8)
    out.append(contentsOf: line)
    out.append(10)
  }
}

/// The writing end of a stream of events.
public struct EventStreamWriter: Sendable {
  fileprivate let writer: ResponseWriter

  /// Sends an event; waits while the client is slow.
  ///
  /// - Throws: when the client has gone or does not keep up within the server's write timeout.
  public func send(_ event: ServerSentEvent) async throws { try await writer.write(event.bytes) }
}

extension Response {
  /// Answers with a stream of server-sent events, kept alive by a comment whenever `heartbeat` passes.
  ///
  /// The stream ends when `produce` returns; its task is cancelled when the client leaves or the server drains.
  public static func events(
    heartbeat: Duration = .seconds(15), on loop: EventLoop,
    _ produce: @escaping @Sendable (EventStreamWriter) async throws -> Void
  ) -> Response {
    var response = Response(
      status: .ok,
      body: .stream(length: nil) { writer in
        try await alive(writer, heartbeat: heartbeat, on: loop) { try await produce(EventStreamWriter(writer: writer)) }
      })
    response.fields.set("Content-Type", "text/event-stream; charset=utf-8")
    response.fields.set("Cache-Control", "no-store")
    // Without this a buffering gateway would hold events back.
    response.fields.set("X-Accel-Buffering", "no")
    return response
  }

  /// Runs `body`, and beside it a comment now and then.
  private static func alive(
    _ writer: ResponseWriter, heartbeat: Duration, on loop: EventLoop,
    isolation: isolated (any Actor)? = #isolation, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      _ = isolation
      group.addTask(executorPreference: loop) { try await body() }
      group.addTask(executorPreference: loop) {
        // An early comment opens the stream for clients that wait for the first byte.
        try await writer.write(Array(": open\n\n".utf8))
        while true {
          try await loop.sleep(for: heartbeat)
          try await writer.write(Array(": alive\n\n".utf8))
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
