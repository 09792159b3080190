import Glibc

/// A line of text that is made on first use and kept where only its owner reads it.
struct SecretFile {
  /// Where it is.
  let path: String
  /// What to do when it can neither be read nor made.
  let mend: String

  /// The line; made if there is none.
  ///
  /// - Throws: `UsageError` that names the file and the mend.
  func read(orMake make: () throws(UsageError) -> String) throws(UsageError) -> String {
    if let text = readTextFile(path, limit: 4096) { return SecretFile.line(text) }
    guard errno == ENOENT else { throw fault }
    try write(try make())
    // Read back: another process may have been first.
    guard let text = readTextFile(path, limit: 4096) else { throw fault }
    return SecretFile.line(text)
  }

  /// Whether anybody but its owner may read or write it.
  var isOpenToOthers: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
  }

  private static func line(_ text: String) -> String { text.split(separator: "\n").first.map { $0.trimmed } ?? "" }

  private func write(_ line: String) throws(UsageError) {
    // Whole or not at all, and for nobody else's eyes even for a moment.
    let temporary = path + ".\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault }
    let line = Array((line + "\n").utf8)
    let isWritten = Glibc.write(descriptor, line, line.count) == line.count
    close(descriptor)
    let isPlaced = isWritten && (link(temporary, path) == 0 || errno == EEXIST)
    let code = errno
    unlink(temporary)
    errno = code
    guard isPlaced else { throw fault }
  }

  private var fault: UsageError { UsageError("\(path): \(String(cString: strerror(errno))); \(mend)") }
}
