import Glibc

/// Text to the terminal, straight to the descriptors.
enum StandardOutput {
  /// Writes to standard output.
  static func write(_ text: String) { put(Array(text.utf8), on: 1) }

  /// Writes bytes to standard output.
  static func write(_ bytes: [UInt8]) { put(bytes, on: 1) }

  /// Writes a line to standard error, where progress and errors go.
  static func error(_ line: String) { put(Array((line + "\n").utf8), on: 2) }

  private static func put(_ bytes: [UInt8], on descriptor: Int32) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if count > 0 {
        start += count
      } else if errno != EINTR {
        // Whoever read this has gone; there is nobody to tell.
        return
      }
    }
  }
}
