import JSON
import Kernel
import Testing

@testable import Trips
@testable import TripsWire

/// How trips travel.
@Suite("Trips as JSON")
struct TripsWireTests {
  private func text(_ value: some JSONWritable) -> String { String(decoding: value.jsonBytes(), as: UTF8.self) }

  private func root(_ text: String) throws -> JSONNode { try JSONDocument(text: text).root }

  /// A trip after some edits of all kinds.
  private func world(_ seed: UInt64) throws -> TripWorld {
    var random = SeededRandom(seed: seed)
    var world = try TripWorld.small()
    for _ in 0..<60 {
      let ids = world.document.entries.keys.sorted()
      guard let any = ids.randomElement(using: &random) else { break }
      let day = world.document.days.randomElement(using: &random)
      let change: Change =
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .add(EntryID(using: &random), .visit, Destination(day: day, .first), [.latitude: .number(1.5)])
        case 1: .add(EntryID(using: &random), .day, Destination(), [:])
        case 2: .set(any, [.title: .text("t \(Int.random(in: 0..<99, using: &random))"), .note: FieldValue?.none])
        case 3: .move(any, Destination(day: day, .after(ids.randomElement(using: &random) ?? any)))
        case 4: .delete(any)
        default: .restore(any)
        }
      _ = try? world.apply(change)
    }
    return world
  }

  @Test("what is stored is read back as it was, and so is every entry of the log", arguments: 1...10)
  func storing(seed: UInt64) throws {
    let world = try world(seed)
    let stored = try StoredTrip(json: root(text(StoredTrip(world.document)))).document
    #expect(stored == world.document)
    for entry in world.log {
      for effect in entry.effects { #expect(try EffectJSON(json: root(text(EffectJSON(effect)))).effect == effect) }
    }
  }

  @Test("whoever has written much is named once in what is stored")
  func authors() throws {
    var world = try world(3)
    let id = TripWorld.id(11)
    if world.document.entries[id]?.isDeleted == true { try world.apply(.restore(id)) }
    try world.apply(.set(id, [.title: .text("once more")]))
    let stored = text(StoredTrip(world.document))
    let authors = Set(world.log.compactMap(\.stamp.author))
    #expect(!authors.isEmpty)
    for author in authors { #expect(stored.ranges(of: author.description).count <= 1) }
    #expect(stored.contains(TripWorld.anna.description))
  }

  @Test("what was stored while every stamp had its author's id is read as what it was")
  func older() throws {
    let (day, item, anna) = (TripWorld.id(1), TripWorld.id(11), TripWorld.anna)
    let by = #""by":"\#(anna)""#
    let older = """
      {"fields":{"title":{"value":"Rome","seq":1,\(by)},"cover":{"value":null,"seq":7}},"entries":{
      "\(day)":{"kind":"day","fields":{},"place":{"key":"V"},"placed":{"seq":2,\(by)},"deleted":false,
      "lives":{"seq":2,\(by)}},
      "\(item)":{"kind":"visit","fields":{"latitude":{"value":41.5,"seq":4,\(by)}},"place":{"day":"\(day)","key":"V"},
      "placed":{"seq":3,\(by)},"deleted":true,"lives":{"seq":5}}}}
      """
    func hers(_ seq: Int64) -> Stamp { Stamp(seq: seq, author: anna) }
    func nobodys(_ seq: Int64) -> Stamp { Stamp(seq: seq, author: nil) }
    let key = try #require(OrderKey("V"))
    let wanted = TripDocument(
      fields: [.title: Register(.text("Rome"), hers(1)), .cover: Register(nil, nobodys(7))],
      entries: [
        day: Entry(
          kind: .day, fields: [:], place: Place(day: nil, key: key), placeStamp: hers(2), lifeStamp: hers(2)),
        item: Entry(
          kind: .visit, fields: [.latitude: Register(.number(41.5), hers(4))], place: Place(day: day, key: key),
          placeStamp: hers(3), isDeleted: true, lifeStamp: nobodys(5)),
      ])
    #expect(try StoredTrip(json: root(older)).document == wanted)
    #expect(try StoredTrip(json: root(text(StoredTrip(wanted)))).document == wanted)
  }

  @Test(
    "what no program of ours has stored is refused",
    arguments: [
      #"{"authors":[],"fields":{"title":["Rome",1,0]},"entries":{}}"#,
      #"{"authors":[],"fields":{"title":["Rome"]},"entries":{}}"#,
      #"{"authors":[],"fields":{"title":["Rome",1,0,0]},"entries":{}}"#,
      #"{"authors":["x"],"fields":{},"entries":{}}"#, #"{"authors":[],"fields":{}}"#,
      #"{"authors":[],"fields":{"titel":["Rome",1]},"entries":{}}"#,
    ])
  func strange(text: String) throws {
    #expect(throws: JSONError.self) { try StoredTrip(json: root(text)) }
  }

  @Test("operations from a document to any other give just that one, and none from itself", arguments: 1...30)
  func drafts(seed: UInt64) throws {
    print("seed \(seed)")
    let from = try world(seed)
    let to = try world(seed &+ 1000)
    let same = try draft(text(TripJSON(from.document))).operations(from: from.document)
    #expect(same.isEmpty)
    // The other trip's own entries are new here; what both have is moved, changed or restored by hand first.
    var world = from
    for (id, entry) in from.document.entries where entry.isDeleted && to.document.entries[id]?.isDeleted == false {
      try world.apply(.restore(id))
    }
    let wanted = text(TripJSON(to.document))
    for operation in try draft(wanted).operations(from: world.document) {
      _ = world.add(try world.document.effects(of: operation), by: TripWorld.anna)
    }
    #expect(text(TripJSON(world.document)) == wanted)
  }

  private func draft(_ text: String) throws -> TripDraft {
    try TripDraft(root(text), envelope: []) { EntryID(high: 1, low: .random(in: 0...UInt64.max)) }
  }

  @Test("one item that moves in a long day is one operation")
  func fewMoves() throws {
    let world = try TripWorld.small()
    let ids = [13, 11, 12].map { #"{"id":"\#(TripWorld.id($0))","kind":"visit","title":"item \#($0)"}"# }
    let day = #"{"id":"\#(TripWorld.id(1))","date":"2026-06-01","items":[\#(ids.joined(separator: ","))]}"#
    let other = #"{"id":"\#(TripWorld.id(2))","date":"2026-06-02"}"#
    let wanted = #"{"title":"Rome","timeZone":"Pacific/Auckland","days":[\#(day),\#(other)]}"#
    let operations = try draft(wanted).operations(from: world.document)
    #expect(operations == [Operation(.move(TripWorld.id(13), Destination(day: TripWorld.id(1), .first)))])
  }

  @Test(
    "an operation that cannot be read is told with its place",
    arguments: [
      (#"{"op":"sett"}"#, "/op"), (#"{"op":"set","fields":{"titel":"x"}}"#, "/fields/titel"),
      (#"{"op":"move","id":"nonsense"}"#, "/id"), (#"{"op":"delete"}"#, ""),
      (#"{"op":"delete","id":"0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55","kind":"visit"}"#, "/kind"),
      (#"{"op":"add","kind":"visit","position":{"over":"x"}}"#, "/position/over"),
      (#"{"op":"set","fields":{"startDate":"2026-02-30"}}"#, "/fields/startDate"),
      (#"{"op":"add","kind":"visit","fields":{"latitude":91}}"#, "/fields/latitude"),
      (#"{"op":"undo","seq":0}"#, "/seq"),
    ])
  func faults(json: String, pointer: String) throws {
    let error = #expect(throws: JSONError.self) { try EditReader { TripWorld.id(99) }.edit(root(json)) }
    #expect(error?.pointer == pointer, "\(error?.detail ?? "")")
  }
}
