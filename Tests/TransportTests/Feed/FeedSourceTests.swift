import Foundation
import Testing

@testable import Transport

@Suite("Where feeds come from")
struct FeedSourceTests {
  private let folder = TemporaryFolder()

  private func report(_ zip: ZipText) throws -> FeedReport {
    let path = folder.path("feed.zip")
    try? FileManager.default.removeItem(atPath: path)
    try zip.write(to: path)
    return try FeedStore.check(path)
  }

  private func error(_ work: () throws -> Void) -> FeedError? { #expect(throws: FeedError.self, performing: work) }

  @Test("a zip and a folder with the same files are the same feed")
  func sameFeed() throws {
    let text = FeedText()
    let zipped = try report(ZipText(text))
    #expect(try zipped == text.report())
    #expect(zipped.notices.isEmpty && zipped.isUsable)
  }

  @Test("files in one folder inside are found, and what a Mac adds is not")
  func nested() throws {
    let zip = ZipText(
      ZipText(FeedText(), below: "export/").entries.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) }
        + [("__MACOSX/export/stops.txt", "rubbish"), ("__MACOSX/stops.txt", "rubbish")])
    let zipped = try report(zip)
    #expect(zipped.isUsable)
    #expect(zipped.notices.map(\.code) == [.nestedFolder])
    #expect(zipped.notices.first?.value == "export")
    let inner = folder.path("outer/inner")
    try FileManager.default.createDirectory(atPath: folder.path("outer"), withIntermediateDirectories: true)
    let text = FeedText()
    try FileManager.default.copyItem(atPath: text.write(), toPath: inner)
    #expect(try FeedStore.check(folder.path("outer")).notices.map(\.code) == [.nestedFolder])
  }

  @Test("a name that stands twice is told, and the last one counts")
  func repeated() throws {
    let text = FeedText()
    var zip = ZipText([("stops.txt", "stop_id\n")])
    zip.entries += ZipText(text).entries
    let zipped = try report(zip)
    #expect(zipped.isUsable)
    #expect(zipped.notices.map(\.code) == [.repeatedFile])
  }

  @Test(
    "files that want to be elsewhere are refused",
    arguments: ["../stops.txt", "/etc/stops.txt", "a/../../stops.txt", "..\\stops.txt", "feed/.."])
  func pathTricks(name: String) throws {
    var zip = ZipText(FeedText())
    zip.entries.append((name: name, bytes: [65]))
    guard case .refused(_, let reason) = error({ _ = try report(zip) }) else {
      Issue.record("\(name) was not refused")
      return
    }
    #expect(reason.contains("elsewhere"))
  }

  @Test("a zip that unpacks to far more than its size is refused on the way, not after it")
  func bomb() throws {
    var zip = ZipText(FeedText())
    let header = Array("shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n".utf8)
    zip.entries.append((name: "shapes.txt", bytes: header + [UInt8](repeating: 120, count: 20 << 20)))
    let path = folder.path("feed.zip")
    try zip.write(to: path)
    var most = 0
    let refusal = error {
      _ = try FeedStore.check(path) { progress in
        most = max(most, progress.bytes)
        return true
      }
    }
    guard case .refused(_, let reason) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(reason.contains("16 MB"))
    #expect(most <= 16 << 20)
  }

  @Test("a zip in a zip, no zip at all, an empty folder and nothing are told apart")
  func noFeeds() throws {
    let inner = error { _ = try report(ZipText([("gtfs.zip", "PK")])) }
    #expect(inner?.description.contains("another zip") == true)
    let path = folder.path("text.zip")
    try "this is text".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(error { _ = try FeedStore.check(path) }?.description.contains("it is no zip") == true)
    try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    #expect(error { _ = try FeedStore.check(folder.path("empty")) }?.description.contains("stops.txt") == true)
    #expect(error { _ = try FeedStore.check(folder.path("nowhere")) } == .notFound(path: folder.path("nowhere")))
    #expect(error { _ = try FeedStore.check("/dev/null") }?.description.contains("neither a file nor a folder") == true)
  }

  @Test("every zip that is cut short is refused or read, and none crashes")
  func truncated() throws {
    let path = folder.path("feed.zip")
    try ZipText(FeedText()).write(to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    for count in stride(from: 0, to: whole.count, by: 23) {
      try whole.prefix(count).write(to: URL(filePath: path))
      // Without its list of files, which stands at the end, no zip is one.
      #expect(throws: FeedError.self) { try FeedStore.check(path) }
    }
  }

  @Test("no damaged byte of a zip crashes", arguments: [UInt64(4)])
  func damaged(seed: UInt64) throws {
    let path = folder.path("feed.zip")
    try ZipText(FeedText()).write(to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    for place in stride(from: Int(seed), to: whole.count, by: 13) {
      var bytes = whole
      bytes[place] ^= 0xFF
      try bytes.write(to: URL(filePath: path))
      // Some damage leaves a zip, if with other texts; only that nothing traps is asked.
      _ = try? FeedStore.check(path)
    }
  }

  @Test("a pipe in place of a file is refused instead of waited for")
  func pipes() throws {
    let text = FeedText()
    let feed = try text.write()
    try #require(mkfifo(feed + "/levels.txt", 0o600) == 0)
    #expect(throws: FeedError.unreadable(path: feed + "/levels.txt", reason: "it is no regular file")) {
      try FeedStore.check(feed)
    }
  }
}
