import CArchive
import Foundation
import Testing

@testable import Transport

/// A zip as a test wants it, honest or not.
struct ZipText {
  var entries: [(name: String, bytes: [UInt8])]

  init(_ entries: [(String, String)]) {
    self.entries = entries.map { (name: $0.0, bytes: Array($0.1.utf8)) }
  }

  /// The files of a feed below a folder.
  init(_ feed: FeedText, below folder: String = "") {
    self.init(feed.files.sorted { $0.key < $1.key }.map { (folder + $0.key, $0.value) })
  }

  func write(to path: String) throws {
    let archive = try #require(archive_write_new())
    defer { archive_write_free(archive) }
    archive_write_set_format_zip(archive)
    try #require(archive_write_open_filename(archive, path) == ARCHIVE_OK)
    for (name, bytes) in entries {
      let entry = try #require(archive_entry_new())
      defer { archive_entry_free(entry) }
      archive_entry_set_pathname(entry, name)
      archive_entry_set_size(entry, Int64(bytes.count))
      archive_entry_set_filetype(entry, 0o100_000)  // A regular file.
      archive_entry_set_perm(entry, 0o644)
      try #require(archive_write_header(archive, entry) == ARCHIVE_OK)
      try #require(archive_write_data(archive, bytes, bytes.count) == bytes.count)
    }
    try #require(archive_write_close(archive) == ARCHIVE_OK)
  }
}
