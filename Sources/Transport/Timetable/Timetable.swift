package import Kernel

/// All that runs, on all days, ready to be cut into days: the sections of a timetable file under their names.
///
/// Stops and trips have the numbers that they have in the graph it was compiled from. A pattern is a sequence of calls
/// with one set of rules (boarding, alighting, mode, zone, wheelchairs, bicycles); a run is one departure of a trip,
/// several of a trip that is repeated at a headway.
package final class Timetable: Sendable {
  static let fileName = "timetable.bin"

  private let file: TimetableFile
  let zones: [ZoneRules]
  let firstDay: LocalDate
  let dayCount: Int
  /// The zone whose midnight is the zero of slices: that of most patterns.
  let mainZone: Int
  /// No run arrives later after the start of its service day.
  let lastSecond: Int
  let wordsPerService: Int
  let cellCount: Int

  // Pointers into the mapping, which lives as long as this object.
  nonisolated(unsafe) let stopLatitudes, stopLongitudes, stopStations, stopChanges: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let stopWheelchairs: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let positionStarts, positionStops: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let positionRules, patternModes, patternZones, patternAccess: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let runStarts, runTimes, runShifts, runServices, runTrips: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let runHeadways: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let arrivals, departures: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let serviceDays: UnsafeBufferPointer<UInt64>
  nonisolated(unsafe) let blockStarts, blockRuns, seatedForbidden, seatedAllowed: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let footpathStarts, footpathStops, footpathSeconds: UnsafeBufferPointer<Int32>
  nonisolated(unsafe) let boundCells, boundSeconds: UnsafeBufferPointer<UInt16>
  nonisolated(unsafe) let boundRides: UnsafeBufferPointer<UInt8>

  /// Opens a timetable file.
  ///
  /// - Throws: `TimetableError`; for a missing or older one it can be compiled anew.
  package init(_ path: String) throws(TimetableError) {
    let file = try TimetableFile(path)
    self.file = file
    let facts = file.section(.facts, of: Int32.self)
    guard facts.count == 6 else { throw .damaged(path: path) }
    firstDay = LocalDate(daysSinceEpoch: facts[0])
    dayCount = Int(facts[1])
    wordsPerService = Int(facts[2])
    mainZone = Int(facts[3])
    lastSecond = Int(facts[4])
    cellCount = Int(facts[5])
    zones = try Timetable.zones(String(decoding: file.section(.zoneNames, of: UInt8.self), as: UTF8.self))
    func words(_ section: TimetableSection) -> UnsafeBufferPointer<Int32> { file.section(section, of: Int32.self) }
    func bytes(_ section: TimetableSection) -> UnsafeBufferPointer<UInt8> { file.section(section, of: UInt8.self) }
    (stopLatitudes, stopLongitudes) = (words(.stopLatitudes), words(.stopLongitudes))
    (stopStations, stopChanges, stopWheelchairs) = (words(.stopStations), words(.stopChanges), bytes(.stopWheelchairs))
    (positionStarts, positionStops, positionRules) =
      (words(.positionStarts), words(.positionStops), bytes(.positionRules))
    (patternModes, patternZones, patternAccess) = (bytes(.patternModes), bytes(.patternZones), bytes(.patternAccess))
    (runStarts, runTimes, runShifts) = (words(.runStarts), words(.runTimes), words(.runShifts))
    (runServices, runTrips, runHeadways) = (words(.runServices), words(.runTrips), bytes(.runHeadways))
    (arrivals, departures) = (words(.arrivals), words(.departures))
    serviceDays = file.section(.serviceDays, of: UInt64.self)
    (blockStarts, blockRuns) = (words(.blockStarts), words(.blockRuns))
    (seatedForbidden, seatedAllowed) = (words(.seatedForbidden), words(.seatedAllowed))
    (footpathStarts, footpathStops, footpathSeconds) =
      (words(.footpathStarts), words(.footpathStops), words(.footpathSeconds))
    boundCells = file.section(.boundCells, of: UInt16.self)
    boundSeconds = file.section(.boundSeconds, of: UInt16.self)
    boundRides = file.section(.boundRides, of: UInt8.self)
  }

  package var stopCount: Int { stopLatitudes.count }
  var patternCount: Int { patternModes.count }
  var runCount: Int { runTimes.count }

  /// The first and the last day on which anything runs.
  package var days: ClosedRange<LocalDate> { firstDay...firstDay.adding(days: max(0, dayCount - 1)) }

  /// The zone whose midnight is the zero of slices.
  package var mainZoneRules: ZoneRules { zones[mainZone] }

  /// Whether a service runs on a day.
  func runs(service: Int, on date: LocalDate) -> Bool {
    let day = firstDay.days(until: date)
    guard day >= 0, day < dayCount else { return false }
    return serviceDays[service * wordsPerService + day >> 6] >> UInt64(day & 63) & 1 == 1
  }

  private static func zones(_ names: String) throws(TimetableError) -> [ZoneRules] {
    var zones: [ZoneRules] = []
    for name in names.split(separator: "\n") {
      do throws(ZoneError) {
        zones.append(try ZoneFiles.system.rules(named: name))
      } catch {
        throw .zone(name: String(name), reason: error.description)
      }
    }
    return zones
  }
}

extension Timetable {
  /// A number that two dates share when the same runs on them and on the days around them, by the clock.
  ///
  /// Who plans over many dates looks once for each such number.
  package func signature(of date: LocalDate) -> UInt64 {
    // Fowler, Noll and Vo's hash of which services run.
    var hash: UInt64 = 14_695_981_039_346_656_037
    for offset in -1...1 {
      let day = date.adding(days: offset)
      for service in 0..<(wordsPerService > 0 ? serviceDays.count / wordsPerService : 0) {
        hash = (hash ^ (runs(service: service, on: day) ? UInt64(service) &* 2 + 1 : 0)) &* 1_099_511_628_211
      }
    }
    let noon = mainZoneRules.serviceDayStart(of: date).adding(seconds: 43_200)
    return (hash ^ UInt64(bitPattern: Int64(mainZoneRules.offset(at: noon)))) &* 1_099_511_628_211
  }
}
