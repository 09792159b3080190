import Glibc
import JSON

/// A JSON file with secrets in it, which nobody but its owner may read.
struct OwnerOnlyFile {
  private static let bytesMax = 256 * 1024

  /// Where it is.
  let path: String
  /// What is in it, for messages: `providers`.
  let contents: String

  /// Reads it.
  ///
  /// - Throws: `UsageError` that names the file, the place in it and the mend.
  func read<Value>(_ body: (JSONNode) throws(JSONError) -> Value) throws(UsageError) -> Value {
    guard let text = readTextFile(path, limit: Self.bytesMax) else {
      throw UsageError("\(path): \(String(cString: strerror(errno))); name a file of \(contents) that can be read")
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o077 == 0 else {
      throw UsageError("\(path) can be read by others; have it for its owner alone: chmod 600 \(path)")
    }
    do throws(JSONError) {
      return try body(JSONDocument(text: text).root)
    } catch {
      throw UsageError("\(path): \(error)")
    }
  }
}
