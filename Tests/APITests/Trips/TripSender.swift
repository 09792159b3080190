import EventLoop
import HTTP
import JSON
import Kernel
import Testing

@testable import API
@testable import Trips

/// Somebody who edits a trip as if answers were lost: sends queues and single edits once, again, or twice at once, and
/// notes what each came to.
struct TripSender: Sendable {
  /// An edit that changed nothing, and the place in the log after which it was judged.
  struct Other: Sendable {
    let edit: Edit
    let after: Int64
    let isRefused: Bool
  }

  /// What is sent at once, by which client.
  private struct Batch {
    let client: String
    let edits: [Edit]
    let text: String
  }

  let user: UserID
  private let trip: String
  /// Any of which may be asked.
  private let servers: [TripFixture]
  private var random: SeededRandom
  /// What was acknowledged, by its place in the log.
  private(set) var applied: [Int64: Edit] = [:]
  private(set) var others: [Other] = []
  /// What was refused at last: it may have been written before, where an answer was lost and a right with it.
  private var unheard: [Unheard] = []

  /// A request without an answer that tells what came of it.
  private enum Unheard {
    case queue(Batch)
    case single(EntryID, [TripField: FieldValue?], key: String)
  }

  init(_ user: UserID, _ trip: String, _ servers: [TripFixture], seed: UInt64) {
    self.user = user
    self.trip = trip
    self.servers = servers
    random = SeededRandom(seed: seed)
  }

  mutating func work() async throws {
    for number in 0..<36 {
      if Int.random(in: 0..<4, using: &random) == 0 { try await single(number) } else { try await queue(number) }
    }
  }

  /// Asks once more for all that was refused, as a client does that is let in again.
  mutating func catchUp() async throws {
    let old = unheard
    unheard = []
    for one in old {
      switch one {
      case .queue(let batch):
        let path = "/trips/\(trip)/operations"
        let answer = try await server().insist(user, .post, path, batch.text)
        guard answer.status == 200 else { continue }
        try note(batch.edits, try JSONDocument(text: answer.text).root.elements("/results"))
      case .single(let id, let values, let key):
        let path = "/trips/\(trip)/items/\(id)"
        let answer = try await server().insist(user, .patch, path, Self.text(values), ["Idempotency-Key": key])
        if answer.status == 200 { try note(id, values, answer.text) }
      }
    }
  }

  // MARK: Queues

  private mutating func queue(_ number: Int) async throws {
    let batch = batch(number)
    let path = "/trips/\(trip)/operations"
    var answers: [[JSONNode]] = []
    for answer in try await sent(.post, path, batch.text) where answer.status == 200 {
      answers.append(try JSONDocument(text: answer.text).root.elements("/results"))
    }
    guard let first = answers.first else { return unheard.append(.queue(batch)) }
    for other in answers.dropFirst() { #expect(other.map { $0.jsonBytes() } == first.map { $0.jsonBytes() }) }
    try note(batch.edits, first)
    // What was answered before keeps its answer, and no other content comes in under its name.
    guard Int.random(in: 0..<4, using: &random) == 0 else { return }
    let edit = Edit.operation(Operation(.set(nil, [.description: .text("changed \(number)")])))
    let changed = Self.text(batch.client, batch.edits.indices.map { Self.text(edit, "\(number)-\($0)") })
    let answer = try await server().insist(user, .post, path, changed)
    #expect(!answer.text.contains("applied"), "\(answer.text)")
  }

  /// Takes note of what a queue came to, in which one stands behind the other.
  private mutating func note(_ edits: [Edit], _ results: [JSONNode]) throws {
    try #require(edits.count == results.count)
    let seqs = try results.map { try $0.find("/result/seq")?.integer(as: Int64.self) }
    // Where everything was refused it is not known after what.
    var place = seqs.lazy.compactMap { $0 }.first.map { $0 - 1 }
    for ((edit, result), seq) in zip(zip(edits, results), seqs) {
      if let seq {
        #expect(applied[seq] == nil && (place.map { seq == $0 + 1 } ?? false), "\(seq) is told for two edits")
        applied[seq] = edit
        place = seq
      } else if let place {
        let status = try result.find("/result/status")?.string
        #expect(status == "refused" || status == "unchanged")
        others.append(Other(edit: edit, after: place, isRefused: status == "refused"))
      }
    }
  }

  // MARK: One by one

  private mutating func single(_ number: Int) async throws {
    let edit = Edit.operation(Operation(.set(item(), Self.values(&random))))
    guard case .operation(let operation) = edit, case .set(let id?, let values) = operation.change else { return }
    var known: String?
    let (path, key) = ("/trips/\(trip)/items/\(id)", "\(user)-\(number)")
    for answer in try await sent(.patch, path, Self.text(values), ["Idempotency-Key": key]) {
      guard answer.status == 200 else { continue }
      #expect(known == nil || known == answer.text, "\(answer.text)")
      known = answer.text
    }
    if let known { try note(id, values, known) } else { unheard.append(.single(id, values, key: key)) }
  }

  /// Takes note of what a single edit came to.
  private mutating func note(_ id: EntryID, _ values: [TripField: FieldValue?], _ told: String) throws {
    guard let seq = try JSONDocument(text: told).root.find("/seq")?.integer(as: Int64.self) else { return }
    #expect(applied[seq] == nil)
    applied[seq] = .operation(Operation(.set(id, values)))
  }

  // MARK: Sending

  private mutating func server() -> TripFixture { servers[Int.random(in: servers.indices, using: &random)] }

  /// Sends something up to three times, now and then twice at once.
  private mutating func sent(
    _ method: HTTPMethod, _ path: String, _ body: String, _ fields: HTTPFields = HTTPFields()
  ) async throws -> [TripFixture.Answer] {
    let count = Int.random(in: 1...3, using: &random)
    let isTogether = count > 1 && Bool.random(using: &random)
    let (first, second, user) = (server(), server(), user)
    var answers: [TripFixture.Answer] = []
    if isTogether {
      async let one = first.insist(user, method, path, body, fields)
      async let other = second.insist(user, method, path, body, fields)
      answers = [try await one, try await other]
    }
    while answers.count < count { answers.append(try await server().insist(user, method, path, body, fields)) }
    for answer in answers where answer.status != 200 {
      #expect([403, 404, 409].contains(answer.status), "\(answer.text)")
    }
    return answers
  }

  private mutating func batch(_ number: Int) -> Batch {
    let client = "c\(random.next() % 1_000_000)"
    let edits = (0..<Int.random(in: 1...5, using: &random)).map { _ in edit() }
    let texts = edits.enumerated().map { Self.text($1, "\(number)-\($0)") }
    return Batch(client: client, edits: edits, text: Self.text(client, texts))
  }

  // MARK: What is wanted

  /// Three days and nine items that everybody works on.
  private mutating func day() -> EntryID { EntryID(high: 9, low: UInt64.random(in: 1...3, using: &random)) }
  private mutating func item() -> EntryID { EntryID(high: 9, low: UInt64.random(in: 4...12, using: &random)) }
  private mutating func any() -> EntryID { Bool.random(using: &random) ? item() : day() }
  private mutating func place() -> EntryID? { Int.random(in: 0..<3, using: &random) == 0 ? nil : day() }

  private static func values(_ random: inout SeededRandom) -> [TripField: FieldValue?] {
    func text() -> FieldValue { .text("\(Int.random(in: 0..<99, using: &random))") }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return [.title: text()]
    case 1: return [.note: text()]
    case 2: return [.title: text(), .note: text()]
    default: return [.note: FieldValue?.none]
    }
  }

  private mutating func edit() -> Edit {
    let since = Int.random(in: 0..<6, using: &random) == 0 ? Int64.random(in: 6...90, using: &random) : nil
    switch Int.random(in: 0..<14, using: &random) {
    case 0, 1: return .operation(Operation(.add(item(), .visit, Destination(day: place(), .first), [:])))
    case 2: return .operation(Operation(.add(day(), .day, Destination(), [.title: .text("day")])))
    case 3, 4, 5: return .operation(Operation(.set(.some(any()), Self.values(&random)), strictSince: since))
    case 6:
      return .operation(Operation(.move(item(), Destination(day: place(), .after(item()))), strictSince: since))
    case 7: return .operation(Operation(.delete(any()), strictSince: since))
    case 8, 9: return .operation(Operation(.restore(any())))
    case 10: return .operation(Operation(.rebalance(.items(day()))))
    case 11: return .undo(Int64.random(in: 7...120, using: &random))
    // One's own, which others may have written over since.
    case 12: return .undo(applied.keys.sorted().randomElement(using: &random) ?? 7)
    default:
      return .operation(Operation(.set(nil, [.description: .text("\(Int.random(in: 0..<99, using: &random))")])))
    }
  }

  // MARK: As it is sent, written apart from our own writers

  private static func text(_ client: String, _ operations: [String]) -> String {
    #"{"clientId":"\#(client)","operations":[\#(operations.joined(separator: ","))]}"#
  }

  private static func text(_ edit: Edit, _ mutation: String) -> String {
    var parts = [#""mutationId":"\#(mutation)""#]
    switch edit {
    case .undo(let seq): parts.append(#""op":"undo","seq":\#(seq)"#)
    case .operation(let operation):
      parts.append(text(operation.change))
      if let since = operation.strictSince { parts.append(#""strictSince":\#(since)"#) }
    }
    return "{\(parts.joined(separator: ","))}"
  }

  private static func text(_ change: Change) -> String {
    switch change {
    case .set(let id, let values):
      return #""op":"set",\#(id.map { "\"id\":\"\($0)\"," } ?? "")"fields":\#(text(values))"#
    case .add(let id, let kind, let destination, let values):
      let fields = text(values.mapValues { FieldValue?.some($0) })
      return #""op":"add","id":"\#(id)","kind":"\#(kind.rawValue)",\#(text(destination)),"fields":\#(fields)"#
    case .move(let id, let destination): return #""op":"move","id":"\#(id)",\#(text(destination))"#
    case .delete(let id): return #""op":"delete","id":"\#(id)""#
    case .restore(let id): return #""op":"restore","id":"\#(id)""#
    case .rebalance(.items(let day?)): return #""op":"rebalance","day":"\#(day)""#
    case .rebalance: return #""op":"rebalance""#
    }
  }

  private static func text(_ destination: Destination) -> String {
    let position =
      switch destination.position {
      case .first: "\"first\""
      case .last: "\"last\""
      case .after(let id): "{\"after\":\"\(id)\"}"
      case .before(let id): "{\"before\":\"\(id)\"}"
      }
    return #""day":\#(destination.day.map { "\"\($0)\"" } ?? "null"),"position":\#(position)"#
  }

  private static func text(_ values: [TripField: FieldValue?]) -> String {
    let members = values.map { field, value in
      if case .text(let text)? = value { "\"\(field.rawValue)\":\"\(text)\"" } else { "\"\(field.rawValue)\":null" }
    }
    return "{\(members.sorted().joined(separator: ","))}"
  }
}

extension TripFixture {
  /// Asks until the server has an answer: one that is lost is asked for again.
  func insist(
    _ user: UserID, _ method: HTTPMethod, _ path: String, _ body: String, _ fields: HTTPFields = HTTPFields()
  ) async throws -> Answer {
    for _ in 0..<200 {
      let answer = try await ask(user, method, path, body, fields)
      if answer.status < 500 { return answer }
      try await loop.sleep(for: .milliseconds(5))
    }
    throw Failure(text: "no answer to \(method) \(path)")
  }
}

extension JSONNode {
  /// The elements at a pointer.
  fileprivate func elements(_ pointer: String) throws -> [JSONNode] {
    try find(pointer).map { Array(try $0.array) } ?? []
  }
}
