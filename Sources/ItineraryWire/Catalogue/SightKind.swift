/// What a key of OpenStreetMap makes of a place.
struct SightKind: Sendable {
  let key: String
  let value: String
  let category: String
  let minutes: Int
  let tags: [String]

  private init(_ key: String, _ value: String, _ category: String, _ minutes: Int, _ tags: String...) {
    self.key = key
    self.value = value
    self.category = category
    self.minutes = minutes
    self.tags = tags
  }

  /// What tags make of a place with a name; nil for what is nothing to see.
  init?(_ tags: [String: String]) {
    guard tags["name"] != nil, let kind = Self.all.first(where: { tags[$0.key] == $0.value }) else { return nil }
    self = kind
  }

  /// The first that fits counts; docs/trips.md has the same table.
  private static let all: [SightKind] = [
    SightKind("tourism", "museum", "museum", 90, "art", "history"),
    SightKind("tourism", "gallery", "museum", 60, "art"),
    SightKind("tourism", "zoo", "zoo", 150, "nature", "family"),
    SightKind("tourism", "aquarium", "aquarium", 90, "nature", "family"),
    SightKind("tourism", "theme_park", "park", 240, "family"),
    SightKind("tourism", "viewpoint", "viewpoint", 20, "view"),
    SightKind("historic", "castle", "castle", 90, "history", "architecture"),
    SightKind("historic", "monument", "monument", 15, "history"),
    SightKind("historic", "memorial", "monument", 10, "history"),
    SightKind("historic", "archaeological_site", "monument", 45, "history"),
    SightKind("historic", "ruins", "monument", 30, "history"),
    SightKind("amenity", "place_of_worship", "church", 30, "history", "architecture"),
    SightKind("amenity", "theatre", "theatre", 120, "art", "night"),
    SightKind("amenity", "arts_centre", "museum", 60, "art"),
    SightKind("amenity", "marketplace", "market", 45, "food", "shopping"),
    SightKind("leisure", "park", "park", 45, "nature"),
    SightKind("leisure", "garden", "park", 45, "nature"),
    SightKind("tourism", "artwork", "monument", 10, "art"),
    SightKind("tourism", "attraction", "monument", 30, "history"),
  ]
}
