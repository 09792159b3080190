import Glibc

/// Where the files of a feed are: in a zip or in a folder, perhaps one folder down.
struct FeedSource {
  private enum Place {
    case zip(ZipArchive, [String: ZipArchive.Entry])
    case folder(String)
  }

  /// As the user named it.
  let path: String
  /// The files of the feed, without their folder, sorted.
  let fileNames: [String]
  /// The folder inside that the files are in, if they are in one.
  let innerFolder: String?
  /// Names that stand twice in the zip; the last one counts.
  let repeatedNames: [String]
  /// Bytes on the disk.
  let size: Int
  private let place: Place

  /// Looks into a zip or folder.
  ///
  /// - Throws: `FeedError` for what is not there, is no feed, or plays tricks.
  init(_ path: String) throws(FeedError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .notFound(path: path) }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    size = Int(status.st_size)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: (place, fileNames, innerFolder, repeatedNames) = try Self.folder(path)
    case S_IFREG: (place, fileNames, innerFolder, repeatedNames) = try Self.zip(path)
    default: throw .notAFeed(path: path, reason: "it is neither a file nor a folder")
    }
  }

  /// The last part of the path.
  var name: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// How much the files may be together: honest feeds shrink to a twentieth, hardly ever to a hundredth.
  var bytesMax: Int {
    switch place {
    case .folder: 64 << 30
    case .zip: min(64 << 30, max(16 << 20, size * 250))
    }
  }

  /// The bytes of a file by its name; nil if there is none.
  func open(_ name: String) throws(FeedError) -> (any ByteStream)? {
    guard fileNames.contains(name) else { return nil }
    switch place {
    case .folder(let folder): return try FolderFile(folder + "/" + name)
    case .zip(let archive, let entries):
      return try entries[name].map { entry throws(FeedError) in try archive.open(entry) }
    }
  }

  // MARK: Looking

  private typealias Finding = (Place, names: [String], inner: String?, repeated: [String])

  private static func folder(_ path: String) throws(FeedError) -> Finding {
    guard let names = FolderFile.names(in: path) else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    if names.contains(where: isFeedFile) { return (.folder(path), names, nil, []) }
    for name in names where !name.hasPrefix(".") && !name.hasPrefix("__") {
      guard let inside = FolderFile.names(in: path + "/" + name), inside.contains(where: isFeedFile) else { continue }
      return (.folder(path + "/" + name), inside, name, [])
    }
    throw .notAFeed(path: path, reason: "no file in it is called stops.txt, trips.txt or the like")
  }

  private static func zip(_ path: String) throws(FeedError) -> Finding {
    let archive = try ZipArchive(path)
    var files: [String: [(name: String, entry: ZipArchive.Entry)]] = [:]
    for entry in archive.entries {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard !entry.name.hasPrefix("/"), !parts.contains(".."), !entry.name.utf8.contains(UInt8(ascii: "\\")) else {
        throw .refused(path: path, reason: "it has a file that wants to be elsewhere, \"\(entry.name.prefix(80))\"")
      }
      guard entry.isRegular, let name = parts.last, !name.isEmpty, parts.count <= 2 else { continue }
      let folder = parts.dropLast().joined(separator: "/")
      files[folder, default: []].append((name, entry))
    }
    // Files of the feed lie at the top, or all in one folder; a Mac adds a folder of its own.
    let folders = files.keys.filter { folder in
      !folder.hasPrefix("__MACOSX") && files[folder, default: []].contains { isFeedFile($0.name) }
    }
    guard let chosen = folders.contains("") ? "" : folders.min() else {
      let hasZip = archive.entries.contains { $0.name.hasSuffix(".zip") }
      throw .notAFeed(
        path: path,
        reason: hasZip
          ? "it holds another zip, which may be the feed" : "no file in it is called stops.txt, trips.txt or the like")
    }
    var entries: [String: ZipArchive.Entry] = [:]
    var repeated: [String] = []
    for (name, entry) in files[chosen, default: []] {
      guard !entry.isEncrypted else { throw .refused(path: path, reason: "\(name) is encrypted") }
      if entries.updateValue(entry, forKey: name) != nil { repeated.append(name) }
    }
    return (.zip(archive, entries), entries.keys.sorted(), chosen.isEmpty ? nil : chosen, repeated.sorted())
  }

  private static func isFeedFile(_ name: String) -> Bool {
    ["agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt"].contains(name)
  }
}
