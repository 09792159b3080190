import Glibc
import Kernel

/// The time of day and a clock that never jumps, both in nanoseconds; tests bring their own.
public struct TelemetryClock: Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public let wallNanoseconds: @Sendable () -> UInt64
  /// Nanoseconds since some moment, never set back.
  public let steadyNanoseconds: @Sendable () -> UInt64

  /// A clock made of two readings.
  public init(
    wallNanoseconds: @escaping @Sendable () -> UInt64, steadyNanoseconds: @escaping @Sendable () -> UInt64
  ) {
    self.wallNanoseconds = wallNanoseconds
    self.steadyNanoseconds = steadyNanoseconds
  }

  /// The system's clocks.
  public static let system = TelemetryClock(
    wallNanoseconds: { reading(CLOCK_REALTIME) }, steadyNanoseconds: { reading(CLOCK_MONOTONIC) })

  private static func reading(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// RFC 3339 in UTC with milliseconds.
func timestamp(wallNanoseconds: UInt64) -> String {
  let (seconds, nanoseconds) = wallNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
  let thousandths = String(nanoseconds / 1_000_000 + 1000).dropFirst()
  return "\(Instant(secondsSinceEpoch: Int64(seconds)).description.dropLast()).\(thousandths)Z"
}
