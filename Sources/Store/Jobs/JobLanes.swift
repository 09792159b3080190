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

/// Which lane a job stands in, looked up once and remembered: lanes are never changed or removed.
final class LaneDirectory: Sendable {
  private struct Known {
    var idByKey: [LaneKey: Entry] = [:]
    var laneByID: [Int32: JobLane] = [:]
  }

  struct Entry: Sendable {
    let lane: Int32
    let limit: Int32?
  }

  /// Forgetting all is cheap, because a lane is one indexed read away.
  private static let limit = 100_000
  private let known = Mutex(Known())

  func entry(_ key: LaneKey) -> Entry? { known.withLock { $0.idByKey[key] } }
  func lane(_ id: Int32) -> JobLane? { known.withLock { $0.laneByID[id] } }

  func remember(_ key: LaneKey, _ entry: Entry) {
    known.withLock { known in
      if known.idByKey.count >= LaneDirectory.limit { known.idByKey = [:] }
      known.idByKey[key] = entry
    }
  }

  func remember(_ lanes: [JobLane]) {
    known.withLock { known in
      if known.laneByID.count >= LaneDirectory.limit { known.laneByID = [:] }
      for lane in lanes { known.laneByID[lane.id] = lane }
    }
  }
}

extension SQL {
  /// Gives the lane of a key, and makes it if nobody has; refused when its limit does not exist.
  static func findOrMakeLane(_ key: LaneKey) -> SQL {
    """
    with wanted as (
      select \(key.queue)::text queue, \(key.priority)::int2 priority, \(key.kind)::text kind, \(key.tenant)::text tenant,
        (select id from job_limit where key = \(key.limitKey)) limit_id
      where \(key.limitKey)::text is null or exists (select from job_limit where key = \(key.limitKey))
    ), made as (
      insert into job_lane (queue, priority, kind, tenant, limit_id)
      select queue, priority, kind, tenant, limit_id from wanted
      on conflict do nothing returning id, limit_id
    )
    select id, limit_id from made
    union all
    select lane.id, lane.limit_id from job_lane lane join wanted using (queue, priority, kind, tenant)
    where lane.limit_id is not distinct from wanted.limit_id
    """
  }
}
