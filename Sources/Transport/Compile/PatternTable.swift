/// Trips that call at the same stops under the same rules, grouped.
struct PatternTable {
  private struct Key: Hashable {
    let stops: ArraySlice<Int32>
    let rules: ArraySlice<UInt8>
    let facts: UInt32
    let fareRoute: Int32

    // Most patterns differ early: hashing every stop would cost more than the rare comparison of all.
    func hash(into hasher: inout Hasher) {
      hasher.combine(facts)
      hasher.combine(fareRoute)
      hasher.combine(stops.count)
      for stop in stops.prefix(6) { hasher.combine(stop) }
      hasher.combine(stops.last)
      hasher.combine(stops[stops.startIndex + stops.count / 2])
    }
  }

  private(set) var positionStarts: [Int32] = [0]
  private(set) var positionStops: [Int32] = []
  private(set) var positionRules: [UInt8] = []
  private(set) var modes: [UInt8] = []
  private(set) var zones: [UInt8] = []
  private(set) var access: [UInt8] = []
  private(set) var fareRoutes: [Int32] = []
  /// The pattern of each trip, -1 for one that never runs.
  private(set) var ofTrip: [Int32] = []

  init(_ source: CompiledSource) {
    var known: [Key: Int32] = [:]
    ofTrip = [Int32](repeating: -1, count: source.trips.count)
    for (index, trip) in source.trips.enumerated() {
      let calls = source.calls(of: index)
      guard calls.count >= 2, source.days.isEverRunning[Int(trip.service)] else { continue }
      let facts = UInt32(trip.mode) | UInt32(trip.zone) << 8 | UInt32(trip.access) << 16
      let key = Key(
        stops: source.callStops[calls], rules: source.callRules[calls], facts: facts, fareRoute: trip.fareRoute)
      if let pattern = known[key] {
        ofTrip[index] = pattern
        continue
      }
      known[key] = Int32(modes.count)
      ofTrip[index] = Int32(modes.count)
      positionStops += key.stops
      positionRules += key.rules
      positionStarts.append(Int32(positionStops.count))
      modes.append(trip.mode)
      zones.append(trip.zone)
      access.append(trip.access)
      fareRoutes.append(trip.fareRoute)
    }
  }

  var count: Int { modes.count }

  func positions(of pattern: Int) -> Range<Int> { Int(positionStarts[pattern])..<Int(positionStarts[pattern + 1]) }

  func put(in writer: inout TimetableWriter) {
    writer.put(positionStarts, as: .positionStarts)
    writer.put(positionStops, as: .positionStops)
    writer.put(positionRules, as: .positionRules)
    writer.put(modes, as: .patternModes)
    writer.put(zones, as: .patternZones)
    writer.put(access, as: .patternAccess)
    writer.put(fareRoutes, as: .patternFareRoutes)
  }
}
