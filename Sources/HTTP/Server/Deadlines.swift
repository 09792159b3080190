/// The moments at which a connection loses its patience, in nanoseconds of the monotonic clock.
///
/// Several may run at once (a body arrives while an answer leaves); a connection keeps one timer for the earliest.
struct Deadlines {
  static let never = UInt64.max

  /// What is waited for; of several that have passed, the first here counts.
  enum Kind: Int, CaseIterable {
    /// For the peer to take what is written.
    case write
    /// For the body that the handler waits for.
    case body
    /// For a head whose first byte has come.
    case head
    /// For the handler.
    case handler
    /// For the peer to notice that the connection ends.
    case linger
    /// Between requests.
    case idle
  }

  private var times = InlineArray<6, UInt64>(repeating: never)

  /// When a wait ends, or `never`.
  subscript(kind: Kind) -> UInt64 {
    get { times[kind.rawValue] }
    set { times[kind.rawValue] = newValue }
  }

  var earliest: UInt64 {
    var earliest = Deadlines.never
    for index in times.indices { earliest = min(earliest, times[index]) }
    return earliest
  }

  /// Takes out one deadline that has passed, or nil where none has.
  mutating func takeExpired(at now: UInt64) -> Kind? {
    for kind in Kind.allCases where self[kind] <= now {
      self[kind] = Deadlines.never
      return kind
    }
    return nil
  }

  /// When a transfer must be over: a fixed time plus what the slowest tolerated peer would take for the bytes so far.
  static func transfer(started: UInt64, bytes: Int, allowance: UInt64, slowestBytesPerSecond: Int) -> UInt64 {
    started &+ allowance &+ UInt64(bytes / max(1, slowestBytesPerSecond)) &* 1_000_000_000
  }
}

/// A server's waits in nanoseconds: converted once, because a `Duration` counts attoseconds in 128 bits.
struct Patience: Sendable {
  let idle: UInt64
  let head: UInt64
  let body: UInt64
  let write: UInt64
  let handler: UInt64
  let linger: UInt64

  init(_ timeouts: ServerSettings.Timeouts) {
    idle = timeouts.idle.nanoseconds
    head = timeouts.head.nanoseconds
    body = timeouts.body.nanoseconds
    write = timeouts.write.nanoseconds
    handler = timeouts.handler.nanoseconds
    linger = timeouts.linger.nanoseconds
  }
}

extension Duration {
  /// The duration in whole nanoseconds; a negative one is none.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }
}
