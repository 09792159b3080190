internal import Synchronization

/// The bytes of a request after its head, perhaps not arrived yet.
///
/// A body that streams can be read once.
public struct RequestBody: Sendable {
  /// What there is, behind one reference, because a request is handed on several times and mostly has no body.
  private final class Content: Sendable {
    enum Source: Sendable {
      case bytes([UInt8])
      case stream(length: Int?, next: @Sendable () async throws -> [UInt8]?)
    }

    let source: Source
    private let isTaken = Atomic<Bool>(false)

    init(_ source: Source) { self.source = source }

    /// True the first time it is asked.
    func isFirst() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }
  }

  private let content: Content?

  private init(content: Content?) {
    self.content = content
  }

  /// No body.
  public static var empty: RequestBody { RequestBody(content: nil) }

  /// A body that is there already.
  public init(bytes: [UInt8]) {
    content = bytes.isEmpty ? nil : Content(.bytes(bytes))
  }

  /// A body that arrives piece by piece.
  ///
  /// - Parameters:
  ///   - length: what `Content-Length` says; nil for a chunked body.
  ///   - next: the next piece, never empty, or nil at the end.
  public init(length: Int?, next: @escaping @Sendable () async throws -> [UInt8]?) {
    content = Content(.stream(length: length, next: next))
  }

  /// The length, as far as it is known before reading.
  public var length: Int? {
    switch content?.source {
    case nil: 0
    case .bytes(let bytes): bytes.count
    case .stream(let length, _): length
    }
  }

  /// The next piece, or nil at the end.
  ///
  /// - Throws: what the connection throws: the peer went away, the body is malformed, a time limit passed.
  public func next() async throws -> [UInt8]? {
    guard let content else { return nil }
    switch content.source {
    case .bytes(let bytes): return content.isFirst() ? bytes : nil
    case .stream(_, let next): return try await next()
    }
  }

  /// The whole body.
  ///
  /// One that is there already may be collected again.
  ///
  /// - Throws: a `Problem` with status 413 if it is longer than `limit`, as soon as that is known; and what `next`
  ///   throws.
  public func collect(upTo limit: Int) async throws -> [UInt8] {
    if let length, length > limit { throw Problem.contentTooLarge(limit: limit) }
    switch content?.source {
    case nil: return []
    case .bytes(let bytes): return bytes
    case .stream(let length, let next):
      guard var collected = try await next() else { return [] }
      // The announced length is a promise by a stranger: the memory for it comes as the bytes do, from 64 KiB on.
      collected.reserveCapacity(min(length ?? 0, 64 * 1024))
      while collected.count <= limit, let piece = try await next() { collected += piece }
      guard collected.count <= limit else { throw Problem.contentTooLarge(limit: limit) }
      return collected
    }
  }
}
