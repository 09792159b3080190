import CZstd

/// Bytes made small by Zstandard.
enum Zstandard {
  /// What is left after packing; level 3 is zstd's own choice.
  static func packed(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
    let room = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: room) { memory, count in
      count = ZSTD_compress(memory.baseAddress, room, bytes, bytes.count, level)
      precondition(ZSTD_isError(count) == 0, "zstd has no memory")
    }
  }

  /// What was packed; nil where it is damaged or longer than allowed.
  static func unpacked(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? {
    let size = ZSTD_getFrameContentSize(bytes, bytes.count)
    guard size <= UInt64(bytesMax) else { return nil }
    let room = Int(size)
    var isWhole = false
    let result = [UInt8](unsafeUninitializedCapacity: max(room, 1)) { memory, count in
      let written = ZSTD_decompress(memory.baseAddress, room, bytes, bytes.count)
      isWhole = ZSTD_isError(written) == 0 && written == room
      count = isWhole ? written : 0
    }
    return isWhole ? result : nil
  }
}
