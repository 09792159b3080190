public import Kernel

/// A job as somebody asks for it.
public struct NewJob: Sendable {
  /// For how long no second job with the same key is taken.
  public enum UniqueScope: String, Sendable, CaseIterable {
    /// Until the job starts: work that is asked for while it runs is done once more.
    case waiting
    /// Until the job is over.
    case unfinished
  }

  /// What makes a job the same as another of its kind and tenant.
  public struct Uniqueness: Sendable, Hashable {
    /// The caller's own word for it.
    public var key: String
    /// For how long it holds.
    public var scope: UniqueScope

    /// A key and how long it holds.
    public init(key: String, scope: UniqueScope = .unfinished) {
      self.key = key
      self.scope = scope
    }
  }

  /// What is to be done.
  public var kind: String
  /// What it is to be done with: JSON text, known to be well-formed.
  public var payload: String
  /// Where it waits.
  public var queue = "default"
  /// 0 goes first, 9 last.
  public var priority = 5
  /// Whose job it is; tenants take turns.
  public var tenant = ""
  /// Not before; at once when nil.
  public var runAt: Instant?
  /// Not after: it is given up when it has not started by then, and stopped while it runs.
  public var deadline: Instant?
  /// How often it is tried.
  public var attemptsMax = 10
  /// What makes it the same as another.
  public var uniqueness: Uniqueness?
  /// The key of the limit under which it runs.
  public var limitKey: String?
  /// The W3C trace context of whoever asked.
  public var trace: String?

  /// A job of a kind.
  public init(kind: String, payload: String = "{}") {
    self.kind = kind
    self.payload = payload
  }

  /// The longest names, and the largest payload in bytes, that are stored.
  public enum Limits {
    /// Bytes of a payload.
    public static let payload = 256 * 1024
    /// Characters of a kind.
    public static let kind = 100
    /// Characters of a queue's name.
    public static let queue = 60
    /// Characters of a tenant.
    public static let tenant = 100
    /// Characters of a unique key.
    public static let uniqueKey = 200
    /// Characters of a limit's key.
    public static let limitKey = 200
    /// Tries.
    public static let attempts = 1000
    /// Jobs in one batch.
    public static let batch = 10_000
  }

  /// The key as the index knows it: of its kind and tenant.
  var storedKey: String? { uniqueness.map { "\(kind.utf8.count):\(kind)\(tenant.utf8.count):\(tenant)\($0.key)" } }
  var lane: LaneKey {
    LaneKey(queue: queue, priority: Int16(clamping: priority), kind: kind, tenant: tenant, limitKey: limitKey)
  }
}

/// What became of a job that was asked for.
public enum Submission: Sendable, Hashable {
  /// It is stored.
  case stored(JobID)
  /// One with the same unique key was there already.
  case duplicate(of: JobID)

  /// The job that will do the work.
  public var id: JobID {
    switch self {
    case .stored(let id), .duplicate(let id): id
    }
  }
}

/// Why a job or a change to one was refused; nothing was stored.
public enum JobRefusal: Error, Sendable, Hashable {
  /// The job names a limit that nobody has made.
  case unknownLimit(key: String)
  /// A queue's name, or what else is called by name, is not lower-case letters, digits, `_`, `-` and `.`.
  case badName(String)
  /// More jobs in one batch than are taken.
  case tooMany(count: Int, limit: Int)
}

extension JobRefusal: CustomStringConvertible {
  /// One sentence with the mend.
  public var description: String {
    switch self {
    case .unknownLimit(let key):
      "there is no limit \"\(key)\"; make it first with: wayfare jobs limit \(key) --at-once N"
    case .badName(let name):
      "\"\(name)\" is not a name; write 1 to 60 of a-z, 0-9, _, - and ., beginning with a letter"
    case .tooMany(let count, let limit): "\(count) jobs in one batch; send at most \(limit) at a time"
    }
  }
}
