import Glibc

/// Puts the sections of a timetable together and writes them as one file.
struct TimetableWriter {
  private var sections = [[UInt8]](repeating: [], count: TimetableSection.allCases.count)

  mutating func put<Number: BitwiseCopyable>(_ numbers: [Number], as section: TimetableSection) {
    sections[section.rawValue] = numbers.withUnsafeBytes { Array($0) }
  }

  /// Writes the file beside its place and moves it there, so that nobody sees half of one.
  ///
  /// - Throws: `TimetableError.notOpened` with the reason.
  func write(to path: String) throws(TimetableError) {
    let bytes = assembled()
    let partial = "\(path).\(getpid())"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      guard count > 0 else {
        let error = failure(path)
        close(descriptor)
        unlink(partial)
        throw error
      }
      written += count
    }
    close(descriptor)
    guard rename(partial, path) == 0 else { throw failure(path) }
  }

  private func failure(_ path: String) -> TimetableError {
    .notOpened(path: path, reason: String(cString: strerror(errno)))
  }

  private func assembled() -> [UInt8] {
    func aligned(_ place: Int) -> Int { (place + TimetableFile.alignment - 1) & ~(TimetableFile.alignment - 1) }
    var offsets: [Int] = []
    var end = TimetableFile.headerSize + 16 * sections.count
    for section in sections {
      offsets.append(aligned(end))
      end = aligned(end) + section.count
    }
    var bytes = [UInt8](repeating: 0, count: end)
    bytes.withUnsafeMutableBytes { bytes in
      for (index, section) in sections.enumerated() {
        let entry = TimetableFile.headerSize + 16 * index
        bytes.storeBytes(of: UInt64(offsets[index]), toByteOffset: entry, as: UInt64.self)
        bytes.storeBytes(of: UInt64(section.count), toByteOffset: entry + 8, as: UInt64.self)
        UnsafeMutableRawBufferPointer(rebasing: bytes[offsets[index]...]).copyBytes(from: section)
      }
      bytes.storeBytes(of: TimetableFile.mark, as: UInt64.self)
      bytes.storeBytes(of: TimetableFile.version, toByteOffset: 8, as: UInt32.self)
      bytes.storeBytes(of: UInt32(sections.count), toByteOffset: 12, as: UInt32.self)
      bytes.storeBytes(of: UInt64(end), toByteOffset: 16, as: UInt64.self)
      let checked = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[TimetableFile.headerSize...])
      bytes.storeBytes(of: TimetableFile.checksum(checked), toByteOffset: 24, as: UInt64.self)
    }
    return bytes
  }
}
