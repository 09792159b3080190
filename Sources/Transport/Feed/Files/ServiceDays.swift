import Kernel

/// Which services have days, and the span of them all.
struct ServiceDays {
  /// Days outside of this are a slip of the pen, and would make a list of all days endless.
  static let reach: ClosedRange<LocalDate> = {
    LocalDate(daysSinceEpoch: 0)...LocalDate(daysSinceEpoch: 84_005)
  }()

  private(set) var first: LocalDate?
  private(set) var last: LocalDate?
  /// Services with a day on which they run, unless exceptions take it away.
  private(set) var withDays: Set<GraphKey<ServiceRow>> = []

  mutating func add(_ service: GraphKey<ServiceRow>, from start: LocalDate, through end: LocalDate) {
    withDays.insert(service)
    first = first.map { min($0, start) } ?? start
    last = last.map { max($0, end) } ?? end
  }
}
