import HTTP
import JSON
import Store

/// `/v1/job-queues`: how full the queues are; operators pause and resume them.
struct JobQueueRoutes: Sendable {
  let store: JobStore

  func addRoutes(to group: RouteGroup) {
    group.get("") { _, _ in
      .json(Queues(queues: try await store.queues()), fields: ["Cache-Control": "no-store"])
    }.describe(
      .json("How full the queues are", .operations, .operators, gives: .fields(["queues": .list(QueueRecord.schema)])))
    group.patch("/{name}") { request, context in
      let name = try context.parameters.require("name")
      let change = try await request.json(as: Change.self, limit: 4096)
      guard isQueueName(name) else { throw Problem.parameter("name", "\(JobRefusal.badName(name)).") }
      try await store.setPaused(change.isPaused, queue: name)
      return Response(status: .noContent)
    }.describe(
      .empty(
        "Pauses a queue or lets it go on", .operations, .operators,
        path: ["name": .text(matching: "^[a-z][a-z0-9_.-]{0,59}$")], takes: .fields(["paused": .boolean])))
  }

  private struct Change: JSONReadable {
    let isPaused: Bool

    init(json: JSONNode) throws(JSONError) {
      isPaused = try json.object(required: "paused").required("paused")
    }
  }

  private struct Queues: JSONWritable {
    let queues: [QueueRecord]

    func write(to writer: inout JSONWriter) {
      writer.object { $0.array("queues") { for queue in queues { $0.element(queue) } } }
    }
  }
}
