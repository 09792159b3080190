import Kernel
import Testing

@testable import Trips

/// A trip with a log, as a server keeps it.
struct TripWorld {
  private(set) var document = TripDocument()
  private(set) var log: [(stamp: Stamp, effects: [Effect])] = []

  static let anna = UserID(high: 0, low: 0xA)
  static let bert = UserID(high: 0, low: 0xB)

  static func id(_ number: Int) -> EntryID { EntryID(high: 0, low: UInt64(number)) }

  /// Carries an operation out; its place in the log, or nil if nothing changed.
  @discardableResult
  mutating func apply(_ change: Change, by author: UserID = anna, since: Int64? = nil) throws -> Int64? {
    add(try document.effects(of: Operation(change, strictSince: since)), by: author)
  }

  @discardableResult
  mutating func undo(_ seq: Int64, by author: UserID = anna) throws -> Int64? {
    let change = log[Int(seq) - 1]
    guard change.stamp.author == author else { throw Refusal.notYours(seq) }
    return add(try document.undoing(change.effects, of: change.stamp).effects, by: author)
  }

  mutating func add(_ effects: [Effect], by author: UserID) -> Int64? {
    if effects.isEmpty { return nil }
    let stamp = Stamp(seq: Int64(log.count + 1), author: author)
    document.replay(effects, stamp)
    log.append((stamp, effects))
    return stamp.seq
  }

  /// What somebody has who replays the whole log.
  var replayed: TripDocument {
    var document = TripDocument()
    for entry in log { document.replay(entry.effects, entry.stamp) }
    return document
  }

  /// Days 1 and 2; items 11, 12 and 13 on day 1.
  static func small() throws -> TripWorld {
    var world = TripWorld()
    try world.apply(.set(nil, [.title: .text("Rome"), .timeZone: .text("Pacific/Auckland")]))
    try world.apply(.add(id(1), .day, Destination(), [.date: .text("2026-06-01")]))
    try world.apply(.add(id(2), .day, Destination(), [.date: .text("2026-06-02")]))
    for number in 11...13 {
      try world.apply(.add(id(number), .visit, Destination(day: id(1)), [.title: .text("item \(number)")]))
    }
    return world
  }
}
