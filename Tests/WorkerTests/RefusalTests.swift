import EventLoop
import Kernel
import Postgres
import Store
import TestSupport
import Testing

/// A database that refuses, on a real server.
@Suite("Refusals")
struct RefusalTests {
  @Test("an ending that the database refuses is offered alone, then told as a failure, and takes no other with it")
  func refusedEnding() async throws {
    try await withWorker(preparing: { client in
      try await client.execute(
        """
        create function refuse_poison() returns trigger language plpgsql as $$
        begin
          if new.result::text like '%poison%' then raise exception 'this cannot be kept'; end if;
          return new;
        end $$
        """)
      try await client.execute(
        "create trigger refuse before insert on job_archive for each row execute function refuse_poison()")
    }) { jobs, loop, _ in
      var poison = NewJob(kind: "probe", payload: #"{"echo":"poison"}"#)
      poison.attemptsMax = 1
      let id = try await jobs.submit(poison).id
      let others = try await jobs.submit(Array(repeating: NewJob(kind: "probe", payload: #"{"echo":"hi"}"#), count: 30))
      try await until(loop) { try await jobs.queues().isEmpty }
      let job = try #require(try await jobs.find(id))
      #expect(job.state == .dead)
      #expect(job.run == 1, "it was done once: only its ending was offered again")
      #expect(job.lastError?.contains("not stored") == true)
      #expect(job.lastError?.contains("this cannot be kept") == true)
      #expect(try await jobs.find(others.map(\.id)).allSatisfy { $0.state == .succeeded && $0.run == 1 })
    }
  }

  @Test("what keeps one of a keeper's tasks from being done does not keep the others")
  func brokenSchedules() async throws {
    try await withWorker(preparing: { try await $0.execute("alter table job_schedule rename to job_schedule_gone") }) {
      jobs, loop, database in
      try await jobs.setPaused(true, queue: "still")
      var job = NewJob(kind: "probe")
      job.queue = "still"
      job.deadline = try await jobs.now().adding(seconds: 1)
      let id = try await jobs.submit(job).id
      try await until(loop) { try await jobs.find([id]).first?.state == .dead }
      #expect(try await jobs.find(id)?.lastError?.contains("deadline") == true)
    }
  }
}
