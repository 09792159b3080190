public import EventLoop
public import JSON
public import Store

/// What a probe is to do.
///
/// Operators use it to see that jobs go through: how long they wait, that progress arrives, that failures are retried,
/// and that nothing is lost when a worker is killed.
public struct ProbeRequest: JSONReadable, Sendable {
  /// How long it works.
  public let workMilliseconds: Int
  /// In how many steps, each of which it tells.
  public let steps: Int
  /// How many of its tries fail.
  public let failures: Int
  /// What it gives back.
  public let echo: String?
  /// It stores its end in a transaction of its own, as jobs do that change something.
  public let isTransactional: Bool

  /// Reads a request.
  ///
  /// - Throws: `JSONError`, which names the field and the mend.
  public init(json: JSONNode) throws(JSONError) {
    let object = try json.object(fields: "workMilliseconds", "steps", "failures", "echo", "transactional")
    workMilliseconds = try object.optional("workMilliseconds", in: 0...600_000) ?? 0
    steps = try object.optional("steps", in: 0...1000) ?? 0
    failures = try object.optional("failures", in: 0...1000) ?? 0
    echo = try object.optional("echo", length: 0...1000)
    isTransactional = try object.optional("transactional") ?? false
  }
}

private struct ProbeResult: JSONWritable {
  let request: ProbeRequest
  let context: JobContext

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("attempt", context.job.attempt)
      $0.field("waitedMilliseconds", Int(max(0, context.job.waitedSeconds) * 1000))
      $0.field("ranMilliseconds", context.ranMilliseconds)
      $0.field("echo", ifPresent: request.echo)
    }
  }
}

extension JobHandler {
  /// Jobs of kind `probe`.
  public static func probe(on loop: EventLoop) -> JobHandler {
    JobHandler(.probe) { context in
      let request = try ProbeRequest(jsonBytes: Array(context.job.payload.utf8))
      let steps = max(1, request.steps)
      for step in 1...steps {
        if request.workMilliseconds > 0 { try await loop.sleep(for: .milliseconds(request.workMilliseconds / steps)) }
        guard request.steps > 0 else { continue }
        try await context.report(
          JobProgress(stage: "working", done: Int64(step), total: Int64(steps), message: "step \(step) of \(steps)"))
      }
      if context.job.attempt <= request.failures { throw ProbeFailure(attempt: context.job.attempt) }
      let result = ProbeResult(request: request, context: context).jsonBytes()
      return request.isTransactional ? try await context.complete(result: result) { _ in } : .done(result)
    }
  }
}

private struct ProbeFailure: Error, CustomStringConvertible {
  let attempt: Int
  var description: String { "try \(attempt) was asked to fail" }
}

extension JobKind {
  /// Sees that jobs go through.
  public static let probe: JobKind = {
    var kind = JobKind(
      "probe", "works for a while, tells how far it is, fails if asked to: to see that jobs go through",
      payload: ProbeRequest.self)
    kind.retry = RetryDelay(first: .milliseconds(200), most: .seconds(30))
    return kind
  }()
}
