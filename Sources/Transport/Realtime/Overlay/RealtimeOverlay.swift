package import Kernel

/// A message of GTFS-Realtime and the feed that it speaks of.
package struct RealtimeSource: Sendable {
  let feed: RealtimeFeed
  /// Nil: whichever feed has what it names.
  let feedName: String?

  package init(_ feed: RealtimeFeed, feedName: String? = nil) {
    (self.feed, self.feedName) = (feed, feedName)
  }
}

/// What differs from the timetable just now, to be laid over the days that are cut out of it.
///
/// The timetable stays as it is: a slice that is cut with an overlay leaves out the runs that are cancelled or changed
/// and takes the trips as they run in fact. Those take part like all others when trips are grouped so that none
/// overtakes another, so that a search notices no difference.
package final class RealtimeOverlay: Sendable {
  /// Why a run of the timetable does not run.
  enum Absence: String, Sendable {
    case cancelled, replaced
  }

  /// When the newest of the messages was made.
  package let timestamp: Instant?
  package let report: RealtimeReport
  let trips: [LiveTrip]
  /// By pattern: trips that call where it calls.
  let plain: [Int32: [Int32]]
  /// Trips that call elsewhere, those together that call alike.
  let shaped: [[Int32]]
  let absent: [RunDay: Absence]
  let alerts: AlertTable
  let vehicles: [RunDay: VehiclePosition]
  private let liveOfRun: [RunDay: Int32]
  private let isTouched: [Bool]

  /// Matches messages to what runs.
  ///
  /// - Throws: `RealtimeError` for a feed that is not there, or a graph that cannot be read.
  package convenience init(_ sources: [RealtimeSource], _ transit: Transit) throws(RealtimeError) {
    var builder: OverlayBuilder
    do throws(GraphError) {
      builder = OverlayBuilder(transit.timetable, try GraphTrips(transit.graphPath))
    } catch {
      throw .graph(error)
    }
    let known = builder.graph.feeds.map(\.name)
    for name in sources.compactMap(\.feedName) where !known.contains(name) {
      throw .unknownFeed(name, known: known)
    }
    do throws(GraphError) {
      for source in sources { try builder.add(source) }
    } catch {
      throw .graph(error)
    }
    self.init(builder, runCount: transit.timetable.runCount, sources.compactMap(\.feed.timestamp).max())
  }

  private init(_ builder: OverlayBuilder, runCount: Int, _ timestamp: Instant?) {
    self.timestamp = timestamp
    (report, trips, absent) = (builder.report, builder.trips, builder.absent)
    (alerts, vehicles) = (builder.alerts, builder.vehicles)
    var (plain, live): ([Int32: [Int32]], [RunDay: Int32]) = ([:], [:])
    var shaped: [Shape: [Int32]] = [:]
    var isTouched = [Bool](repeating: false, count: runCount)
    for (index, trip) in trips.enumerated() {
      if trip.isPlain {
        plain[trip.pattern, default: []].append(Int32(index))
      } else {
        shaped[Shape(pattern: trip.pattern, stops: trip.stops, rules: trip.rules), default: []].append(Int32(index))
      }
      if trip.isRun {
        live[RunDay(trip.run, trip.date)] = Int32(index)
        isTouched[Int(trip.run)] = true
      }
    }
    for run in absent.keys { isTouched[Int(run.run)] = true }
    (self.plain, liveOfRun, self.isTouched) = (plain, live, isTouched)
    self.shaped = shaped.values.sorted { $0[0] < $1[0] }
  }

  private struct Shape: Hashable {
    let pattern: Int32
    let stops: [Int32]
    let rules: [UInt8]
  }

  /// Whether a run of a day is left out, or runs otherwise than the timetable says.
  func replaces(_ run: Int, on date: LocalDate) -> Bool {
    guard isTouched[run] else { return false }
    let key = RunDay(Int32(run), date)
    return absent[key] != nil || liveOfRun[key] != nil
  }

  /// How a run of the timetable runs in fact; nil as planned, or not at all.
  func live(_ run: Int32, on date: LocalDate) -> LiveTrip? {
    liveOfRun[RunDay(run, date)].map { trips[Int($0)] }
  }

  /// Whether it changes nothing that a search would see.
  var isEmpty: Bool { trips.isEmpty && absent.isEmpty }
}
