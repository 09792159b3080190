import Accounts
package import Kernel
import Postgres

/// What a request wants to know first.
package struct TripQuestion: Sendable {
  /// What it wants of the document.
  package enum DocumentWish: Sendable {
    case none
    /// What it says, unless it is still the version that is known.
    case text(known: Int64?)
  }

  let trip: TripID
  let visitor: TripVisitor
  let proof: SessionProof?
  let wish: DocumentWish

  /// A question.
  ///
  /// - Parameters:
  ///   - trip: about which trip.
  ///   - visitor: who asks.
  ///   - proof: the session that they show, if they do.
  ///   - wish: whether what the trip says is wanted.
  package init(_ trip: TripID, _ visitor: TripVisitor, _ proof: SessionProof?, _ wish: DocumentWish) {
    self.trip = trip
    self.visitor = visitor
    self.proof = proof
    self.wish = wish
  }

  /// Asks several at once; gives a row for each trip that is there, with the question's place.
  static func statement(_ questions: [TripQuestion]) -> SQL {
    let proofs = questions.map(\.proof)
    let known = questions.map { question -> Int64? in
      if case .text(let known) = question.wish { known } else { nil }
    }
    let wants = questions.map { if case .text = $0.wish { true } else { false } }
    // A document that is not chosen is not fetched from where long values are kept.
    return """
      select asked.place, state.trip_id, state.seq, state.revision, state.log_start, state.is_public, state.is_template,
        state.created_at, state.changed_at, state.trashed_at, member.role,
        asked.link is not null and exists (
          select from trip_link where trip_id = state.trip_id
            and digest = sha256(convert_to(asked.link, 'UTF8')) and (expires_at is null or expires_at > now())
        ) as is_linked,
        asked.session is null or exists (
          select from session where id = asked.session and account_id = asked.account
            and \(AccountStore.isGood(idleSeconds: "asked.idle", wholeSeconds: "asked.whole"))
        ) as is_signed_in,
        case when asked.wants and state.revision is distinct from asked.known then document::text end as document
      from unnest(\(questions.map(\.trip)), \(questions.map(\.visitor.user)), \(questions.map(\.visitor.link)),
          \(proofs.map { $0?.session }), \(proofs.map { $0?.account }),
          \(proofs.map { $0.map { Double($0.limits.idleSeconds) } }),
          \(proofs.map { $0.map { Double($0.limits.wholeSeconds) } }), \(wants), \(known))
        with ordinality as asked (trip, visitor, link, session, account, idle, whole, wants, known, place)
      join trip_state state on state.trip_id = asked.trip
      left join trip_member member on member.trip_id = state.trip_id and member.account_id = asked.visitor
      """
  }
}

/// A trip as a request sees it first.
package struct TripGlance: Sendable {
  package let access: TripAccess
  /// The document as people see it: JSON text; nil where it was not wanted, or is as it was known.
  package let document: String?
  /// Whether the session that was shown lasts.
  package let isSignedIn: Bool

  private init(_ row: Row) throws {
    access = try TripRows.access(row)
    document = try row["document"]
    isSignedIn = try row["is_signed_in"]
  }

  /// The answers to so many questions that were asked at once, in their order.
  static func read(_ rows: Rows, _ count: Int) throws -> [TripGlance?] {
    var glances = [TripGlance?](repeating: nil, count: count)
    for row in rows { glances[Int(try row["place", as: Int64.self]) - 1] = try TripGlance(row) }
    return glances
  }
}
