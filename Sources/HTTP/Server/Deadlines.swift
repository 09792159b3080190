/// The moments at which a connection loses its patience, in nanoseconds of the monotonic clock.
///
/// Several may run at once (a body arrives while an answer leaves); a connection keeps one timer for the earliest.
struct Deadlines {
  static let never = UInt64.max

  /// Between requests.
  var idle = never
  /// For a head whose first byte has come.
  var head = never
  /// For the body that the handler waits for.
  var body = never
  /// For the peer to take what is written.
  var write = never
  /// For the handler.
  var handler = never
  /// For the peer to notice that the connection ends.
  var linger = never

  var earliest: UInt64 { min(idle, head, body, write, handler, linger) }

  enum Kind: CaseIterable {
    case idle, head, body, write, handler, linger
  }

  /// Takes out one deadline that has passed, or nil where none has.
  mutating func takeExpired(at now: UInt64) -> Kind? {
    for (kind, place) in Deadlines.places where self[keyPath: place] <= now {
      self[keyPath: place] = Deadlines.never
      return kind
    }
    return nil
  }

  private static let places: [(Kind, any WritableKeyPath<Deadlines, UInt64> & Sendable)] = [
    (.write, \.write), (.body, \.body), (.head, \.head), (.handler, \.handler), (.linger, \.linger), (.idle, \.idle),
  ]

  /// When a transfer must be over: a fixed time plus what the slowest tolerated peer would take for the bytes so far.
  static func transfer(
    started: UInt64, bytes: Int, allowance: Duration, slowestBytesPerSecond: Int
  ) -> UInt64 {
    started &+ allowance.nanoseconds &+ UInt64(bytes) &* 1_000_000_000 / UInt64(max(1, slowestBytesPerSecond))
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
