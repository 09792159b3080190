import Accounts
import Kernel
import Postgres
import TestSupport
import Testing
import Trips

@testable import Store

@Suite("What requests for trips begin with")
struct TripGlanceTests {
  private let trips = (1...3).map { TripID(high: 7, low: UInt64($0)) }
  private let people = (1...3).map { UserID(high: 8, low: UInt64($0)) }
  private let sessions = (1...3).map { SessionID(high: 9, low: UInt64($0)) }

  /// Two trips of the first person, in the first of which the second may read; the third person's session is over.
  private func withTrips(_ body: (TripStore, PostgresClient, CountedWire) async throws -> Void) async throws {
    try await withTestDatabase(holding: .schema) { database in
      let wire = try CountedWire()
      defer { wire.stop() }
      var pool = PoolSettings()
      pool.connectionsMax = 4
      pool.acquireTimeout = .seconds(30)
      let client = PostgresClient(
        try wire.settings(database: database.name), pool: pool, on: TestCluster.loops, seed: 42)
      do {
        try await body(try await fill(client), client, wire)
        await client.close()
      } catch {
        await client.close()
        throw error
      }
    }
  }

  private func fill(_ client: PostgresClient) async throws -> TripStore {
    for (number, person) in people.enumerated() {
      try await client.execute(
        "insert into account (id, email, name) values (\(person), \("p\(number)@example.org"), 'P')")
      try await client.execute(
        "insert into session (id, account_id, has_second_factor) values (\(sessions[number]), \(person), false)")
    }
    let store = Database(client).trips
    for trip in trips.prefix(2) {
      let texts = TripTexts(document: #"{"title":"\#(trip)"}"#, stored: "{}", headline: "{}")
      _ = try await store.make(
        TripStore.NewTrip(id: trip, owner: people[0], texts: texts, entry: "{}"), key: nil, request: [])
    }
    try await client.execute(
      "insert into trip_member (trip_id, account_id, role) values (\(trips[0]), \(people[1]), 'viewer')")
    try await client.execute(
      "insert into trip_link (trip_id, digest) values (\(trips[1]), sha256(convert_to('a link to the second', 'UTF8')))"
    )
    try await client.execute(
      "update session set revoked_at = now(), revoked_because = 'logout' where id = \(sessions[2])")
    return store
  }

  /// A question, and what is to be answered: nil for no trip.
  private struct Case {
    let question: TripQuestion
    let answer: (standing: TripStanding, isSignedIn: Bool, text: String?)?
  }

  private func cases() -> [Case] {
    var cases: [Case] = []
    for (place, trip) in trips.enumerated() {
      for (person, user) in people.enumerated() {
        for (link, wish) in [
          (nil, TripQuestion.DocumentWish.none), ("a link to the second", .text(known: nil)), (nil, .text(known: 1)),
          ("a link to nothing", .text(known: 2)),
        ] {
          let standing: TripStanding =
            switch (place, person) {
            case (0, 0), (1, 0): .member(.owner)
            case (0, 1): .member(.viewer)
            default: place == 1 && link == "a link to the second" ? .linked : .none
            }
          let isTold = if case .text(let known) = wish { known != 1 } else { false }
          let proof = SessionProof(session: sessions[person], account: user, limits: SessionLimits())
          cases.append(
            Case(
              question: TripQuestion(trip, TripVisitor(user: user, link: link), proof, wish),
              answer: place == 2 ? nil : (standing, person != 2, isTold ? #"{"title":"\#(trip)"}"# : nil)))
        }
      }
      cases.append(
        Case(
          question: TripQuestion(trip, TripVisitor(user: nil), nil, .none),
          answer: place == 2 ? nil : (.none, true, nil)))
    }
    // Somebody who shows another's session.
    let stolen = SessionProof(session: sessions[0], account: people[1], limits: SessionLimits())
    cases.append(
      Case(
        question: TripQuestion(trips[0], TripVisitor(user: people[1]), stolen, .none),
        answer: (.member(.viewer), false, nil)))
    return cases
  }

  private func check(_ glance: TripGlance?, _ one: Case, at location: SourceLocation = #_sourceLocation) {
    guard let answer = one.answer else {
      #expect(glance == nil, sourceLocation: location)
      return
    }
    #expect(glance?.access.id == one.question.trip, sourceLocation: location)
    #expect(glance?.access.standing == answer.standing, "\(one.question)", sourceLocation: location)
    #expect(glance?.isSignedIn == answer.isSignedIn, "\(one.question)", sourceLocation: location)
    #expect(glance?.document == answer.text, "\(one.question)", sourceLocation: location)
  }

  @Test("each is told of their own trip and standing, whether they ask alone or in company; company spares statements")
  func told() async throws {
    try await withTrips { store, _, wire in
      let cases = cases()
      for one in cases { check(try await store.glance(one.question), one) }
      let all = (0..<12).flatMap { _ in cases }
      let count = try await wire.counting {
        try await withThrowingTaskGroup(of: (Int, TripGlance?).self) { group in
          for (number, one) in all.enumerated() {
            let question = one.question
            group.addTask { (number, try await store.glance(question)) }
          }
          for try await (number, glance) in group { check(glance, all[number]) }
        }
      }
      #expect(count.statements < all.count / 4, "\(count.statements) statements for \(all.count) questions")
    }
  }

  @Test("what was committed before a question is in its answer, however many ask")
  func fresh() async throws {
    try await withTrips { store, client, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let (trip, person) = (trips[0], people[0])
        for worker in 0..<8 {
          group.addTask {
            for number in 0..<40 {
              let seq = try await client.query(
                "update trip_state set seq = seq + 1 where trip_id = \(trip) returning seq"
              ).decodeOnly(Int64.self)
              let glance = try await store.glance(TripQuestion(trip, TripVisitor(user: person), nil, .none))
              #expect(try #require(glance?.access.seq) >= seq, "\(worker), \(number)")
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
