import Kernel
import Testing

@testable import Trips

/// How edits merge.
@Suite("Trip documents")
struct TripDocumentTests {
  private let one = TripWorld.id(1)
  private let two = TripWorld.id(2)
  private let item = TripWorld.id(11)

  @Test("edits of different fields both stand, of the same field the last, and it is told whose value went")
  func merging() throws {
    var world = try TripWorld.small()
    let base = Int64(world.log.count)
    try world.apply(.set(item, [.title: .text("by Anna")]))
    try world.apply(.set(item, [.note: .text("by Bert")]), by: TripWorld.bert)
    try world.apply(.set(item, [.title: .text("by Bert")]), by: TripWorld.bert)
    #expect(world.document.entries[item]?.fields[.note]?.value == .text("by Bert"))
    #expect(world.document.entries[item]?.fields[.title]?.value == .text("by Bert"))
    let over = Register(.text("by Anna"), Stamp(seq: base + 1, author: TripWorld.anna))
    #expect(world.log.last?.effects == [.wrote(item, .title, .text("by Bert"), over: over)])
    #expect(world.replayed == world.document)
  }

  @Test("who asks for strictness is refused where somebody has written since, and nowhere else")
  func strictness() throws {
    var world = try TripWorld.small()
    let base = Int64(world.log.count)
    try world.apply(.set(item, [.title: .text("new")]))
    let stamp = Stamp(seq: base + 1, author: TripWorld.anna)
    #expect(throws: Refusal.changedSince(item, .title, stamp)) {
      try world.document.effects(of: Operation(.set(item, [.title: .text("mine")]), strictSince: base))
    }
    #expect(throws: Refusal.changedSince(item, nil, stamp)) {
      try world.document.effects(of: Operation(.delete(item), strictSince: base))
    }
    try world.apply(.set(item, [.note: .text("mine")]), by: TripWorld.bert, since: base)
    try world.apply(.set(item, [.title: .text("mine")]), by: TripWorld.bert, since: base + 1)
  }

  @Test("a rename never wipes the schedule")
  func renaming() throws {
    var world = try TripWorld.small()
    let before = world.document.items(of: one)
    try world.apply(.set(nil, [.title: .text("Roma")]))
    #expect(world.document.days == [one, two] && world.document.items(of: one) == before)
  }

  @Test("deleting wins over editing, and restoring brings back what was there")
  func deleting() throws {
    var world = try TripWorld.small()
    try world.apply(.delete(item))
    #expect(throws: Refusal.deleted(item)) {
      try world.apply(.set(item, [.title: .text("late")]), by: TripWorld.bert)
    }
    #expect(throws: Refusal.deleted(item)) { try world.apply(.move(item, Destination(day: two))) }
    try world.apply(.restore(item))
    #expect(world.document.items(of: one) == [11, 12, 13].map(TripWorld.id))
    // A second deletion changes nothing and is no entry of the log.
    try world.apply(.delete(item))
    #expect(try world.apply(.delete(item)) == nil)
  }

  @Test("items of a day that is deleted are among the ideas, and back on it when it is restored")
  func deletingDays() throws {
    var world = try TripWorld.small()
    try world.apply(.delete(one))
    #expect(world.document.items(of: nil) == [11, 12, 13].map(TripWorld.id) && world.document.days == [two])
    try world.apply(.restore(one))
    #expect(world.document.items(of: one).count == 3 && world.document.items(of: nil).isEmpty)
  }

  @Test("things are moved first, last, before and after others, and to other days")
  func moving() throws {
    var world = try TripWorld.small()
    try world.apply(.move(TripWorld.id(13), Destination(day: one, .first)))
    #expect(world.document.items(of: one) == [13, 11, 12].map(TripWorld.id))
    try world.apply(.move(TripWorld.id(13), Destination(day: one, .after(item))))
    #expect(world.document.items(of: one) == [11, 13, 12].map(TripWorld.id))
    try world.apply(.move(TripWorld.id(12), Destination(day: two)))
    try world.apply(.move(item, Destination(day: two, .before(TripWorld.id(12)))))
    #expect(world.document.items(of: two) == [11, 12].map(TripWorld.id))
    #expect(try world.apply(.move(item, Destination(day: two, .first))) == nil)
    #expect(throws: Refusal.noDay(item)) { try world.apply(.move(TripWorld.id(12), Destination(day: item))) }
  }

  @Test("a thousand moves to the same place keep keys short, and the order right")
  func rebalancing() throws {
    var world = try TripWorld.small()
    for number in 0..<1000 {
      let moved = TripWorld.id(number.isMultiple(of: 2) ? 13 : 12)
      try world.apply(.move(moved, Destination(day: one, .after(item))))
      #expect(world.document.items(of: one).first == item && world.document.items(of: one)[1] == moved)
    }
    #expect(world.document.entries.values.allSatisfy { $0.place.key.length <= OrderKey.digitsMax })
    #expect(world.log.contains { $0.effects.contains { if case .rekeyed = $0 { true } else { false } } })
    let order = world.document.items(of: one)
    try world.apply(.rebalance(.items(one)))
    #expect(world.document.items(of: one) == order && world.replayed == world.document)
  }

  @Test("an edit is taken back only as far as its values are still there")
  func undoing() throws {
    var world = try TripWorld.small()
    let edit = try #require(try world.apply(.set(item, [.title: .text("A"), .note: .text("B")])))
    try world.apply(.set(item, [.note: .text("Bert's")]), by: TripWorld.bert)
    let undo = try #require(try world.undo(edit))
    #expect(world.document.entries[item]?.fields[.title]?.value == .text("item 11"))
    #expect(world.document.entries[item]?.fields[.note]?.value == .text("Bert's"))
    // Taking back the taking back does it again.
    try world.undo(undo)
    #expect(world.document.entries[item]?.fields[.title]?.value == .text("A"))
    try world.apply(.set(item, [.title: .text("Bert's")]), by: TripWorld.bert)
    #expect(throws: Refusal.nothingLeftToUndo(edit)) { try world.undo(edit) }
    #expect(throws: Refusal.notYours(edit)) { try world.undo(edit, by: TripWorld.bert) }
    #expect(world.replayed == world.document)
  }

  @Test("what others have written in is not taken back, nor is what came back to life since")
  func undoingLives() throws {
    var world = try TripWorld.small()
    let added = try #require(try world.apply(.add(TripWorld.id(20), .note, Destination(), [:])))
    try world.apply(.set(TripWorld.id(20), [.note: .text("Bert's")]), by: TripWorld.bert)
    #expect(throws: Refusal.nothingLeftToUndo(added)) { try world.undo(added) }
    let deleted = try #require(try world.apply(.delete(item)))
    try world.undo(deleted)
    #expect(world.document.items(of: one).first == item)
    let moved = try #require(try world.apply(.move(item, Destination(day: two))))
    try world.undo(moved)
    #expect(world.document.items(of: one).first == item)
  }

  @Test("a trip keeps its title; fields must be what they say, and be the entry's own")
  func refusing() throws {
    var world = try TripWorld.small()
    let undoable = try #require(try world.apply(.set(nil, [.title: .text("x")])))
    try world.undo(undoable)
    #expect(throws: Refusal.titleNeeded) { try world.apply(.set(nil, [.title: FieldValue?.none])) }
    #expect(throws: Refusal.unknownField(.date, .visit)) { try world.apply(.set(item, [.date: .text("2026-06-01")])) }
    #expect(throws: Refusal.self) { try world.apply(.set(one, [.date: .text("2026-02-30")])) }
    #expect(throws: Refusal.self) { try world.apply(.set(item, [.startTime: .text("25:00")])) }
    #expect(throws: Refusal.idTaken(item)) { try world.apply(.add(item, .note, Destination(), [:])) }
  }

  @Test("limits are told: items, days, and what is deleted goes for good in the order in which it was")
  func limits() throws {
    var world = TripWorld()
    for number in 0..<TripLimits.itemsMax { try world.apply(.add(TripWorld.id(number), .note, Destination(), [:])) }
    #expect(throws: Refusal.tooManyItems) { try world.apply(.add(TripWorld.id(5000), .note, Destination(), [:])) }
    for number in 0..<TripLimits.deletedMax + 5 { try world.apply(.delete(TripWorld.id(number))) }
    #expect(world.document.entries.values.filter(\.isDeleted).count == TripLimits.deletedMax)
    #expect(throws: Refusal.unknownEntry(TripWorld.id(4))) { try world.apply(.restore(TripWorld.id(4))) }
    try world.apply(.restore(TripWorld.id(5)))
    #expect(world.replayed == world.document)
  }

  @Test("today is the date by the trip's clocks, not by the server's")
  func today() throws {
    let world = try TripWorld.small()
    // 2026-06-01T13:30Z is half past one in the night of June 2 in Auckland.
    let moment = try Instant("2026-06-01T13:30:00Z")
    let rules = try ZoneFiles.system.rules(named: world.document.text(.timeZone) ?? "UTC")
    let today = world.document.today(at: moment, in: rules)
    #expect(today.date.description == "2026-06-02" && today.day == two)
    #expect(world.document.today(at: moment, in: .utc).day == one)
  }
}
