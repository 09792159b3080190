import Glibc
import Synchronization

/// A zone that cannot be had.
public enum ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No name that a zone could have.
  case notAName(String)
  /// A name that no file has.
  case unknown(ZoneName, directory: String)
  /// A file that cannot be read, and why.
  case unreadable(path: String, reason: String)
  /// A file that is none of a time zone.
  case wrongFile(path: String, ZoneDataError)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .notAName(let text): "\"\(text.prefix(80))\" is no time zone: write one like Europe/Berlin"
    case .unknown(let name, let directory):
      "no time zone \(name) is in \(directory): correct the name, or install the package tzdata"
    case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)): install the package tzdata again"
    case .wrongFile(let path, let error): "\(path) \(error): install the package tzdata again"
    }
  }
}

/// The time zones of a directory with the compiled tz database, each read once.
///
/// At most ``capacity`` zones are kept, which is more than there are.
public final class ZoneFiles: Sendable {
  /// The zones of this machine.
  public static let system = ZoneFiles(directory: "/usr/share/zoneinfo")

  private static let capacity = 1024
  private static let fileSizeMax = 1 << 18

  private let directory: String
  private let known = Mutex<[ZoneName: ZoneRules]>([:])

  /// The zones of a directory; nothing is read yet.
  public init(directory: String) {
    self.directory = directory
  }

  /// The rules of a zone by its name; UTC is known without a file.
  ///
  /// - Throws: `ZoneError` that names what is missing and the mend.
  public func rules(named text: some StringProtocol) throws(ZoneError) -> ZoneRules {
    guard let name = ZoneName(text) else { throw .notAName(String(text)) }
    return try rules(of: name)
  }

  /// The rules of a zone; UTC is known without a file.
  ///
  /// - Throws: `ZoneError` that names what is missing and the mend.
  public func rules(of name: ZoneName) throws(ZoneError) -> ZoneRules {
    if name == .utc { return .utc }
    if let rules = known.withLock({ $0[name] }) { return rules }
    let rules = try read(name)
    known.withLock { known in
      if known.count >= Self.capacity { known.removeAll() }
      known[name] = rules
    }
    return rules
  }

  private func read(_ name: ZoneName) throws(ZoneError) -> ZoneRules {
    let path = "\(directory)/\(name)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .unknown(name, directory: directory) }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unknown(name, directory: directory)
    }
    guard status.st_size <= Self.fileSizeMax else { throw .wrongFile(path: path, .notAZone) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count == bytes.count else {
      throw .unreadable(path: path, reason: count < 0 ? String(cString: strerror(errno)) : "it changed meanwhile")
    }
    do throws(ZoneDataError) {
      return try ZoneRules(file: bytes)
    } catch {
      throw .wrongFile(path: path, error)
    }
  }
}
