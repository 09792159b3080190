import EventLoop
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// The queue's statements on a real server, without a worker.
@Suite("The queue")
struct JobStoreTests {
  private func withQueue(_ body: (JobStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema, connections: 8) { client in
      try await body(Database(client).jobs, client)
    }
  }

  private func claim(_ jobs: JobStore, _ worker: Int32, _ count: Int = 100) async throws -> [ClaimedJob] {
    var look = JobExchange()
    look.known = []
    let lanes = try await jobs.exchange(look, worker: worker).newLanes
    var claim = JobExchange()
    claim.claims = lanes.map { LaneClaim(lane: $0, take: count, after: .start) }
    return try await jobs.exchange(claim, worker: worker).claims.jobs
  }

  private func finish(_ jobs: JobStore, _ worker: Int32, _ claimed: [ClaimedJob]) async throws -> Int {
    var exchange = JobExchange()
    exchange.finished = claimed.map {
      FinishedRun(
        run: $0.run, ending: .succeeded(result: nil), ranMilliseconds: 1, hasProgress: false,
        isLimited: $0.lane.limit != nil)
    }
    return try await jobs.exchange(exchange, worker: worker).accepted.count
  }

  private func worker(_ jobs: JobStore) async throws -> Int32 {
    try await jobs.register(worker: "test", queues: nil, kinds: ["probe"])
  }

  @Test("no more jobs of a limit run at once than it allows, over all workers, and each end makes room for one")
  func concurrencyLimit() async throws {
    try await withQueue { jobs, _ in
      try await jobs.setLimit(JobLimit(key: "provider", concurrency: 3))
      var new = NewJob(kind: "probe")
      new.limitKey = "provider"
      _ = try await jobs.submit(Array(repeating: new, count: 10))
      let one = try await worker(jobs)
      let two = try await worker(jobs)
      let first = try await claim(jobs, one)
      let none = try await claim(jobs, two)
      #expect(first.count == 3)
      #expect(none.isEmpty)
      #expect(try await finish(jobs, one, Array(first.prefix(2))) == 2)
      let next = try await claim(jobs, two)
      #expect(next.count == 2)
      #expect(Set(next.map(\.run.id)).isDisjoint(with: first.map(\.run.id)))
    }
  }

  @Test("no more jobs of a limit start in a span of time than its rate allows")
  func rateLimit() async throws {
    try await withQueue { jobs, client in
      try await jobs.setLimit(JobLimit(key: "mails", rate: JobLimit.Rate(count: 5, seconds: 3600)))
      var new = NewJob(kind: "probe")
      new.limitKey = "mails"
      _ = try await jobs.submit(Array(repeating: new, count: 20))
      let number = try await worker(jobs)
      var taken = 0
      for _ in 0..<4 {
        let claimed = try await claim(jobs, number, 2)
        taken += try await finish(jobs, number, claimed)
      }
      #expect(taken == 5)
      // An hour later there is room for five again.
      try await client.execute("update job_limit set used_until = used_until - interval '1 hour'")
      #expect(try await claim(jobs, number).count == 5)
    }
  }

  @Test("a key that holds while a job waits is free once that starts; one that holds until the end is not")
  func uniqueScopes() async throws {
    try await withQueue { jobs, _ in
      let number = try await worker(jobs)
      for scope in NewJob.UniqueScope.allCases {
        var new = NewJob(kind: "probe")
        new.uniqueness = NewJob.Uniqueness(key: scope.rawValue, scope: scope)
        let first = try await jobs.submit(new)
        let second = try await jobs.submit(new)
        #expect(second == .duplicate(of: first.id))
        let claimed = try await claim(jobs, number)
        #expect(claimed.count == 1)
        let third = try await jobs.submit(new)
        #expect((third.id == first.id) == (scope == .unfinished))
        #expect(try await finish(jobs, number, claimed) == 1)
        let fourth = try await jobs.submit(new)
        #expect(fourth.id != first.id)
        _ = try await jobs.cancel(fourth.id)
        _ = try await jobs.cancel(third.id)
      }
    }
  }

  @Test("two jobs with one unique key in one batch are one job; another tenant's is its own")
  func uniqueInBatch() async throws {
    try await withQueue { jobs, _ in
      var new = NewJob(kind: "probe")
      new.uniqueness = NewJob.Uniqueness(key: "k")
      var other = new
      other.tenant = "other"
      let submissions = try await jobs.submit([new, new, other])
      #expect(submissions[1] == .duplicate(of: submissions[0].id))
      #expect(submissions[2].id != submissions[0].id)
    }
  }

  @Test("jobs start in the order of their time, and not before it")
  func order() async throws {
    try await withQueue { jobs, client in
      var late = NewJob(kind: "probe")
      late.runAt = try await jobs.now().adding(seconds: 600)
      let lateID = try await jobs.submit(late).id
      let first = try await jobs.submit(NewJob(kind: "probe")).id
      let second = try await jobs.submit(NewJob(kind: "probe")).id
      let number = try await worker(jobs)
      #expect(try await claim(jobs, number, 1).map(\.run.id) == [first])
      #expect(try await claim(jobs, number).map(\.run.id) == [second])
      #expect(try await claim(jobs, number).isEmpty)
      try await client.execute("update job set run_at = now() - interval '1 s' where id = \(lateID.rawValue)")
      #expect(try await claim(jobs, number).map(\.run.id) == [lateID])
    }
  }

  @Test("tenants whose names and keys read alike when joined do not share a job")
  func keysDoNotCollide() async throws {
    try await withQueue { jobs, _ in
      var one = NewJob(kind: "probe")
      one.tenant = "a"
      one.uniqueness = NewJob.Uniqueness(key: "b/c")
      var two = NewJob(kind: "probe")
      two.tenant = "a/b"
      two.uniqueness = NewJob.Uniqueness(key: "c")
      let submissions = try await jobs.submit([one, two])
      #expect(submissions[0].id != submissions[1].id)
    }
  }

  @Test("a job that waits past its deadline is given up though no worker serves it")
  func overdue() async throws {
    try await withQueue { jobs, _ in
      var late = NewJob(kind: "of-tomorrow")
      late.deadline = try await jobs.now().adding(seconds: -5)
      var early = NewJob(kind: "of-tomorrow")
      early.deadline = try await jobs.now().adding(seconds: 600)
      let ids = try await jobs.submit([late, early]).map(\.id)
      try await jobs.buryOverdue()
      #expect(try await jobs.find(ids[0])?.state == .dead)
      #expect(try await jobs.find(ids[0])?.errors?.contains("deadline") == true)
      #expect(try await jobs.find(ids[1])?.state == .waiting)
    }
  }

  @Test("a job that is being cancelled is cancelled however its run ends, also when its worker dies")
  func cancelledInAnyCase() async throws {
    try await withQueue { jobs, client in
      let number = try await worker(jobs)
      var last = NewJob(kind: "probe")
      last.attemptsMax = 1
      let ids = try await jobs.submit([NewJob(kind: "probe"), last, NewJob(kind: "probe"), last]).map(\.id)
      let claimed = try await claim(jobs, number)
      for id in ids { #expect(try await jobs.cancel(id) == .asked) }
      var exchange = JobExchange()
      for job in claimed where ids.prefix(2).contains(job.run.id) {
        let ending: JobEnding =
          job.attemptsMax == 1 ? .dead(error: "{}") : .failed(error: "{}", retryAfterSeconds: 3600)
        exchange.finished.append(
          FinishedRun(run: job.run, ending: ending, ranMilliseconds: 1, hasProgress: false, isLimited: false))
      }
      #expect(try await jobs.exchange(exchange, worker: number).accepted == Set(ids.prefix(2)))
      try await client.execute("update job_worker set heartbeat_at = now() - interval '1 minute'")
      _ = try await jobs.rescue()
      #expect(try await jobs.find(ids).map(\.state) == Array(repeating: .cancelled, count: 4))
    }
  }

  @Test("a worker that goes gives back what it was given without knowing")
  func deregistering() async throws {
    try await withQueue { jobs, _ in
      let number = try await worker(jobs)
      let id = try await jobs.submit(NewJob(kind: "probe")).id
      #expect(try await claim(jobs, number).count == 1)
      try await jobs.deregister(worker: number)
      let job = try #require(try await jobs.find(id))
      #expect(job.state == .waiting && job.attempt == 0)
    }
  }

  @Test("a schedule that many look at fires once for each time, and makes up for a long night with one job")
  func schedulesFireOnce() async throws {
    try await withQueue { jobs, client in
      let now = try await jobs.now()
      let schedule = JobSchedule(
        name: "hourly", pattern: "0 * * * *", zone: "UTC", job: NewJob(kind: "probe"),
        nextAt: now.adding(seconds: -86_400))
      try await jobs.setSchedule(schedule)
      let fired = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<12 {
          group.addTask { try await jobs.fireSchedules { _, now in now.adding(seconds: 3600) }.fired }
        }
        return try await group.reduce(into: [String]()) { $0 += $1 }
      }
      #expect(fired == ["hourly"])
      #expect(try await jobs.list(JobFilter()).jobs.count == 1)
      try await client.execute("update job_schedule set next_at = now()")
      #expect(try await jobs.fireSchedules { _, _ in nil }.stopped == ["hourly"])
      #expect(try await jobs.schedules().map(\.isPaused) == [true])
      #expect(try await jobs.removeSchedule("hourly"))
    }
  }

  @Test("days of the archive whose time has come are dropped whole, and jobs of today stay")
  func retention() async throws {
    try await withQueue { jobs, client in
      let made = try await jobs.keepArchive(JobRetention()).made
      #expect(made.count == 4)
      #expect(try await jobs.keepArchive(JobRetention()).made.isEmpty)
      try await client.execute(
        "create table job_archive_20200101 partition of job_archive for values from ('2020-01-01') to ('2020-01-02')")
      try await client.execute(
        """
        insert into job_archive (id, finished_at, created_at, lane, run, attempt, attempts_max, outcome)
        values (999999, '2020-01-01 12:00Z', '2020-01-01Z', 1, 1, 1, 1, 'succeeded')
        """)
      let number = try await worker(jobs)
      let id = try await jobs.submit(NewJob(kind: "probe")).id
      #expect(try await finish(jobs, number, try await claim(jobs, number)) == 1)
      #expect(try await jobs.keepArchive(JobRetention()).dropped == ["job_archive_20200101"])
      #expect(try await jobs.find(id)?.state == .succeeded)
      #expect(try await jobs.find(JobID(999_999)) == nil)
    }
  }

  @Test("a lane that nobody uses any more is removed when nothing is left of it, and made again when it is wanted")
  func lanes() async throws {
    try await withQueue { jobs, client in
      var job = NewJob(kind: "probe")
      let number = try await worker(jobs)
      // One is over and in the archive, one waits, one is gone.
      for tenant in ["over", "waits", "gone"] {
        job.tenant = tenant
        let id = try await jobs.submit(job).id
        if tenant == "waits" { continue }
        #expect(try await finish(jobs, number, try await claim(jobs, number)) >= 1)
        if tenant == "gone" { try await client.execute("delete from job_archive where id = \(id.rawValue)") }
        if tenant == "over" { #expect(try await jobs.find(id) != nil) }
      }
      job.tenant = "waits"
      _ = try await jobs.submit(job)
      func tenants() async throws -> [String] {
        try await client.query("select tenant from job_lane order by tenant").decode(String.self)
      }
      #expect(try await jobs.keepArchive(JobRetention()).lanesRemoved == 0)
      try await client.execute("update job_lane set used_at = now() - interval '9 days'")
      #expect(try await jobs.keepArchive(JobRetention()).lanesRemoved == 1)
      #expect(try await tenants() == ["over", "waits"] as [String])
      let asked = try await client.query("select count(*) from job_lane where used_at < now() - interval '8 days'")
        .decodeOnly(Int64.self)
      #expect(asked == 1, "the one that waits; whether the archive knows a lane is looked up once in these days")
      // Another process knows nothing of the lane: it is made again, and the ones that are there are marked as used.
      let other = JobStore(client)
      for tenant in ["gone", "over"] {
        job.tenant = tenant
        _ = try await other.submit(job)
      }
      #expect(try await tenants() == ["gone", "over", "waits"])
      let used = "select count(*) from job_lane where used_at > now() - interval '1 hour'"
      #expect(try await client.query(SQL(unsafe: used)).decodeOnly(Int64.self) == 2)
    }
  }

  @Test("of many announcements of a queue in a few milliseconds the first goes at once, and one more at the end")
  func pace() {
    var pace = AnnouncementPace()
    let first = [pace.takesTurn("a", now: 10_000_000), pace.takesTurn("b", now: 10_000_000)]
    #expect(first == [true, true], "each queue has its own pace")
    let second = pace.takesTurn("a", now: 11_000_000)
    let delay = pace.delay(of: "a", now: 12_000_000)
    #expect(!second && delay == 3_000_000)
    let due = pace.takesTurn("a", now: 16_000_000)
    let already = pace.delay(of: "a", now: 16_000_000)
    #expect(!due && already == nil, "it is due already")
    pace.announced("a", now: 17_000_000)
    let next = pace.delay(of: "a", now: 18_000_000)
    #expect(next == 4_000_000)
    pace.announced("a", now: 22_000_000)
    let calm = pace.takesTurn("a", now: 27_000_000)
    let late = [pace.delay(of: "a", now: 60_000_000), pace.delay(of: "unknown", now: 60_000_000)]
    #expect(calm)
    #expect(late == [0, 0], "stored so slowly that its turn has come")
    for number in 0..<5000 { _ = pace.takesTurn("q\(number)", now: 70_000_000) }
    let newest = pace.takesTurn("q4999", now: 71_000_000)
    #expect(!newest)
  }

  @Test("what is remembered of lanes is looked up again after ten minutes")
  func laneMemory() {
    let directory = LaneDirectory()
    let key = NewJob(kind: "probe").lane
    directory.remember(key, LaneDirectory.Entry(lane: 7, limit: nil), now: 1_000)
    #expect(directory.entry(key, now: 599_000_000_000)?.lane == 7)
    #expect(directory.entry(key, now: 601_000_000_000) == nil)
  }

  @Test("a page with a filter looks at so many jobs at most, and says where the next begins")
  func filteredPages() async throws {
    try await withQueue { jobs, client in
      var job = NewJob(kind: "probe")
      job.tenant = "rare"
      let rare = try await jobs.submit(job).id
      job.tenant = "common"
      _ = try await jobs.submit(job)
      let lane = try await client.query("select id from job_lane where tenant = 'common'").decodeOnly(Int32.self)
      try await client.execute(
        """
        insert into job (run_at, lane, attempts_max, payload)
        select now(), \(lane), 1, '{}' from generate_series(1, \(Int32(JobStore.scannedMost)))
        """)
      var filter = JobFilter()
      filter.tenant = "rare"
      let first = try await jobs.list(filter)
      #expect(first.jobs.isEmpty)
      filter.before = first.next
      #expect(first.next != nil)
      let second = try await jobs.list(filter)
      #expect(second.jobs.map(\.id) == [rare])
      #expect(second.next == nil)
    }
  }

  @Test("one job that the database refuses takes no other of its batch down")
  func refusedAmongMany() async throws {
    try await withQueue { jobs, _ in
      let intake = JobIntake(jobs)
      let answers = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            var job = NewJob(kind: "probe")
            if number % 13 == 5 { job.limitKey = "nowhere" }
            return (try? await intake.submit(job)) != nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(answers == 37)
      let count = try await jobs.list(JobFilter()).jobs.count
      #expect(count == 37)
    }
  }
}
