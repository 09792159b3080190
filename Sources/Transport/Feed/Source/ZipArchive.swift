import CArchive
import Glibc

/// A zip file read by libarchive, file by file, without unpacking it anywhere.
struct ZipArchive {
  struct Entry {
    let name: String
    let index: Int
    let isRegular: Bool
    let isEncrypted: Bool
  }

  /// More files than any feed has.
  static let entriesMax = 10_000

  let path: String
  let entries: [Entry]

  /// Reads the list of files.
  ///
  /// - Throws: `FeedError.notAFeed` for anything but a zip, `.refused` for one with too many files.
  init(_ path: String) throws(FeedError) {
    self.path = path
    let reader = try ZipReader(path)
    var entries: [Entry] = []
    while let entry = try reader.next() {
      guard entries.count < Self.entriesMax else {
        throw .refused(path: path, reason: "it has more than \(Self.entriesMax) files")
      }
      entries.append(entry)
    }
    self.entries = entries
  }

  func open(_ entry: Entry) throws(FeedError) -> any ByteStream {
    let reader = try ZipReader(path)
    while let found = try reader.next() {
      guard found.index == entry.index else { continue }
      guard found.name == entry.name else { break }
      return reader
    }
    throw .damaged(path: path, file: entry.name, reason: "it is not there any more")
  }
}

/// libarchive's handle on a zip file; the bytes are those of the entry that was stepped to.
private final class ZipReader: ByteStream {
  private let path: String
  private let handle: OpaquePointer
  private var index = -1
  private var name = ""

  init(_ path: String) throws(FeedError) {
    guard let handle = archive_read_new() else { throw .unreadable(path: path, reason: "no memory is left") }
    self.path = path
    self.handle = handle
    archive_read_support_format_zip_seekable(handle)
    guard archive_read_open_filename(handle, path, 1 << 17) == ARCHIVE_OK else {
      throw .notAFeed(path: path, reason: "it is no zip: \(reason)")
    }
  }

  deinit { archive_read_free(handle) }

  func next() throws(FeedError) -> ZipArchive.Entry? {
    var entry: OpaquePointer?
    let code = archive_read_next_header(handle, &entry)
    if code == ARCHIVE_EOF { return nil }
    guard let entry, code >= ARCHIVE_WARN else {
      if index < 0 { throw .notAFeed(path: path, reason: "it is no zip: \(reason)") }
      throw .damaged(path: path, file: "the list of files", reason: reason)
    }
    index += 1
    // libarchive wants a locale to turn names into UTF-8; where it has none, the bytes are as the zip has them.
    let bytes = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    name = bytes.map { String(cString: $0) } ?? ""
    return ZipArchive.Entry(
      name: name, index: index, isRegular: archive_entry_filetype(entry) == S_IFREG,
      isEncrypted: archive_entry_is_encrypted(entry) != 0)
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
    let count = archive_read_data(handle, room.baseAddress, room.count)
    guard count >= 0 else { throw .damaged(path: path, file: name, reason: reason) }
    return count
  }

  private var reason: String {
    archive_error_string(handle).map { String(cString: $0) } ?? "libarchive does not say why"
  }
}
