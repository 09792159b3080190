import Glibc

/// The folder `transit` of a data directory: generations of the graph, and a link to the one in force.
///
/// A generation is a folder that is never changed once the link names it. The link is turned over by rename(2), which is
/// one step for everybody who looks.
package struct TransitFolder: Sendable {
  let path: String

  /// The transit folder of a data directory, which need not exist yet.
  package init(home: String) {
    path = home + "/transit"
  }

  /// The folder of the generation in force, without a link in its path; nil if there is none yet.
  ///
  /// Whoever opens several files of a generation asks once and opens them there.
  package var current: String? {
    guard let resolved = realpath(path + "/current", nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes the folder and those above it.
  func make() throws(FeedError) {
    var partial = ""
    for part in path.split(separator: "/") {
      partial += (path.hasPrefix("/") || !partial.isEmpty ? "/" : "") + part
      guard mkdir(partial, 0o700) != 0, errno != EEXIST else { continue }
      if access(partial, F_OK) == 0 { continue }
      throw .notWritten(path: partial, reason: String(cString: strerror(errno)))
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw .notWritten(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Makes the folder of a generation that is not in force yet.
  func makeGeneration() throws(FeedError) -> String {
    let numbers = (FolderFile.names(in: path) ?? []).compactMap(number)
    let folder = path + "/g\((numbers.max() ?? 0) + 1)"
    guard mkdir(folder, 0o700) == 0 else {
      throw .notWritten(path: folder, reason: String(cString: strerror(errno)))
    }
    return folder
  }

  /// Puts a complete generation in force.
  func publish(_ generation: String) throws(FeedError) {
    for name in FolderFile.names(in: generation) ?? [] { try synchronize(generation + "/" + name) }
    try synchronize(generation)
    let target = generation.split(separator: "/").last.map(String.init) ?? generation
    let link = path + "/current.new"
    unlink(link)
    guard symlink(target, link) == 0, rename(link, path + "/current") == 0 else {
      throw .notWritten(path: link, reason: String(cString: strerror(errno)))
    }
    try synchronize(path)
  }

  /// Removes what no reader can come to any more: all generations but the one in force and the one before it, which
  /// somebody may just have looked up.
  func clear() {
    let inForce = current.flatMap { $0.split(separator: "/").last.map(String.init) }.flatMap(number) ?? 0
    let names = FolderFile.names(in: path) ?? []
    let before = names.compactMap(number).filter { $0 < inForce }.max()
    for name in names {
      guard let number = number(name), number != inForce, number != before else { continue }
      remove(generation: path + "/" + name)
    }
  }

  /// Removes a generation; its files are all at its top.
  func remove(generation: String) {
    for name in FolderFile.names(in: generation) ?? [] { unlink(generation + "/" + name) }
    rmdir(generation)
  }

  private func number(_ name: String) -> Int? {
    guard name.utf8.first == UInt8(ascii: "g"), name.utf8.dropFirst().allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    return Int(name.dropFirst())
  }

  private func synchronize(_ path: String) throws(FeedError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .notWritten(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .notWritten(path: path, reason: String(cString: strerror(errno))) }
  }
}

/// The right to be the one who changes a transit folder; the kernel takes it back from a process that dies.
final class ImportLock {
  private let descriptor: Int32

  /// Takes the right.
  ///
  /// - Throws: `FeedError.busy` with the process that has it.
  init(_ folder: TransitFolder) throws(FeedError) {
    let path = folder.path + "/import.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .notWritten(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var bytes = [UInt8](repeating: 0, count: 32)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      // What was opened is closed by `deinit`, which runs for what is thrown away here too.
      throw .busy(path: folder.path, process: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }
    // For people only: the lock is what counts.
    let text = Array("\(getpid())".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }
}
