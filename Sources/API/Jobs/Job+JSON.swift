public import JSON
import Kernel
public import Store

extension Job: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .text, "state": .words(JobState.self), "kind": .text, "queue": .text, "priority": .integer, "tenant": .text,
    "attempt": .integer, "attemptsMax": .integer, "createdAt": .moment, "runAt?": .moment, "deadline?": .moment,
    "finishedAt?": .moment, "ranMilliseconds?": .integer,
    "progress?": JobProgress.schema,
    "lastError?": .any, "payload?": .any, "result?": .any, "errors?": .any,
  ])

  /// The job as it travels; payload, result and errors only when they were read.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", id.description)
      $0.field("state", state.rawValue)
      $0.field("kind", kind)
      $0.field("queue", queue)
      $0.field("priority", priority)
      $0.field("tenant", tenant)
      $0.field("attempt", attempt)
      $0.field("attemptsMax", attemptsMax)
      $0.field("createdAt", createdAt.description)
      $0.field("runAt", ifPresent: runAt?.description)
      $0.field("deadline", ifPresent: deadline?.description)
      $0.field("finishedAt", ifPresent: finishedAt?.description)
      $0.field("ranMilliseconds", ifPresent: ranMilliseconds)
      $0.field("progress", ifPresent: progress)
      $0.field("lastError", ifPresent: lastError.flatMap(Job.node))
      $0.field("payload", ifPresent: payload.flatMap(Job.node))
      $0.field("result", ifPresent: result.flatMap(Job.node))
      $0.field("errors", ifPresent: errors.flatMap(Job.node))
    }
  }

  /// What the database holds is JSON; should it not be, it is left out rather than printed wrongly.
  private static func node(_ text: String) -> JSONNode? { try? JSONDocument(text: text).root }
}

extension JobProgress: JSONWritable {
  static let schema: JSONSchema = .fields([
    "stage": .text, "done?": .integer, "total?": .integer, "message?": .text,
  ])

  /// How far the job is, as it travels.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("stage", stage)
      $0.field("done", ifPresent: done.map { Int($0) })
      $0.field("total", ifPresent: total.map { Int($0) })
      $0.field("message", ifPresent: message)
    }
  }
}

extension QueueRecord: JSONWritable {
  static let schema: JSONSchema = .fields([
    "name": .text, "waiting": .integer, "scheduled": .integer, "running": .integer, "oldestSeconds": .any,
    "pausedAt?": .moment,
  ])

  /// How full the queue is, as it travels.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("name", name)
      $0.field("waiting", waiting)
      $0.field("scheduled", scheduled)
      $0.field("running", running)
      $0.field("oldestSeconds", oldestSeconds)
      $0.field("pausedAt", ifPresent: pausedAt?.description)
    }
  }
}
