import EventLoop
import Postgres
import Store
import Telemetry

extension Command {
  /// The command `wayfare jobs`.
  static let jobs = Command(
    name: "jobs", summary: "submit jobs, look at them, cancel and retry them",
    discussion: """
      submit FILE         stores a job: {"kind": "probe", "payload": {…}}, and optionally queue, priority (0 first, 9
                          last), tenant, attempts, uniqueKey, uniqueScope, limitKey, runAt, deadline; with --wait it
                          waits until the job is over
      list                the newest fifty jobs, or those older than --before ID
      show ID             one job with its payload, result and errors
      cancel ID           ends a job that waits, asks one that runs to stop
      retry ID            puts a dead letter back in its queue
      queues              how full each queue is
      pause QUEUE, resume QUEUE
                          keeps workers from starting jobs of a queue, or lets them again
      limits              how much may run under each key
      limit KEY           makes or changes a limit: --at-once N, --rate N/SECONDS, or both
      schedules           what is done again and again
      schedule NAME FILE  makes or changes a schedule: {"pattern": "30 6 * * 1-5", "zone": "Europe/Paris", "job": {…}}
      unschedule NAME     removes it
      workers             the processes that run jobs
      """,
    operands: [
      Operand(name: "ACTION", help: "one of the above"),
      Operand(name: "WHAT", help: "a file, a job's number, a name or a key", isOptional: true),
      Operand(name: "FILE", help: "of a schedule", isOptional: true),
    ],
    settings: [.wait, .waitSeconds, .before, .atOnce, .rate] + Setting.database + Setting.log
  ) { arguments in
    let action = try JobAction(arguments)
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        if database.cluster != nil {
          _ = try await Migrations(Schema.migrations, on: database.client).apply()
        }
        let code = try await action.run(Database(database.client).jobs, on: runtime.group.loops[0])
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }
}
