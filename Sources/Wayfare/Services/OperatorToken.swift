import CLinux
import Glibc

/// The token that lets operators in, made on first use and kept where only its owner reads it.
enum OperatorToken {
  private static let length = 43

  /// The token of a data directory.
  ///
  /// - Throws: `UsageError` when the file can neither be read nor made.
  static func read(home: String) throws(UsageError) -> String {
    let path = home + "/operator-token"
    if let text = readTextFile(path, limit: 4096) { return try token(in: text, path: path) }
    guard errno == ENOENT else { throw fault(path) }
    try write(try make(), to: path)
    // Read back: another process may have been first.
    guard let text = readTextFile(path, limit: 4096) else { throw fault(path) }
    return try token(in: text, path: path)
  }

  private static func token(in text: String, path: String) throws(UsageError) -> String {
    let token = text.split(separator: "\n").first.map { $0.trimmed } ?? ""
    guard token.utf8.count >= 16 else { throw UsageError("\(path) holds no token; delete it and a new one is made") }
    return token
  }

  private static func make() throws(UsageError) -> String {
    var bytes = [UInt8](repeating: 0, count: length)
    guard getrandom(&bytes, length, 0) == length else { throw UsageError("the system gives no randomness") }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    return String(decoding: bytes.map { alphabet[Int($0 & 63)] }, as: UTF8.self)
  }

  private static func write(_ token: String, to path: String) throws(UsageError) {
    // Whole or not at all, and for nobody else's eyes even for a moment.
    let temporary = path + ".\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault(path) }
    let line = Array((token + "\n").utf8)
    let isWritten = Glibc.write(descriptor, line, line.count) == line.count
    close(descriptor)
    let isPlaced = isWritten && (link(temporary, path) == 0 || errno == EEXIST)
    let code = errno
    unlink(temporary)
    errno = code
    guard isPlaced else { throw fault(path) }
  }

  private static func fault(_ path: String) -> UsageError {
    UsageError("\(path): \(String(cString: strerror(errno))); make its directory writable or give --operator-token")
  }
}
