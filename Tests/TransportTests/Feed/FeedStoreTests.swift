import Foundation
import Synchronization
import Testing

@testable import Transport

@Suite("The store of feeds")
struct FeedStoreTests {
  private let home = TemporaryFolder()
  private var store: FeedStore { FeedStore(home: home.path) }
  private var graphPath: String { home.path("transit/current/graph.sqlite") }

  private func add(_ name: String, _ text: FeedText) throws {
    _ = try store.add(FeedName(name), from: text.write())
  }

  /// The same feed some way to the east, so that stops are not one place.
  private static var other: FeedText {
    FeedText([
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Ast,52.50,14.40\nB,Berg,52.51,14.40\nC,Chor,52.52,14.40\n"
    ])
  }

  @Test("feeds are added, listed in the order of their names, replaced and removed")
  func life() throws {
    #expect(try store.feeds().isEmpty)
    try add("b", FeedText())
    try add("a", Self.other)
    #expect(try store.feeds().map(\.name) == ["a", "b"])
    #expect(try store.feeds().map(\.stops) == [3, 3])
    try add("b", FeedText().adding("D,Delta,52.53,13.4\n", to: "stops.txt"))
    #expect(try store.feeds().map(\.stops) == [3, 4])
    try store.remove("a")
    #expect(try store.feeds().map(\.name) == ["b"])
    try store.remove("b")
    #expect(try store.feeds().isEmpty)
    #expect(throws: FeedError.unknownFeed("b", known: [])) { try store.remove("b") }
  }

  @Test("the same feeds give the same bytes, in whatever order and however often they came")
  func sameBytes() throws {
    let (first, second) = (FeedText(), Self.other)
    try add("a", first)
    try add("b", second)
    let bytes = try Data(contentsOf: URL(filePath: graphPath))
    try add("a", first)
    #expect(try Data(contentsOf: URL(filePath: graphPath)) == bytes)
    let elsewhere = FeedStore(home: home.path("elsewhere"))
    _ = try elsewhere.add(FeedName("x"), from: first.write())
    _ = try elsewhere.add(FeedName("b"), from: second.write())
    _ = try elsewhere.add(FeedName("a"), from: first.write())
    try elsewhere.remove("x")
    extendLifetime((first, second))
    // The folder that a feed was read from is part of what is kept of it, and is the same here.
    #expect(try Data(contentsOf: URL(filePath: home.path("elsewhere/transit/current/graph.sqlite"))) == bytes)
  }

  @Test("ids of different feeds do not meet; all numbers point to rows of the same feed")
  func namespaces() throws {
    try add("a", Self.other)
    try add("b", FeedText())
    let database = try SQLiteDatabase(graphPath, .reading)
    #expect(try database.rows("pragma foreign_key_check").isEmpty)
    #expect(
      try database.rows("select feed, stop_name, departure from timetable order by trip, position") == [
        "a|Ast|08:00:00", "a|Berg|08:11:00", "a|Chor|08:20:00", "b|Alpha|08:00:00", "b|Beta|08:11:00",
        "b|Gamma|08:20:00",
      ])
    #expect(try database.rows("select stop, feed, stop_id from stops").first == "0|0|A")
    #expect(try database.number("select max(stop) from stops") == 5)
    #expect(try database.rows("select * from stop_links").isEmpty)
  }

  @Test("a feed of which nothing can be used is refused, and the old graph stays")
  func refused() throws {
    try add("a", FeedText())
    let bytes = try Data(contentsOf: URL(filePath: graphPath))
    let broken = FeedText(["stop_times.txt": nil])
    let error = #expect(throws: FeedError.self) { try add("a", broken) }
    #expect(error?.description.contains("stop_times.txt is missing") == true, "\(String(describing: error))")
    let never = FeedText(["calendar.txt": FeedText().files["calendar.txt"]?.replacing("1,1,1,1,1", with: "0,0,0,0,0")])
    let second = #expect(throws: FeedError.self) { try add("a", never) }
    #expect(second?.description.contains("no service has a day") == true, "\(String(describing: second))")
    #expect(try Data(contentsOf: URL(filePath: graphPath)) == bytes)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path("transit")).sorted() == [
        "current", "g1", "import.lock",
      ])
  }

  @Test("an import that is told to stop leaves everything as it was")
  func stopped() throws {
    try add("a", FeedText())
    let text = FeedText()
    #expect(throws: FeedError.stopped) {
      try store.add(FeedName("b"), from: text.write()) { $0.step != "trips.txt" }
    }
    #expect(try store.feeds().map(\.name) == ["a"])
  }

  @Test("what else belongs into a generation is put into it first; if that fails, the old one stays")
  func completion() throws {
    let failing = FeedStore(home: home.path) { (_: String) throws(FeedError) in throw .stopped }
    let text = FeedText()
    #expect(throws: FeedError.stopped) { try failing.add(FeedName("a"), from: text.write()) }
    #expect(store.folder.current == nil)
    let completing = FeedStore(home: home.path) { (generation: String) throws(FeedError) in
      #expect(FileManager.default.fileExists(atPath: generation + "/graph.sqlite"))
      #expect(FileManager.default.createFile(atPath: generation + "/timetable", contents: nil))
    }
    _ = try completing.add(FeedName("a"), from: text.write())
    let current = try #require(store.folder.current)
    #expect(try FileManager.default.contentsOfDirectory(atPath: current).sorted() == ["graph.sqlite", "timetable"])
  }

  @Test("a reader keeps what it has opened, and what nobody can come to any more is cleared away")
  func generations() throws {
    try add("a", FeedText())
    let graph = try Graph(graphPath)
    for _ in 0..<4 { try add("b", Self.other) }
    #expect(try graph.count(FeedRow.self) == 1)
    #expect(try Graph(graphPath).count(FeedRow.self) == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: home.path("transit")).sorted()
    #expect(names == ["current", "g4", "g5", "import.lock"])
  }

  @Test("who comes second is told who is first")
  func busy() throws {
    try add("a", FeedText())
    let lock = try ImportLock(store.folder)
    let error = #expect(throws: FeedError.self) { try add("b", Self.other) }
    #expect(error == .busy(path: home.path("transit"), process: "\(getpid())"))
    extendLifetime(lock)
  }

  /// Whoever opens files while others are refused a lock.
  private final class Bystander: Sendable {
    private let isOver = Atomic(false)
    private let hasEnded = Atomic(false)
    private let lost = Atomic(0)

    init() {
      Thread.detachNewThread { [self] in
        while !isOver.load(ordering: .acquiring) {
          let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
          for _ in 0..<50 where fcntl(descriptor, F_GETFD) < 0 { lost.add(1, ordering: .relaxed) }
          close(descriptor)
        }
        hasEnded.store(true, ordering: .releasing)
      }
    }

    /// How often a file was closed under its feet.
    func end() -> Int {
      isOver.store(true, ordering: .releasing)
      while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
      return lost.load(ordering: .relaxed)
    }
  }

  @Test("being told that another import runs closes nothing that is somebody else's")
  func refusedLocks() throws {
    try add("a", FeedText())
    let lock = try ImportLock(store.folder)
    // It gets the numbers that the refused attempts let go of.
    let bystander = Bystander()
    for _ in 0..<5000 { #expect(throws: FeedError.self) { _ = try ImportLock(store.folder) } }
    #expect(bystander.end() == 0)
    extendLifetime(lock)
  }

  @Test("a data directory that cannot be written, and a graph that is none, are named with the mend")
  func places() throws {
    try "x".write(toFile: home.path("file"), atomically: true, encoding: .utf8)
    let text = FeedText()
    let error = #expect(throws: FeedError.self) {
      try FeedStore(home: home.path("file/home")).add(FeedName("a"), from: text.write())
    }
    #expect(error?.description.contains("WAYFARE_HOME") == true, "\(String(describing: error))")
    try add("a", text)
    try "x".write(toFile: graphPath, atomically: true, encoding: .utf8)
    let other = #expect(throws: FeedError.self) { try store.feeds() }
    #expect(other?.description.contains("add its feeds again") == true, "\(String(describing: other))")
  }

  @Test(
    "names that could be paths, flags or parts of an address are refused",
    arguments: ["", ".", "..", "a/b", "a:b", "-a", "_a", "a b", "ä", "a\n", String(repeating: "a", count: 65)])
  func names(text: String) {
    #expect(throws: FeedError.badName(text)) { try FeedName(text) }
  }
}
