import Glibc
public import JSON
import Kernel
public import Store

/// A job as somebody asks for it in JSON, over HTTP or in a file.
///
/// `{"kind": "probe", "payload": {…}}` is enough. What the kind or the queue would refuse at run time is refused here, with
/// a pointer to the place.
public enum JobRequest {
  /// The most bytes of a request: its payload, escaped as badly as can be, and the rest.
  public static let bytesMax = 2 * NewJob.Limits.payload

  static let schema: JSONSchema = .fields([
    "kind": .text(1...NewJob.Limits.kind), "payload?": .any, "queue?": .text(matching: "^[a-z][a-z0-9_.-]{0,59}$"),
    "priority?": .integer(0...9), "tenant?": .text(0...NewJob.Limits.tenant),
    "attempts?": .integer(1...NewJob.Limits.attempts), "uniqueKey?": .text(1...NewJob.Limits.uniqueKey),
    "uniqueScope?": .words(NewJob.UniqueScope.self), "limitKey?": .text(1...NewJob.Limits.limitKey), "runAt?": .moment,
    "deadline?": .moment,
  ])

  private static let earliest = Instant(secondsSinceEpoch: 946_684_800)  // 2000-01-01
  private static let latest = Instant(secondsSinceEpoch: 4_102_444_800)  // 2100-01-01

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - json: the request.
  ///   - kinds: what can be asked for.
  /// - Returns: the job.
  /// - Throws: `JSONError`, which names the place and the mend.
  public static func read(_ json: JSONNode, kinds: [JobKind]) throws(JSONError) -> NewJob {
    let object = try json.object(
      fields: "kind", "payload", "queue", "priority", "tenant", "attempts", "uniqueKey", "uniqueScope", "limitKey",
      "runAt",
      "deadline")
    let kind = try self.kind(object, json, kinds)
    var job = NewJob(kind: kind.name)
    job.payload = try payload(object, kind)
    job.queue = try object.optional("queue", length: 1...NewJob.Limits.queue) ?? kind.queue
    guard isQueueName(job.queue) else {
      throw (object.find("queue") ?? json).invalid("is no name of a queue: \(JobRefusal.badName(job.queue))")
    }
    job.priority = try object.optional("priority", in: 0...9) ?? job.priority
    job.tenant = try text(object, "tenant", length: 0...NewJob.Limits.tenant) ?? ""
    job.attemptsMax = try object.optional("attempts", in: 1...NewJob.Limits.attempts) ?? kind.attemptsMax
    job.limitKey = try text(object, "limitKey", length: 1...NewJob.Limits.limitKey)
    job.uniqueness = try uniqueness(object)
    job.runAt = try moment(object, "runAt")
    job.deadline = try moment(object, "deadline")
    if let runAt = job.runAt, let deadline = job.deadline, deadline <= runAt, let node = object.find("deadline") {
      throw node.invalid("must be later than runAt, or the job could never start")
    }
    // Clocks may differ by a little; a day is a mistake.
    if let deadline = job.deadline, deadline < Instant(secondsSinceEpoch: Int64(time(nil)) - 86_400),
      let node = object.find("deadline")
    {
      throw node.invalid("has passed already; the job could never start")
    }
    return job
  }

  private static func kind(
    _ object: JSONObject, _ json: JSONNode, _ kinds: [JobKind]
  ) throws(JSONError) -> JobKind {
    let name = try object.required("kind", length: 1...NewJob.Limits.kind)
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    let names = kinds.map(\.name).sorted()
    let mend = nearestName(to: name, among: names).map { "did you mean \"\($0)\"?" }
    throw (object.find("kind") ?? json).invalid(
      "is no kind of job: \(mend ?? "write one of \(names.joined(separator: ", "))")")
  }

  private static func payload(_ object: JSONObject, _ kind: JobKind) throws(JSONError) -> String {
    guard let node = object.find("payload") else {
      // What is not there is checked as what will be stored in its place.
      try kind.check(try JSONDocument(text: "{}").root)
      return "{}"
    }
    let bytes = node.jsonBytes()
    guard bytes.count <= NewJob.Limits.payload else {
      throw node.invalid("has \(bytes.count) bytes; a payload has at most \(NewJob.Limits.payload)")
    }
    try kind.check(node)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func uniqueness(_ object: JSONObject) throws(JSONError) -> NewJob.Uniqueness? {
    let scope = try object.optional("uniqueScope", as: WireScope.self)
    guard let key = try text(object, "uniqueKey", length: 1...NewJob.Limits.uniqueKey) else {
      if let node = object.find("uniqueScope") { throw node.invalid("says nothing without a uniqueKey; add one") }
      return nil
    }
    return NewJob.Uniqueness(key: key, scope: scope == .waiting ? .waiting : .unfinished)
  }

  private static func moment(_ object: JSONObject, _ name: StaticString) throws(JSONError) -> Instant? {
    guard let text = try object.optional(name, length: 1...40), let node = object.find(name) else { return nil }
    let instant: Instant
    do throws(CivilTextError) {
      instant = try Instant(text)
    } catch {
      throw node.invalid("is no time: \(error); write it like 2026-06-01T08:00:00Z or with an offset")
    }
    guard instant >= earliest, instant < latest else { throw node.invalid("must lie in the years 2000 to 2099") }
    return instant
  }

  /// A text that PostgreSQL can store: it has no NUL.
  private static func text(
    _ object: JSONObject, _ name: StaticString, length: ClosedRange<Int>
  ) throws(JSONError) -> String? {
    guard let text = try object.optional(name, length: length) else { return nil }
    if text.utf8.contains(0), let node = object.find(name) { throw node.invalid("must not have a NUL character in it") }
    return text
  }
}

/// For how long a unique key holds, as it travels.
private enum WireScope: String, JSONReadable, CaseIterable {
  case waiting, unfinished
}
