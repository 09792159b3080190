import Glibc

/// A directory of this program alone, removed with what is in it, one level of directories included.
final class TemporaryDirectory {
  let path: String

  /// - Throws: `BenchmarkError.system` when there is no place for it.
  init() throws(BenchmarkError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    guard let name = strdup(parent + "/wayfare-bench-XXXXXX") else { throw .system(call: "strdup", code: errno) }
    defer { free(name) }
    guard mkdtemp(name) != nil else { throw .system(call: "mkdtemp in \(parent)", code: errno) }
    path = String(cString: name)
  }

  deinit {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // `remove` takes files and empty directories, and there are no others; `.` and `..` are neither.
      if name != ".", name != ".." { _ = remove(path + "/" + name) }
    }
    closedir(directory)
    rmdir(path)
  }

  /// Writes a file.
  ///
  /// - Throws: `BenchmarkError.system` when the disk refuses.
  func write(_ name: String, _ text: String) throws(BenchmarkError) {
    guard let file = fopen(path + "/" + name, "we") else { throw .system(call: "fopen \(name)", code: errno) }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw .system(call: "write \(name)", code: errno) }
  }
}
