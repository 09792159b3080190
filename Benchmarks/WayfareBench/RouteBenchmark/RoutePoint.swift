import Transport

/// A point of a front, in seconds after the start of the query's day; what was not weighed is nil.
struct RoutePoint: Hashable {
  /// Where it differs from the query's.
  var departure: Int32?
  let arrival: Int32
  let transfers: Int
  var priceMinor: Int64?
  var walk: Int32?
  var co2: Int32?

  static let columns = "query,departure,arrival,transfers,price_minor,walk_seconds,co2_grams"

  static func isBefore(_ one: RoutePoint, _ other: RoutePoint) -> Bool {
    (one.transfers, one.arrival, one.priceMinor ?? 0, one.walk ?? 0, one.co2 ?? 0)
      < (other.transfers, other.arrival, other.priceMinor ?? 0, other.walk ?? 0, other.co2 ?? 0)
  }

  /// The columns that are compared for some criteria.
  static func compared(_ criteria: RouteCriteria) -> [String] {
    var columns: [String] = []
    if criteria.contains(.arrival) { columns.append("arrival") }
    if criteria.contains(.transfers) { columns.append("transfers") }
    if criteria.contains(.price) { columns.append("price_minor") }
    if criteria.contains(.walk) { columns.append("walk_seconds") }
    if criteria.contains(.co2) { columns.append("co2_grams") }
    return columns
  }

  func text(of columns: [String]) -> String { columns.map(value).joined(separator: ",") }

  func line(_ query: Int, departure: Int32, _ criteria: RouteCriteria) -> String {
    let compared = Self.compared(criteria)
    let all = Self.columns.split(separator: ",").dropFirst(2).map(String.init)
    return "\(query),\(self.departure ?? departure),"
      + all.map { compared.contains($0) ? value($0) : "" }.joined(separator: ",")
  }

  private func value(_ column: String) -> String {
    switch column {
    case "arrival": "\(arrival)"
    case "transfers": "\(transfers)"
    case "price_minor": priceMinor.map { "\($0)" } ?? ""
    case "walk_seconds": walk.map { "\($0)" } ?? ""
    default: co2.map { "\($0)" } ?? ""
    }
  }
}
