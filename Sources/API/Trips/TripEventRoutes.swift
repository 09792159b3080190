import EventLoop
import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/events`: the log as it grows, and who looks where.
///
/// An event's id is its place in the log. Who comes back with `Last-Event-ID` hears everything since; who is new, or too
/// far behind, gets a `snapshot` first.
struct TripEventRoutes: Sendable {
  let gate: TripGate
  let watch: TripWatch?

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .get, "/events", .read, group,
      RouteDescription(
        "The log as it grows, and who looks where", "Trips", fields: ["Last-Event-ID"],
        answers: [.bytes("text/event-stream")])
    ) { try events($0) }
  }

  private func events(_ visit: TripVisit) throws -> Response {
    var last: Int64?
    if let text = visit.request.header("Last-Event-ID") {
      guard let seq = Int64(parameter: text), seq >= 0 else {
        throw Problem.parameter("Last-Event-ID", "The field Last-Event-ID must be the id of an event of this trip.")
      }
      last = seq
    }
    guard let loop = EventLoop.current, let watch else {
      throw Problem(
        .serviceUnavailable, detail: "Trips cannot be watched here right now; look with GET /v1/trips/{id} instead.",
        fields: ["Retry-After": "5"])
    }
    let resumed = last
    return .events(on: loop) { writer in
      // Before it is asked where the log ends, so that nothing falls between.
      guard let watching = watch.open(visit.id) else { return }
      defer { watch.close(watching) }
      var stream = TripStream(visit: visit, writer: writer)
      guard try await stream.begin(from: resumed, { watch.settle(visit.id, at: $0) }) else { return }
      for await news in watching.news { guard try await stream.tell(news) else { return } }
    }
  }
}

/// One who is being told of a trip.
private struct TripStream {
  /// After these, somebody may no longer be allowed to watch.
  private static let turning: Set<String> = [
    "member.removed", "member.left", "member.role", "link.revoked", "trip.shared", "trip.trashed",
  ]

  let visit: TripVisit
  let writer: EventStreamWriter
  private var told: Int64 = 0
  private var standing = TripStanding.none

  init(visit: TripVisit, writer: EventStreamWriter) {
    self.visit = visit
    self.writer = writer
  }

  private var follows: Bool { Permissions.allows(.follow, standing) }

  /// Brings the client up to date; false when the stream is over.
  mutating func begin(from last: Int64?, _ settle: (Int64) -> Void) async throws -> Bool {
    guard let access = try await check() else { return false }
    settle(access.seq)
    guard let last, last <= access.seq, last >= access.logStart, access.seq - last <= Int64(TripLimits.resumeMax) else {
      return try await snapshot()
    }
    told = last
    let entries = try await visit.store.log(of: visit.id, after: last, limit: TripLimits.resumeMax)
    return try await tell(entries.filter { $0.seq <= access.seq })
  }

  /// Tells news; false when the stream is over.
  mutating func tell(_ news: TripNews) async throws -> Bool {
    switch news {
    case .entries(let entries): return try await tell(entries)
    case .presence(let people):
      if follows { try await writer.send(event("presence", TripEditing.text(PresenceJSON(people: people)), id: nil)) }
      return true
    case .recheck:
      guard await visit.isStillKnown() else {
        try await writer.send(event("end", #"{"reason":"Say anew who you are."}"#, id: nil))
        return false
      }
      return try await check() != nil
    }
  }

  private mutating func tell(_ entries: [TripLogEntry]) async throws -> Bool {
    for entry in entries where entry.seq > told {
      // What is missing was cleared away.
      guard entry.seq == told + 1 else { return try await snapshot() }
      if Self.turning.contains(entry.kind), try await check() == nil { return false }
      told = entry.seq
      if follows {
        try await writer.send(event("entry", TripEditing.text(try LogEntryJSON(entry)), id: entry.seq))
      } else if entry.kind == "edit" {
        try await writer.send(event("changed", #"{"seq":\#(entry.seq)}"#, id: entry.seq))
      }
    }
    return true
  }

  private mutating func snapshot() async throws -> Bool {
    // Why they may not is told by the check that follows.
    guard let found = try await visit.store.find(visit.id, visit.visitor),
      (try? TripGate.check(.read, found.access, visit.caller)) != nil
    else { return try await check() != nil }
    let response = try TripAnswers.trip(found.access, found.document)
    guard case .bytes(let bytes) = response.body else { return false }
    told = found.access.seq
    try await writer.send(event("snapshot", String(decoding: bytes, as: UTF8.self), id: told))
    return true
  }

  /// How the visitor stands to the trip by now; nil, and the end of the stream, when they may no longer watch.
  private mutating func check() async throws -> TripAccess? {
    let access = try await visit.store.access(visit.id, visit.visitor)
    do {
      let known = try TripGate.check(.read, access, visit.caller)
      standing = known.standing
      return known
    } catch {
      try await writer.send(event("end", #"{"reason":"You no longer take part in this trip."}"#, id: nil))
      return nil
    }
  }

  private func event(_ name: String, _ data: String, id: Int64?) -> ServerSentEvent {
    ServerSentEvent(id: id.map { "\($0)" }, name: name, data: data)
  }
}
