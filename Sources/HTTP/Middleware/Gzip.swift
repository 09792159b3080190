internal import CZlib
internal import Synchronization

/// Compresses whole bodies.
///
/// Compressors are kept for the next body, because making one means 256 KiB of memory.
final class GzipPool: Sendable {
  private let idle = Mutex<[GzipCompressor]>([])
  private let level: Int32
  private static let idleMax = 4

  /// A pool of compressors of a level from 1 (fast) to 9 (small).
  init(level: Int) {
    precondition((1...9).contains(level), "gzip has levels 1 to 9")
    self.level = Int32(level)
  }

  /// The bytes in gzip's form, or nil if that would not be shorter.
  func compress(_ bytes: [UInt8]) -> [UInt8]? {
    guard let compressor = idle.withLock({ $0.popLast() }) ?? GzipCompressor(level: level) else { return nil }
    let result = compressor.compress(bytes)
    idle.withLock { if $0.count < Self.idleMax { $0.append(compressor) } }
    return result
  }
}

/// One zlib stream.
///
/// Sendable is unchecked because the pool gives a compressor to one caller at a time.
private final class GzipCompressor: @unchecked Sendable {
  // zlib keeps a pointer to the stream, so that it must never move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// Fails if there is no memory.
  init?(level: Int32) {
    stream.initialize(to: z_stream())
    // 15 bits of window; 16 more ask for gzip's header and trailer.
    let status = deflateInit2_(
      stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func compress(_ bytes: [UInt8]) -> [UInt8]? {
    guard deflateReset(stream) == Z_OK, bytes.count < Int(UInt32.max) else { return nil }
    // Room for one byte less than the original: what does not fit is not worth it.
    let roomBytes = bytes.count - 1
    guard roomBytes > 0 else { return nil }
    return bytes.withUnsafeBufferPointer { input in
      var output = [UInt8](repeating: 0, count: roomBytes)
      let isComplete = output.withUnsafeMutableBufferPointer { output in
        // zlib does not write to its input; its C signature merely does not say so.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        return deflate(stream, Z_FINISH) == Z_STREAM_END
      }
      guard isComplete else { return nil }
      output.removeLast(Int(stream.pointee.avail_out))
      return output
    }
  }
}
