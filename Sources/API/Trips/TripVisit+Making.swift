import HTTP
import JSON
import Kernel
import Store

/// What making something is answered with.
struct MadeAnswer: Sendable {
  /// As it is told now: JSON text.
  let told: String
  /// As it is told to who sends the request again; without what is told once.
  let kept: String

  init(_ told: some JSONWritable, again: (any JSONWritable)? = nil) {
    self.told = TripEditing.text(told)
    kept = again.map { String(decoding: $0.jsonBytes(), as: UTF8.self) } ?? self.told
  }
}

/// A request under an `Idempotency-Key`: keys are of one user, and apart from all clients' mutations.
struct KeyedRequest: Sendable {
  let key: String
  let user: UserID
  /// What the request says; another one with the same key is refused.
  let content: [UInt8]

  /// What is to be looked for when the trip's lock is taken.
  var asked: TripOpening.Asked { TripOpening.Asked(client: client, mutations: [(id: key, content: content)]) }

  private var client: String { "key of \(user)" }

  /// What was answered to the same request before.
  func answer(by writer: TripWriter) throws -> String? {
    guard let known = writer.known[key] else { return nil }
    guard known.isSame else { throw Problem.tripKeyUsedBefore }
    return known.result
  }

  /// Keeps what is answered.
  func keep(_ told: String, by writer: TripWriter) { writer.remember(client, by: user, [(key, content, told)]) }
}

extension TripVisit {
  /// Makes something in the trip, once for each `Idempotency-Key` of a user: the one place where what is sent again gets
  /// the first answer.
  ///
  /// Not inlined for the reason that ``TripEditing/carryOut(_:mutation:)`` gives.
  /// - Parameters:
  ///   - content: what the request says; another one with the same key is refused.
  ///   - body: makes it.
  /// - Returns: 201.
  /// - Throws: what `body` throws; a problem where the key came with another request.
  @inline(never)
  func make(_ content: [UInt8], _ body: (TripWriter) async throws -> MadeAnswer) async throws -> Response {
    let user = try user()
    let key = try request.idempotencyKey()
    let all = Array("\(request.method.rawValue) \(request.path) ".utf8) + content
    let keyed = key.map { KeyedRequest(key: $0, user: user, content: all) }
    let told = try await write(TripOpening(asked: keyed?.asked)) { writer -> String in
      if let known = try keyed?.answer(by: writer) { return known }
      let made = try await body(writer)
      keyed?.keep(made.kept, by: writer)
      return made.told
    }
    return TripAnswers.fresh(try StoredText(told), status: .created)
  }
}
