public import Postgres

/// What a worker says to the queue in one round trip: what it has finished, and what it wants next.
public struct JobExchange: Sendable {
  /// Runs that are over.
  public var finished: [FinishedRun] = []
  /// What to take.
  public var claims: [LaneClaim] = []
  /// The lanes it knows and where it stands in each; nil for not looking for others.
  public var known: [(lane: Int32, after: LanePlace)]?
  /// The lanes that are to be looked through once more from their beginning up to their places.
  public var swept: [(lane: Int32, after: LanePlace)] = []
  /// The jobs of which watchers are to be told.
  public var watched: [JobID] = []

  /// Nothing.
  public init() {}

  /// One ending and nothing else.
  public init(alone finish: FinishedRun) { finished = [finish] }

  /// Whether there is anything to say.
  public var isEmpty: Bool { finished.isEmpty && claims.isEmpty && known == nil && swept.isEmpty }
}

/// What the queue answered.
public struct JobExchangeAnswer: Sendable {
  /// The jobs whose ending was taken; any other had been lost to another run.
  public var accepted: Set<JobID> = []
  /// What was taken.
  public var claims = JobClaims()
  /// Known lanes that had jobs due before anything was taken.
  public var readyLanes: Set<Int32> = []
  /// Swept lanes in which jobs had come to stand before the place.
  public var lateLanes: Set<Int32> = []
  /// Lanes that were not known.
  public var newLanes: [JobLane] = []
}

extension JobStore {
  /// The most lanes that one look finds; the next look finds the next.
  static let lanesPerLook: Int32 = 1000

  /// Stores what was finished and takes what comes next, in one transaction and one round trip.
  ///
  /// - Throws: `StoreError`; `.outcomeUnknown` means that all of it or none of it took place.
  public func exchange(
    _ exchange: JobExchange, worker: Int32
  ) async throws -> JobExchangeAnswer {
    var statements: [SQL] = [.plannerSettings, .holdLease(worker)]
    let endings = EndingStatements(exchange.finished, worker: worker)
    statements += endings.statements
    if let known = exchange.known {
      statements.append(.readyAmong(known))
      statements.append(.lanesBetween(known.map(\.lane), limit: JobStore.lanesPerLook))
    }
    if !exchange.swept.isEmpty { statements.append(.lateAmong(exchange.swept)) }
    let free = exchange.claims.filter { $0.lane.limit == nil }
    if !free.isEmpty { statements.append(.claim(free, worker: worker)) }
    var claimIndices = free.isEmpty ? [] : [statements.count - 1]
    // Limits are locked in one order everywhere, so that two workers never wait for each other.
    for claim in exchange.claims.sorted(by: { ($0.lane.limit ?? 0, $0.lane.id) < ($1.lane.limit ?? 0, $1.lane.id) }) {
      guard let limit = claim.lane.limit else { continue }
      statements.append(.lockLimit(limit))
      statements.append(.claim(claim, under: limit, worker: worker))
      claimIndices.append(statements.count - 1)
    }
    if !exchange.watched.isEmpty { statements.append(SQL.change(of: exchange.watched)) }
    return try await translating {
      let rows = try await database.atomically(statements)
      return try answer(exchange, rows, endings, claimIndices)
    }
  }

  private func answer(
    _ exchange: JobExchange, _ rows: [Rows], _ endings: EndingStatements, _ claimIndices: [Int]
  ) throws -> JobExchangeAnswer {
    var answer = JobExchangeAnswer()
    let first = 2
    for index in first..<(first + endings.reporting) {
      for id in try rows[index].decode(Int64.self) { answer.accepted.insert(JobID(id)) }
    }
    if exchange.known != nil {
      let index = first + endings.statements.count
      answer.readyLanes = Set(try rows[index].decode(Int32.self))
      answer.newLanes = try rows[index + 1].decode(
        Int32.self, String.self, Int16.self, String.self, String.self, Int32?.self
      ).map {
        JobLane(id: $0.0, queue: $0.1, priority: Int($0.2), kind: $0.3, tenant: $0.4, limit: $0.5)
      }
    }
    if !exchange.swept.isEmpty {
      let index = first + endings.statements.count + (exchange.known == nil ? 0 : 2)
      answer.lateLanes = Set(try rows[index].decode(Int32.self))
    }
    let lanes = Dictionary(uniqueKeysWithValues: exchange.claims.map { ($0.lane.id, $0.lane) })
    for index in claimIndices { try answer.claims.add(rows[index], of: lanes) }
    return answer
  }

  /// Ends a run as part of the caller's own transaction, so that what the job did and that it is done become true together.
  ///
  /// - Returns: whether the run was the newest and its lease had not ended; if not, the caller must roll back.
  /// - Throws: `StoreError`.
  public func finish(_ finished: FinishedRun, worker: Int32, in transaction: Transaction) async throws -> Bool {
    let endings = EndingStatements([finished], worker: worker)
    return try await translating {
      _ = try await transaction.query(.holdLease(worker))
      var isAccepted = false
      for (index, statement) in endings.statements.enumerated() {
        let rows = try await transaction.query(statement)
        if index < endings.reporting { isAccepted = !rows.isEmpty }
      }
      return isAccepted
    }
  }

  /// Tells how far a run is; nothing is written once the run is not the newest or its lease has ended.
  ///
  /// - Returns: whether it was written.
  /// - Throws: `StoreError`.
  public func report(_ progress: JobProgress, of run: JobRun, worker: Int32) async throws -> Bool {
    let id = run.id.rawValue
    return try await translating {
      let rows = try await database.query(
        """
        with told as (
          insert into job_progress (job_id, stage, done, total, message)
          select id, \(progress.stage), \(progress.done), \(progress.total), \(progress.message) from job
          where id = \(id) and run = \(run.number) and worker = \(worker) and \(SQL.leaseHolds(worker))
          on conflict (job_id) do update set revision = job_progress.revision + 1, stage = excluded.stage,
            done = excluded.done, total = excluded.total, message = excluded.message, changed_at = now()
          returning job_id
        )
        select pg_notify(\(JobStore.changedChannel), job_id::text) from told
        """)
      return !rows.isEmpty
    }
  }
}

extension SQL {
  /// Tells watchers of a few jobs; a notification holds 8,000 bytes.
  static func change(of ids: [JobID]) -> SQL {
    let text = ids.prefix(JobStore.watchedMost).map(\.description).joined(separator: " ")
    return "select pg_notify(\(JobStore.changedChannel), \(text))"
  }
}

extension JobStore {
  /// The most jobs that one notification names.
  public static let watchedMost = 350
}
