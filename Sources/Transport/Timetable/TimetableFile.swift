import Glibc

/// What is wrong with a timetable file.
package enum TimetableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is none.
  case missing(path: String)
  /// It cannot be opened or mapped.
  case notOpened(path: String, reason: String)
  /// It is of another version of the program.
  case otherVersion(path: String)
  /// It is something else, or damaged.
  case damaged(path: String)
  /// A zone that this machine does not know.
  case zone(name: String, reason: String)

  /// What is wrong, and what to do about it.
  package var description: String {
    switch self {
    case .missing(let path): "there is no timetable at \(path): add a feed with wayfare feed add NAME ZIP"
    case .notOpened(let path, let reason): "\(path) cannot be opened (\(reason)): check who may read it"
    case .otherVersion(let path): "\(path) was made by another version: remove it and it is made anew"
    case .damaged(let path): "\(path) is damaged: remove it and it is made anew"
    case .zone(let name, let reason): "the time zone \(name) cannot be used: \(reason)"
    }
  }
}

/// The bytes of a timetable file: mapped, so that all processes share them and only what is read is in memory.
///
/// A header of 64 bytes (mark, version, number of sections, length, checksum), then offset and length of each section,
/// then the sections, each at a multiple of 64. There are no addresses in it, only offsets.
final class TimetableFile: Sendable {
  static let mark: UInt64 = 0x454D_4954_4641_5957
  /// A file of another version is compiled anew, never migrated.
  static let version: UInt32 = 3
  static let headerSize = 64
  static let alignment = 64

  // The mapping is read only and lives until nobody refers to this object.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// Maps a file and makes sure that it is whole.
  ///
  /// - Complexity: reads all of it once, for the checksum: some milliseconds.
  init(_ path: String) throws(TimetableError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .missing(path: path) : .notOpened(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= Self.headerSize else { throw .damaged(path: path) }
    let size = Int(status.st_size)
    guard let address = mmap(nil, size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0), address != MAP_FAILED
    else { throw .notOpened(path: path, reason: String(cString: strerror(errno))) }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
    // What is thrown away here is unmapped by `deinit`.
    if let fault = Self.fault(in: bytes, path) { throw fault }
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  /// A section as an array of its type of number.
  func section<Number: BitwiseCopyable>(_ section: TimetableSection, of type: Number.Type) -> UnsafeBufferPointer<
    Number
  > {
    let entry = Self.headerSize + 16 * section.rawValue
    let offset = Int(bytes.load(fromByteOffset: entry, as: UInt64.self))
    let length = Int(bytes.load(fromByteOffset: entry + 8, as: UInt64.self))
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]).bindMemory(to: type)
  }

  private static func fault(in bytes: UnsafeRawBufferPointer, _ path: String) -> TimetableError? {
    guard bytes.load(as: UInt64.self) == mark else { return .damaged(path: path) }
    guard bytes.load(fromByteOffset: 8, as: UInt32.self) == version,
      bytes.load(fromByteOffset: 12, as: UInt32.self) == UInt32(TimetableSection.allCases.count)
    else { return .otherVersion(path: path) }
    let tableEnd = headerSize + 16 * TimetableSection.allCases.count
    guard bytes.load(fromByteOffset: 16, as: UInt64.self) == UInt64(bytes.count), bytes.count >= tableEnd,
      bytes.load(fromByteOffset: 24, as: UInt64.self)
        == checksum(UnsafeRawBufferPointer(rebasing: bytes[headerSize...]))
    else { return .damaged(path: path) }
    for section in TimetableSection.allCases {
      let offset = bytes.load(fromByteOffset: headerSize + 16 * section.rawValue, as: UInt64.self)
      let length = bytes.load(fromByteOffset: headerSize + 16 * section.rawValue + 8, as: UInt64.self)
      let (end, isTooFar) = offset.addingReportingOverflow(length)
      guard !isTooFar, end <= UInt64(bytes.count), offset >= UInt64(tableEnd), offset % UInt64(alignment) == 0 else {
        return .damaged(path: path)
      }
    }
    return nil
  }

  /// Four multiplications at a time, as the processor can do that many; finds damage, not malice.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    var place = 0
    while place + 32 <= bytes.count {
      a = (a ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* factor
      b = (b ^ bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)) &* factor
      c = (c ^ bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self)) &* factor
      d = (d ^ bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self)) &* factor
      (a, b, c, d) = (a ^ a >> 29, b ^ b >> 29, c ^ c >> 29, d ^ d >> 29)
      place += 32
    }
    var sum = a &+ b &* 3 &+ c &* 5 &+ d &* 7
    for byte in bytes[place...] { sum = (sum ^ UInt64(byte)) &* factor }
    return sum ^ sum >> 31
  }
}
