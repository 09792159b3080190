import BudgetWire
import EventLoop
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Worker

/// Jobs go from the queue through a worker and back, on a real server.
@Suite struct WorkerTests {
  @Test("every job is done once, and what came of it is kept")
  func everyJobOnce() async throws {
    try await withWorker { jobs, loop in
      let submitted = try await jobs.submit(
        Array(repeating: NewJob(kind: "probe", payload: #"{"echo":"hi"}"#), count: 250))
      #expect(Set(submitted.map(\.id)).count == 250)
      let last = try #require(submitted.last).id
      try await until(loop) { try await jobs.queues().isEmpty }
      let job = try #require(try await jobs.find(last))
      #expect(job.state == .succeeded)
      #expect(job.run == 1)
      #expect(job.result?.contains(#""echo":"hi""#) == true)
    }
  }

  @Test("a job that fails is tried again, and its history tells why")
  func retries() async throws {
    try await withWorker { jobs, loop in
      let id = try await jobs.submit(NewJob(kind: "probe", payload: #"{"failures":1}"#)).id
      try await until(loop) { try await jobs.find([id]).first?.state == .succeeded }
      let job = try #require(try await jobs.find(id))
      #expect(job.attempt == 2)
      #expect(job.errors?.contains("asked to fail") == true)
    }
  }

  @Test("a job without a try left is a dead letter, and waits again when it is retried")
  func deadLetter() async throws {
    try await withWorker { jobs, loop in
      var new = NewJob(kind: "probe", payload: #"{"failures":1}"#)
      new.attemptsMax = 1
      let id = try await jobs.submit(new).id
      try await until(loop) { try await jobs.find([id]).first?.state == .dead }
      let retrial = try await jobs.retry(id)
      #expect(retrial == .waiting)
      try await until(loop) { try await jobs.find([id]).first?.state == .dead }
      let run = try await jobs.find([id]).first?.run
      #expect(run == 2)
    }
  }

  @Test("a payload that cannot be read is a dead letter at once")
  func poisoned() async throws {
    try await withWorker { jobs, loop in
      let id = try await jobs.submit(NewJob(kind: "probe", payload: #"{"steps":"many"}"#)).id
      try await until(loop) { try await jobs.find([id]).first?.state == .dead }
      let job = try #require(try await jobs.find(id))
      #expect(job.attempt == 1)
      #expect(job.errors?.contains("/steps") == true)
    }
  }

  @Test("a running job that is cancelled stops")
  func cancellation() async throws {
    try await withWorker { jobs, loop in
      let id = try await jobs.submit(NewJob(kind: "probe", payload: #"{"workMilliseconds":60000}"#)).id
      try await until(loop) { try await jobs.find([id]).first?.state == .running }
      let cancellation = try await jobs.cancel(id)
      #expect(cancellation == .asked)
      try await until(loop) { try await jobs.find([id]).first?.state == .cancelled }
    }
  }

  @Test("a trip is reckoned by a job as the command reckons it, with the installation's own prices")
  func budgets() async throws {
    try await withWorker { jobs, loop, database in
      let payload = #"{"start":"2026-06-01","place":"Lisbon","nights":3,"party":2,"budget":"2000"}"#
      let id = try await jobs.submit(NewJob(kind: "budget.compute", payload: payload)).id
      try await until(loop) { try await jobs.find([id]).first?.state == .succeeded }
      let ground = try BudgetGround()
      let expected = try BudgetAnswer(json: JSONDocument(text: payload).root, ground).jsonBytes()
      let job = try #require(try await jobs.find(id))
      #expect(job.result == String(decoding: expected, as: UTF8.self))

      let own = try OwnDefaultRequest(
        json: JSONDocument(
          text:
            #"{"place":"Lisbon","category":"food","style":"comfort","what":"tavern","amount":"31","currency":"EUR"}"#
        ).root, ground
      ).own
      _ = try await database.ownDefaults.add(own)
      let next = try await jobs.submit(NewJob(kind: "budget.compute", payload: payload)).id
      try await until(loop) { try await jobs.find([next]).first?.state == .succeeded }
      let changed = try #require(try await jobs.find(next))
      #expect(changed.result?.contains("tavern") == true)
    }
  }

  @Test("a trip that cannot be read is refused with its pointer: when it is submitted, and by a worker for good")
  func badBudgets() async throws {
    let payload = #"{"start":"2026-06-01","place":"Lisbn","nights":3}"#
    let kind = JobKind.budgetCompute(BudgetLibrary())
    let node = try JSONDocument(text: payload).root
    #expect { try kind.check(node) } throws: { ($0 as? JSONError)?.pointer == "/place" }
    try kind.check(try JSONDocument(text: #"{"start":"2026-06-01","place":"Lisbon","nights":3}"#).root)
    try await withWorker { jobs, loop, _ in
      let id = try await jobs.submit(NewJob(kind: "budget.compute", payload: payload)).id
      try await until(loop) { try await jobs.find([id]).first?.state == .dead }
      let job = try #require(try await jobs.find(id))
      #expect(job.attempt == 1)
      #expect(job.errors?.contains("/place") == true)
    }
  }

  @Test("a job of an unknown kind is left alone, and a paused queue waits")
  func leftAlone() async throws {
    try await withWorker { jobs, loop in
      try await jobs.setPaused(true, queue: "paused")
      // Without announcements a pause is heard with the next look, a second later at most.
      try await loop.sleep(for: .milliseconds(1500))
      let unknown = try await jobs.submit(NewJob(kind: "of-tomorrow")).id
      var later = NewJob(kind: "probe")
      later.queue = "paused"
      let paused = try await jobs.submit(later).id
      let known = try await jobs.submit(NewJob(kind: "probe")).id
      try await until(loop) { try await jobs.find([known]).first?.state == .succeeded }
      let states = try await jobs.find([unknown, paused]).map(\.state)
      #expect(states == [.waiting, .waiting])
      try await jobs.setPaused(false, queue: "paused")
      try await until(loop) { try await jobs.find([paused]).first?.state == .succeeded }
    }
  }

  @Test("a second job with the same unique key is the first one, until that is over")
  func uniqueness() async throws {
    do {
      try await withTestClient(holding: .schema) { client in
        let jobs = Database(client).jobs
        var new = NewJob(kind: "probe")
        new.uniqueness = NewJob.Uniqueness(key: "same")
        let first = try await jobs.submit(new)
        let second = try await jobs.submit(new)
        #expect(second == .duplicate(of: first.id))
        _ = try await jobs.cancel(first.id)
        let third = try await jobs.submit(new)
        #expect(third != second && third.id != first.id)
      }
    }
  }

  @Test("a run of a worker that was silent for longer than its lease changes nothing")
  func fencing() async throws {
    do {
      try await withTestClient(holding: .schema) { client in
        let jobs = Database(client).jobs
        let id = try await jobs.submit(NewJob(kind: "probe")).id
        let worker = try await jobs.register(worker: "slow", queues: nil, kinds: ["probe"])
        let claimed = try await claimAll(jobs, worker: worker)
        let run = try #require(claimed.first).run
        try await client.execute("update job_worker set heartbeat_at = now() - interval '13 s' where id = \(worker)")
        var late = JobExchange()
        late.finished = [
          FinishedRun(
            run: run, ending: .succeeded(result: nil), ranMilliseconds: 1, hasProgress: false, isLimited: false)
        ]
        let before = try await jobs.exchange(late, worker: worker)
        #expect(before.accepted.isEmpty)
        let rescued = try await jobs.rescue()
        #expect(rescued.workers == [worker])
        #expect(rescued.again == 1)
        let after = try await jobs.exchange(late, worker: worker)
        #expect(after.accepted.isEmpty)
        let beat = try await jobs.heartbeat(worker: worker, holding: [id])
        #expect(beat.isDead)
        let next = try await jobs.register(worker: "next", queues: nil, kinds: ["probe"])
        let again = try await claimAll(jobs, worker: next)
        #expect(again.map(\.run.number) == [2])
      }
    }
  }
}

private func claimAll(_ jobs: JobStore, worker: Int32) async throws -> [ClaimedJob] {
  var look = JobExchange()
  look.known = []
  let lanes = try await jobs.exchange(look, worker: worker).newLanes
  var claim = JobExchange()
  claim.claims = lanes.map { LaneClaim(lane: $0, take: 10, after: .start) }
  return try await jobs.exchange(claim, worker: worker).claims.jobs
}
