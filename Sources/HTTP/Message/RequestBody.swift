internal import Synchronization

/// The bytes of a request after its head, perhaps not arrived yet.
///
/// A body that streams can be read once.
public struct RequestBody: Sendable {
  private enum Storage: Sendable {
    case empty
    case bytes([UInt8], read: OnceFlag)
    case stream(length: Int?, next: @Sendable () async throws -> [UInt8]?)
  }

  private let storage: Storage

  private init(storage: Storage) {
    self.storage = storage
  }

  /// No body.
  public static let empty = RequestBody(storage: .empty)

  /// A body that is there already.
  public init(bytes: [UInt8]) {
    storage = bytes.isEmpty ? .empty : .bytes(bytes, read: OnceFlag())
  }

  /// A body that arrives piece by piece.
  ///
  /// - Parameters:
  ///   - length: what `Content-Length` says; nil for a chunked body.
  ///   - next: the next piece, never empty, or nil at the end.
  public init(length: Int?, next: @escaping @Sendable () async throws -> [UInt8]?) {
    storage = .stream(length: length, next: next)
  }

  /// The length, as far as it is known before reading.
  public var length: Int? {
    switch storage {
    case .empty: 0
    case .bytes(let bytes, _): bytes.count
    case .stream(let length, _): length
    }
  }

  /// The next piece, or nil at the end.
  ///
  /// - Throws: what the connection throws: the peer went away, the body is malformed, a time limit passed.
  public func next() async throws -> [UInt8]? {
    switch storage {
    case .empty: nil
    case .bytes(let bytes, let read): read.isFirst() ? bytes : nil
    case .stream(_, let next): try await next()
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
    switch storage {
    case .empty: return []
    case .bytes(let bytes, _): return bytes
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

/// True the first time it is asked.
private final class OnceFlag: Sendable {
  private let taken = Atomic<Bool>(false)

  func isFirst() -> Bool { !taken.exchange(true, ordering: .relaxed) }
}
