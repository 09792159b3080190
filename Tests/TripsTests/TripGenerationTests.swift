import Kernel
import Testing

@testable import Trips

/// Trips that are filled from plans.
@Suite("Generated trips")
struct TripGenerationTests {
  private static let author = UserID(high: 1, low: 1)
  private static let trip = EntryID(high: 9, low: 9)

  /// A trip that plans and people write in turn.
  private struct World {
    var document = TripDocument()
    var records: [GeneratedEntry] = []
    var seq: Int64 = 0
    private var nextID: UInt64 = 100

    mutating func generate(_ plan: TripPlan) throws -> TripGeneration {
      let first = nextID
      var made: UInt64 = 0
      let generation = try TripGeneration(
        plan, on: document, known: records, trip: trip, stamp: Stamp(seq: seq + 1, author: author)
      ) {
        made += 1
        return EntryID(high: 0, low: first + made)
      }
      nextID += made
      records = Array(generation.records.values)
      if !generation.effects.isEmpty {
        seq += 1
        document.replay(generation.effects, Stamp(seq: seq, author: author))
      }
      return generation
    }

    mutating func edit(_ change: Change) throws {
      seq += 1
      document.replay(try document.effects(of: Operation(change)), Stamp(seq: seq, author: author))
    }

    /// Days with the titles of their items.
    var shown: [String] {
      document.days.map { day in
        guard case .text(let date)? = document.entries[day]?.fields[.date]?.value else { return "?" }
        return ([String(date.suffix(2))] + document.items(of: day).map(title)).joined(separator: " ")
      }
    }

    private func title(_ id: EntryID) -> String {
      if case .text(let title)? = document.entries[id]?.fields[.title]?.value { title } else { "?" }
    }

    func id(_ title: String) throws -> EntryID {
      try #require(
        document.entries.first { $0.value.fields[.title]?.value == .text(title) && !$0.value.isDeleted }?.key)
    }

    func day(_ date: String) throws -> EntryID {
      try #require(document.days.first { document.entries[$0]?.fields[.date]?.value == .text("2026-06-\(date)") })
    }
  }

  /// `["05 a b", "06 c"]`, where the key of an item is its first letter and its title the rest.
  private func plan(_ days: [String], fields: [TripField: FieldValue] = [:]) -> TripPlan {
    TripPlan(
      days: days.map { text in
        let words = text.split(separator: " ").map(String.init)
        return TripPlan.Day(
          date: "2026-06-\(words[0])",
          items: words.dropFirst().map {
            TripPlan.Item(key: String($0.prefix(1)), kind: .visit, fields: [.title: .text($0)])
          })
      }, fields: fields)
  }

  @Test("a plan becomes days and items in its order, and once more changes nothing")
  func fills() throws {
    var world = World()
    let first = try world.generate(plan(["05 a b", "06 c"]))
    #expect(world.shown == ["05 a b", "06 c"])
    #expect(first.added == 5)
    let again = try world.generate(plan(["05 a b", "06 c"]))
    #expect(again.effects.isEmpty && again.added == 0 && again.changed == 0)
  }

  @Test("another plan changes, moves and takes away what was generated, days that become empty included")
  func replaces() throws {
    var world = World()
    _ = try world.generate(plan(["05 a b", "06 c", "07 d"]))
    let next = try world.generate(plan(["05 b a2", "06 e"]))
    #expect(world.shown == ["05 b a2", "06 e"])
    // c and d went with the 7th; e came; a has another title and place, b stayed.
    #expect(next.removed == 3 && next.added == 1 && next.changed == 1)
  }

  @Test("what people have added or changed stays as it is and where it is")
  func keeps() throws {
    var world = World()
    _ = try world.generate(plan(["05 a b c", "06 d"]))
    let day = try world.day("05")
    try world.edit(
      .add(EntryID(high: 5, low: 5), .note, Destination(day: day, .after(try world.id("a"))), [.title: .text("own")]))
    try world.edit(.set(try world.id("b"), [.note: .text("bring bread")]))
    let moved = try world.id("d")
    try world.edit(.move(moved, Destination(day: day, .first)))
    let same = try world.generate(plan(["05 a b c", "06 d"]))
    #expect(same.effects.isEmpty && same.kept == 2)
    #expect(world.shown == ["05 d a own b c", "06"])
    _ = try world.generate(plan(["05 c x"]))
    // b and d were touched; the 6th is empty and was nobody's.
    #expect(world.shown == ["05 d c x own b"] || world.shown == ["05 d own b c x"])
  }

  @Test("what people have deleted stays deleted, until nothing is left of what was generated")
  func deleted() throws {
    var world = World()
    _ = try world.generate(plan(["05 a b"]))
    try world.edit(.delete(try world.id("a")))
    let next = try world.generate(plan(["05 a b"]))
    #expect(next.effects.isEmpty && world.shown == ["05 b"])
    try world.edit(.delete(try world.id("b")))
    try world.edit(.delete(try world.day("05")))
    let anew = try world.generate(plan(["05 a b"]))
    #expect(anew.added == 3 && world.shown == ["05 a b"])
  }

  @Test("a day that people have made for the date is used, and the trip's dates are only written where nobody has")
  func ownDay() throws {
    var world = World()
    let own = EntryID(high: 3, low: 3)
    try world.edit(.add(own, .day, Destination(.last), [.date: .text("2026-06-06")]))
    try world.edit(.set(nil, [.startDate: .text("2026-06-01")]))
    let dates: [TripField: FieldValue] = [.startDate: .text("2026-06-05"), .endDate: .text("2026-06-06")]
    _ = try world.generate(plan(["05 a", "06 b"], fields: dates))
    #expect(world.shown == ["05 a", "06 b"] && world.document.days.contains(own))
    #expect(world.document.text(.startDate) == "2026-06-01" && world.document.text(.endDate) == "2026-06-06")
    _ = try world.generate(plan(["07 c"], fields: [.startDate: .text("2026-06-07"), .endDate: .text("2026-06-07")]))
    #expect(world.shown == ["06", "07 c"])
    #expect(world.document.text(.startDate) == "2026-06-01" && world.document.text(.endDate) == "2026-06-07")
  }
}
