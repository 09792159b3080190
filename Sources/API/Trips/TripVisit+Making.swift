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
    let keys = "key of \(user)"
    let told = try await write { writer -> String in
      if let key, let known = try await writer.known(keys, [(key, all)])[key] {
        guard known.isSame else { throw Problem.tripKeyUsedBefore }
        return known.result
      }
      let made = try await body(writer)
      if let key { try await writer.remember(keys, by: user, [(key, all, made.kept)]) }
      return made.told
    }
    return TripAnswers.fresh(try StoredText(told), status: .created)
  }
}
