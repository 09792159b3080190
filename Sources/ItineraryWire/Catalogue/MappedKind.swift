import Catalogue

/// What OpenStreetMap's keys make of a place with a name.
enum MappedKind: Sendable {
  case sight(SightKind)
  case waypoint(CataloguePlace.Waypoint)

  /// What tags make of a place; nil for what the catalogue does not keep.
  init?(_ tags: [String: String]) {
    if let kind = SightKind(tags) {
      self = .sight(kind)
    } else if let waypoint = Self.waypoint(tags) {
      self = .waypoint(waypoint)
    } else {
      return nil
    }
  }

  /// docs/trips.md has the same table.
  private static func waypoint(_ tags: [String: String]) -> CataloguePlace.Waypoint? {
    guard tags["name"] != nil else { return nil }
    // Travellers fly from where airlines do, not from every airfield.
    if tags["aeroway"] == "aerodrome", tags["iata"] != nil { return .airport }
    if tags["railway"] == "station" || ["bus_station", "ferry_terminal"].contains(tags["amenity"]) { return .station }
    if ["suburb", "borough", "quarter", "neighbourhood"].contains(tags["place"]) { return .neighbourhood }
    return nil
  }
}
