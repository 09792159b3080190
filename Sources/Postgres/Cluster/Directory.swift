import Glibc

/// Directories and small files, without Foundation.
enum Directory {
  /// The names in a directory; none when it cannot be read.
  static func entries(of path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func status(_ path: String, following: Bool = true) -> stat? {
    var status = stat()
    return (following ? stat(path, &status) : lstat(path, &status)) == 0 ? status : nil
  }

  /// An absolute path without symbolic links, of something that exists.
  static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes a directory and those above it; those above get `mode` as well.
  static func make(_ path: String, mode: mode_t) throws(ClusterError) {
    if let status = status(path) {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .directory(path: path, reason: "it is not a directory") }
      return
    }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try make(String(path[..<slash]), mode: mode) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw .directory(path: path, reason: "\(systemReason()); check who owns the directory above it")
    }
  }

  /// Makes a directory that belongs to one user alone, or makes sure that it does.
  static func makePrivate(_ path: String, owner: Account) throws(ClusterError) {
    if mkdir(path, 0o700) == 0 {
      guard chown(path, owner.uid, owner.gid) == 0 else {
        throw .directory(path: path, reason: "it cannot be given to \(owner.name) (\(systemReason()))")
      }
    } else if errno != EEXIST {
      throw .directory(path: path, reason: "\(systemReason()); check who owns the directory above it")
    }
    guard let status = status(path, following: false), status.st_mode & S_IFMT == S_IFDIR else {
      throw .directory(path: path, reason: "it is not a directory; remove it")
    }
    guard status.st_uid == owner.uid else {
      throw .directory(
        path: path, reason: "it belongs to user \(status.st_uid) and not to \(owner.name); chown or remove it")
    }
    guard status.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0 else {
      throw .directory(path: path, reason: "others may enter it and that cannot be changed (\(systemReason()))")
    }
  }

  /// The whole of a small file; nil when it cannot be read.
  static func read(_ path: String, limit: Int = 65_536) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = Glibc.read(descriptor, &bytes, limit)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Replaces a file's content.
  static func write(_ text: String, to path: String, owner: Account) throws(ClusterError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .directory(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    let bytes = [UInt8](text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchown(descriptor, owner.uid, owner.gid) == 0
    else {
      throw .directory(path: path, reason: systemReason())
    }
  }

  static func freeMegabytes(at path: String) -> Int? {
    var information = statvfs()
    guard statvfs(path, &information) == 0 else { return nil }
    return Int(information.f_bavail) * Int(information.f_frsize) / 1_048_576
  }

  static func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
