import Kernel

/// An airport and its clock.
struct Airport {
  let code: String
  let zoneName: String
  let zone: ZoneRules

  /// The airport of a code; one that is not known here keeps UTC, and says so.
  init(_ code: String) { self = Airport.known[code] ?? Airport(code, in: "Etc/UTC") }

  private init(_ code: String, in name: String) {
    self.code = code
    // A machine without that zone's file keeps UTC there too.
    let rules = try? ZoneFiles.system.rules(named: name)
    zoneName = rules == nil ? "Etc/UTC" : name
    zone = rules ?? .utc
  }

  private static let known = Dictionary(uniqueKeysWithValues: zones.map { ($0.key, Airport($0.key, in: $0.value)) })

  private static let zones: [String: String] = [
    "AMS": "Europe/Amsterdam", "ATH": "Europe/Athens", "BCN": "Europe/Madrid", "BER": "Europe/Berlin",
    "BKK": "Asia/Bangkok", "CDG": "Europe/Paris", "CPH": "Europe/Copenhagen", "DUB": "Europe/Dublin",
    "FCO": "Europe/Rome", "FRA": "Europe/Berlin", "HEL": "Europe/Helsinki", "HND": "Asia/Tokyo",
    "IST": "Europe/Istanbul", "JFK": "America/New_York", "LAX": "America/Los_Angeles", "LHR": "Europe/London",
    "LIS": "Europe/Lisbon", "MAD": "Europe/Madrid", "MUC": "Europe/Berlin", "NRT": "Asia/Tokyo",
    "OSL": "Europe/Oslo", "PRG": "Europe/Prague", "SIN": "Asia/Singapore", "SYD": "Australia/Sydney",
    "VIE": "Europe/Vienna", "WAW": "Europe/Warsaw", "YYZ": "America/Toronto", "ZRH": "Europe/Zurich",
  ]
}
