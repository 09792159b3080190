import Kernel

/// Tells of stops what travellers see of them.
struct LegEnds {
  private let timetable: Timetable
  private let names: TransitNames

  init(_ timetable: Timetable, _ names: TransitNames) {
    (self.timetable, self.names) = (timetable, names)
  }

  func end(_ stop: Int32) throws(GraphError) -> LegEnd {
    let found = try names.stop(stop)
    return LegEnd(
      stop: found.id, name: found.name, platform: found.platform,
      point: timetable.place(of: Int(stop)), zone: zone(found, stop), code: found.code)
  }

  /// The zone of a stop: its own, or that of what stops there.
  func zone(of stop: Int32) throws(GraphError) -> ZoneRules { try end(stop).zone }

  private func zone(_ found: TransitNames.Stop, _ stop: Int32) -> ZoneRules {
    // A zone that this machine does not know is as good as none.
    if let name = found.zone, let rules = try? ZoneFiles.system.rules(named: name) { return rules }
    if timetable.zones.count == 1 { return timetable.mainZoneRules }
    for pattern in 0..<timetable.patternCount {
      for position in timetable.positionStarts[pattern]..<timetable.positionStarts[pattern + 1]
      where timetable.positionStops[Int(position)] == stop {
        return timetable.zones[Int(timetable.patternZones[pattern])]
      }
    }
    return timetable.mainZoneRules
  }
}
