/// The parts of a timetable file, in the order in which they lie there; each is an array of one type of number.
///
/// Arrays called `…Starts` say where the things of each owner begin in another array and have one more element at the
/// end: those of owner `i` are `starts[i]..<starts[i + 1]`.
enum TimetableSection: Int, CaseIterable {
  /// Int32: first day (days since 1970), number of days, words of `serviceDays` per service, the zone of most stops,
  /// seconds of the longest run's last arrival, number of cells of the bounds.
  case facts
  /// UInt8: the names of time zones, each ended by a line feed.
  case zoneNames
  /// Int32 by stop: ten-millionths of a degree.
  case stopLatitudes, stopLongitudes
  /// Int32 by stop: the station, or -1.
  case stopStations
  /// Int32 by stop: seconds that changing vehicles takes there, -1 where it is forbidden.
  case stopChanges
  /// UInt8 by stop: whether wheelchairs can board there, as GTFS counts.
  case stopWheelchairs
  /// Int32 by pattern: where its positions begin.
  case positionStarts
  /// Int32 by position: the stop.
  case positionStops
  /// UInt8 by position: 1 riders may board, 2 may alight.
  case positionRules
  /// UInt8 by pattern: the mode, the zone, and `wheelchair + 3 × bikes`, as GTFS counts these.
  case patternModes, patternZones, patternAccess
  /// Int32 by pattern: the route whose fares hold for it, -1 if its feed has none.
  case patternFareRoutes
  /// Int32 by pattern: where its runs begin; they are in the order of their first departures.
  case runStarts
  /// Int32 by run: where its times begin, what is to be added to them, its service and its trip in the graph.
  case runTimes, runShifts, runServices, runTrips
  /// UInt8 by run: 1 stands for a headway, so that its times are approximate.
  case runHeadways
  /// Int32: seconds from the start of the service day, trip after trip.
  case arrivals, departures
  /// UInt64 by service and word: a bit for each day.
  case serviceDays
  /// Int32 by block: where its runs begin.
  case blockStarts
  /// Int32: the runs of the blocks, in the order of their first departures.
  case blockRuns
  /// Int32: pairs of runs whose riders must not stay seated, and pairs whose riders may, both in order.
  case seatedForbidden, seatedAllowed
  /// Int32 by stop: where its footpaths begin; they are in the order of their durations.
  case footpathStarts
  /// Int32 by footpath: where to, and how many seconds.
  case footpathStops, footpathSeconds
  /// UInt16 by stop: its cell.
  case boundCells
  /// UInt16 by cell and stop: the fewest seconds from the stop to the cell on any day, 65,535 if there is no way.
  case boundSeconds
  /// UInt8 by cell and stop: the fewest rides on any day, 255 if there is no way.
  case boundRides
}
