public import Kernel

/// How long a seller's answer is good for: the nearer the departure, the faster prices and places move.
public struct OfferLifetime: Hashable, Sendable {
  /// So many seconds it is given out as it is.
  public let freshSeconds: Int64
  /// So many seconds it is given out while it is asked for anew.
  public let staleSeconds: Int64
  /// So many seconds it is given out, with its age, where no seller answers.
  public let spareSeconds: Int64

  /// The lifetime of an answer about a day, as seen from now.
  public init(of date: LocalDate, at now: Instant) {
    let days = Int64(date.daysSinceEpoch) - now.secondsSinceEpoch / 86_400
    freshSeconds =
      switch days {
      case ..<2: 60
      case ..<4: 120
      case ..<8: 300
      case ..<30: 600
      default: 900
      }
    staleSeconds = freshSeconds * 4
    spareSeconds = days < 2 ? 3600 : 86_400
  }

  /// What an answer of some age may be used for.
  public func use(ageSeconds: Int64) -> Use {
    if ageSeconds < freshSeconds { return .fresh }
    if ageSeconds < staleSeconds { return .stale }
    return ageSeconds < spareSeconds ? .spare : .none
  }

  /// What an answer may be used for.
  public enum Use: Hashable, Sendable {
    /// It is given out.
    case fresh
    /// It is given out, and asked for anew.
    case stale
    /// It is given out only where there is no newer one.
    case spare
    /// It is forgotten.
    case none
  }
}
