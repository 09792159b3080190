import JSON
import Kernel
import TestTrips
import Testing
import TripsWire

@testable import Trips

/// The law of collaboration, over a network that loses and repeats everything, with people whose roles change.
///
///     client: queue ──request──▶ server: log, results by (client, mutation), and what it must come to (TripModel)
///             replica ◀──entries── (any of which may be lost, repeated, or come after a restart)
@Suite("Collaboration")
struct CollaborationTests {
  private struct Mutation {
    let number: Int
    let edit: Edit
  }

  private enum Outcome: Equatable {
    case applied(Int64?)
    case refused
  }

  private struct Server {
    var world = TripWorld()
    var model = TripModel()
    var results: [[Int]: Outcome] = [:]
    var roles: [TripRole?]
    /// Places of the log and the role that its author had.
    var rights: [TripRole?] = []

    mutating func receive(_ client: Int, _ mutation: Mutation) -> Outcome {
      if let known = results[[client, mutation.number]] { return known }
      let outcome = carryOut(client, mutation.edit)
      results[[client, mutation.number]] = outcome
      return outcome
    }

    private mutating func carryOut(_ client: Int, _ edit: Edit) -> Outcome {
      let author = CollaborationTests.user(client)
      // Written down apart from the table of permissions.
      let isAllowed = roles[client] == .owner || roles[client] == .editor
      let wanted: TripModel.Verdict = isAllowed ? model.verdict(on: edit, by: author) : .refused
      let outcome = attempt(client, edit, by: author)
      switch (outcome, wanted) {
      case (.applied(let seq?), .changed):
        model.apply(edit, seq, by: author, world.document)
        rights.append(roles[client])
      case (.applied(nil), .unchanged), (.applied(nil), .none), (.refused, .refused), (.refused, .none): break
      // What stands where it is to go is not moved, and what has good keys gets no others.
      case (.applied(nil), .changed) where edit.mayChangeNothing: break
      default: Issue.record("\(edit) came to \(outcome), not to \(wanted)")
      }
      return outcome
    }

    private mutating func attempt(_ client: Int, _ edit: Edit, by author: UserID) -> Outcome {
      guard Permissions.allows(.edit, roles[client].map { .member($0) } ?? .none) else { return .refused }
      do {
        switch edit {
        case .operation(let operation):
          return .applied(world.add(try world.document.effects(of: operation), by: author))
        case .undo(let number):
          guard number <= world.log.count, number > 0 else { return .refused }
          return .applied(try world.undo(number, by: author))
        }
      } catch {
        return .refused
      }
    }

    /// Comes back with what it had stored: texts of the document and of its log.
    mutating func restart() throws {
      let text = String(decoding: StoredTrip(world.document).jsonBytes(), as: UTF8.self)
      let read = try StoredTrip(json: JSONDocument(text: text).root).document
      #expect(read == world.document)
      #expect(world.replayed == read)
      #expect(model.difference(from: read) == nil)
    }
  }

  private struct Client {
    let number: Int
    /// What it has seen of the log.
    var seen: Int64 = 0
    var replica = TripDocument()
    /// What survives a restart.
    var queue: [Mutation] = []
    var nextMutation = 0
    var acknowledged: [Int: Outcome] = [:]
    var own: [Int64] = []

    mutating func hear(_ log: ArraySlice<(stamp: Stamp, effects: [Effect])>) {
      // What comes twice is known by its number; what comes after a gap waits until it is asked for.
      for entry in log where entry.stamp.seq == seen + 1 {
        replica.replay(entry.effects, entry.stamp)
        seen = entry.stamp.seq
      }
    }

    mutating func restart() {
      seen = 0
      replica = TripDocument()
    }
  }

  private static func user(_ client: Int) -> UserID { UserID(high: 1, low: UInt64(client)) }

  /// Something to do, as a person might who sees the replica; every few times something that cannot be.
  private static func edit(_ client: Client, _ random: inout SeededRandom) -> Edit {
    let ids = client.replica.entries.keys.sorted()
    let days = client.replica.days
    let any = ids.randomElement(using: &random) ?? TripWorld.id(1)
    let day = days.randomElement(using: &random)
    let strictSince: Int64? = Int.random(in: 0..<5, using: &random) == 0 ? client.seen : nil
    let text = FieldValue.text("text \(Int.random(in: 0..<1000, using: &random))")
    let change: Change
    switch Int.random(in: 0..<11, using: &random) {
    case 0: change = .set(nil, [.title: text])
    case 1, 2: change = .set(any, [.title: text, .note: text])
    case 3: change = .set(any, [.note: FieldValue?.none])
    case 4: change = .add(EntryID(using: &random), .visit, Destination(day: day, .first), [.title: text])
    case 5: change = .add(EntryID(using: &random), .day, Destination(), [:])
    case 6: change = .move(any, Destination(day: day, .after(ids.randomElement(using: &random) ?? any)))
    case 7: change = .delete(any)
    case 8: change = .restore(any)
    case 9: change = .rebalance(.items(day))
    default: return .undo(client.own.randomElement(using: &random) ?? 1)
    }
    return .operation(Operation(change, strictSince: strictSince))
  }

  @Test("any interleaving of losses, repeats and restarts ends with all equal to the server", arguments: 1...60)
  func law(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var server = Server(roles: [.owner, .editor, .editor, .viewer])
    var clients = (0..<4).map { Client(number: $0) }
    for _ in 0..<1500 {
      let one = Int.random(in: 0..<clients.count, using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0: clients[one].restart()
      case 1 where one > 0:
        server.roles[one] = [TripRole.editor, .editor, .viewer, nil].randomElement(using: &random) ?? nil
      case 2:
        try server.restart()
      case 3..<9:
        let mutation = Mutation(number: clients[one].nextMutation, edit: Self.edit(clients[one], &random))
        clients[one].nextMutation += 1
        clients[one].queue.append(mutation)
      case 9..<14:
        let behind = Int(clients[one].seen)
        // A few entries, now and then some that were there before, and some that never arrive.
        let start = max(0, behind - Int.random(in: 0...2, using: &random))
        let end = min(server.world.log.count, start + Int.random(in: 0...8, using: &random))
        if start < end { clients[one].hear(server.world.log[start..<end]) }
      default: Self.send(&clients[one], &server, isLossy: true, &random)
      }
    }
    for one in clients.indices {
      while !clients[one].queue.isEmpty { Self.send(&clients[one], &server, isLossy: false, &random) }
    }
    for one in clients.indices { clients[one].hear(server.world.log[...]) }
    for client in clients where client.seen == server.world.log.count {
      #expect(client.replica == server.world.document)
    }
    for one in clients.indices where clients[one].seen < server.world.log.count {
      clients[one].hear(server.world.log[Int(clients[one].seen)...])
      #expect(clients[one].replica == server.world.document)
    }
    try check(server, clients)
  }

  private static func send(
    _ client: inout Client, _ server: inout Server, isLossy: Bool, _ random: inout SeededRandom
  ) {
    guard let mutation = client.queue.first else { return }
    let luck = isLossy ? Int.random(in: 0..<10, using: &random) : 9
    if luck == 0 { return }
    var outcome = server.receive(client.number, mutation)
    if luck == 1 { outcome = server.receive(client.number, mutation) }
    // The answer is lost; the client asks again.
    if luck == 2 { return }
    if case .applied(let seq?) = outcome { client.own.append(seq) }
    client.acknowledged[mutation.number] = outcome
    client.queue.removeFirst()
  }

  private func check(_ server: Server, _ clients: [Client]) throws {
    var server = server
    try server.restart()
    #expect(server.world.log.count > 50)
    for client in clients { #expect(server.model.difference(from: client.replica) == nil) }
    for client in clients {
      let applied = client.acknowledged.values.compactMap { if case .applied(let seq?) = $0 { seq } else { nil } }
      // No acknowledged edit is missing, and none was carried out twice.
      #expect(Set(applied).count == applied.count)
      let own = server.world.log.filter { $0.stamp.author == Self.user(client.number) }.map(\.stamp.seq)
      #expect(Set(own) == Set(applied))
    }
    for role in server.rights { #expect(role == .owner || role == .editor) }
    #expect(server.rights.count == server.world.log.count)
    // Two in one millisecond keep the order in which they were taken: the log's.
    #expect(server.world.log.map(\.stamp.seq) == (1...Int64(server.world.log.count)).map { $0 })
  }
}
