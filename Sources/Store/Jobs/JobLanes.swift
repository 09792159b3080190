import EventLoop
import Postgres
import Synchronization

/// Jobs that are alike in all of this stand in one lane.
struct LaneKey: Hashable, Sendable {
  var queue: String
  var priority: Int16
  var kind: String
  var tenant: String
  var limitKey: String?
}

/// A lane: jobs of one queue, priority, kind, tenant and limit, in the order of their time.
public struct JobLane: Sendable, Hashable {
  /// Its number.
  public let id: Int32
  /// Where its jobs wait.
  public let queue: String
  /// 0 goes first.
  public let priority: Int
  /// What its jobs are.
  public let kind: String
  /// Whose they are.
  public let tenant: String
  /// The limit under which they run.
  public let limit: Int32?
}

/// Which lane a job stands in, looked up and remembered for a while.
///
/// A lane is removed when nobody has looked it up for days and no job is left of it, so that what is remembered for
/// minutes is always there.
final class LaneDirectory: Sendable {
  struct Entry: Sendable {
    let lane: Int32
    let limit: Int32?
  }

  /// Forgetting all is cheap, because a lane is one indexed read away.
  private static let countMost = 100_000
  private static let ageMost: UInt64 = 600_000_000_000
  private let known = Mutex<[LaneKey: (entry: Entry, at: UInt64)]>([:])

  func entry(_ key: LaneKey, now: UInt64 = EventLoop.nanoseconds) -> Entry? {
    known.withLock { $0[key] }.flatMap { now &- $0.at < LaneDirectory.ageMost ? $0.entry : nil }
  }

  func remember(_ key: LaneKey, _ entry: Entry, now: UInt64 = EventLoop.nanoseconds) {
    known.withLock { known in
      if known.count >= LaneDirectory.countMost { known = [:] }
      known[key] = (entry, now)
    }
  }
}

extension SQL {
  /// Gives the lane of a key, and makes it if nobody has; refused when its limit does not exist.
  ///
  /// That it is in use is written down, to within an hour.
  static func findOrMakeLane(_ key: LaneKey) -> SQL {
    """
    with wanted as (
      select \(key.queue)::text queue, \(key.priority)::int2 priority, \(key.kind)::text kind, \(key.tenant)::text tenant,
        (select id from job_limit where key = \(key.limitKey)) limit_id
      where \(key.limitKey)::text is null or exists (select from job_limit where key = \(key.limitKey))
    ), found as (
      select lane.id, lane.limit_id from job_lane lane join wanted using (queue, priority, kind, tenant)
      where lane.limit_id is not distinct from wanted.limit_id
    ), used as (
      update job_lane set used_at = now() from found
      where job_lane.id = found.id and used_at < now() - interval '1 hour'
    ), made as (
      insert into job_lane (queue, priority, kind, tenant, limit_id)
      select queue, priority, kind, tenant, limit_id from wanted where not exists (select from found)
      on conflict do nothing returning id, limit_id
    )
    select id, limit_id from made union all select id, limit_id from found
    """
  }
}
