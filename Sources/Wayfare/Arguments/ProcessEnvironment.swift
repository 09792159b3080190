import Glibc

/// The process's surroundings, read once where a command starts.
enum ProcessEnvironment {
  /// All environment variables.
  static var current: [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    return result
  }

  static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }
}

/// A whole text file, or nil with `errno` set; one longer than `limit` is refused with `EFBIG`.
func readTextFile(_ path: String, limit: Int) -> String? {
  readFile(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
}

/// A whole file, or nil with `errno` set; one longer than `limit` is refused with `EFBIG`.
func readFile(_ path: String, limit: Int) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 * 1024)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 { return nil }
    if count == 0 { return bytes }
    bytes.append(contentsOf: chunk[..<count])
    if bytes.count > limit {
      errno = EFBIG
      return nil
    }
  }
}
