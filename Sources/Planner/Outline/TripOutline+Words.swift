import Kernel

extension TripOutline {
  /// Why an attraction is not in a plan, in one sentence with what would bring it in.
  public func sentence(_ omission: Omission) -> String {
    let attraction = attractions[omission.activity.position]
    if attraction.wish == .excluded { return "you left it out; take that back to have it" }
    let refusals = dates.indices.map { refusal(of: attraction, on: $0) }
    if !refusals.contains(nil) {
      return refusals.contains(.bookedTooLate)
        ? "it has to be booked \(attraction.bookingLeadDays) days before; come later"
        : "it is closed on these dates; move the trip"
    }
    return omission.description
  }

  /// Why a visit is worth more or less on its day, by the names of the seasons.
  public func seasons(of visit: Plan.Visit, on day: Int) -> [String] {
    attractions[visit.activity.position].seasons
      .filter { $0.months.contains(dates[day].civil.month) && $0.scorePercent != 100 }
      .map(\.name)
  }
}
