import Kernel
import Testing

@testable import Transport

@Suite("What a message means")
struct MatchingTests {
  private let world: RealtimeWorld

  init() throws { world = try RealtimeWorld(streetFeed()) }

  @Test("what cannot be matched is told with the reason")
  func mismatches() throws {
    let calls = [RealtimeText.Call("B").with { $0.arrivalDelay = 60 }]
    let cases: [(String, (inout RealtimeText) -> Void)] = [
      ("trip_update unknown_trip Z", { $0.trip("Z", date: "20260601", calls: calls) }),
      ("trip_update not_running 20260606", { $0.trip("T", date: "20260606", calls: calls) }),
      ("trip_update bad_date 2026-06-01", { $0.trip("T", date: "2026-06-01", calls: calls) }),
      ("trip_update no_date ", { $0.trip("T", calls: calls) }),
      ("trip_update no_trip ", { $0.trip(nil, date: "20260601", calls: calls) }),
      ("trip_update unknown_route Z", { $0.trip(nil, date: "20260601", start: "08:00:00", route: "Z") }),
      ("trip_update not_running 20260601", { $0.trip(nil, date: "20260601", start: "07:00:00", route: "R") }),
      ("trip_update unknown_relationship 99", { $0.trip("T", date: "20260601", relationship: 99) }),
      ("trip_update unknown_route N", { $0.trip("N", date: "20260601", relationship: 1) }),
      ("trip_update no_times N", { $0.trip("N", route: "R", relationship: 1, calls: calls) }),
      (
        "trip_update implausible_time T",
        { $0.trip("T", date: "20260601", calls: [.init("B").with { $0.arrivalDelay = 200_000 }]) }
      ),
      ("alert unknown_route Z", { $0.alert("x", route: "Z") }),
      ("alert unknown_stop Z", { $0.alert("x", stop: "Z") }),
      ("vehicle unknown_trip Z", { $0.vehicle("Z", date: "20260601", 1, 1) }),
    ]
    for (expected, fill) in cases { #expect(try world.mismatches(fill) == [expected]) }
    let stop = try world.mismatches {
      $0.trip("T", date: "20260601", calls: calls + [.init("Z").with { $0.arrivalDelay = 1 }])
    }
    #expect(stop == ["stop_time_update unknown_stop Z"])
  }

  @Test("without a date the day counts that is nearest to the times, or to when the message was made")
  func dates() throws {
    let noon = try Instant("2026-06-03T08:15:00+02:00").secondsSinceEpoch
    let times = try world.overlay { text in
      text.trip("T", calls: [.init("B").with { $0.arrival = Int(noon) }])
    }
    #expect(times.trips.map { $0.date.description } == ["2026-06-03"])
    #expect(times.trips.first?.arrivals[1] == noon)
    let stamp = try world.overlay({ $0.trip("T", delay: 60) }, timestamp: "2026-06-02T07:50:00+02:00")
    #expect(stamp.trips.map { $0.date.description } == ["2026-06-02"])
  }

  @Test("a trip is found by route, direction and start time")
  func byRoute() throws {
    let overlay = try world.overlay {
      $0.trip(nil, date: "20260601", start: "09:00:00", route: "R", direction: 0, delay: 120)
    }
    #expect(try overlay.trips.map { $0.arrivals[3] } == [Instant("2026-06-01T09:32:00+02:00").secondsSinceEpoch])
  }

  @Test("a run of a trip that is repeated is found by its start; at a headway, the nearest one")
  func frequencies() throws {
    let text = FeedText([
      "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nT,08:00:00,10:00:00,600,0\n"
    ])
    let repeated = try RealtimeWorld(text)
    let overlay = try repeated.overlay {
      $0.trip("T", date: "20260601", start: "08:13:00", calls: [.init("B").with { $0.departureDelay = 60 }])
    }
    let trip = try #require(overlay.trips.first)
    // From 08:13 it is 11 minutes to the departure from B, and a minute of delay.
    #expect(trip.departures[1] == (try Instant("2026-06-01T08:25:00+02:00").secondsSinceEpoch))
    #expect(
      try repeated.mismatches { $0.trip("T", date: "20260601", delay: 60) } == [
        "trip_update no_start_time 20260601"
      ])
  }

  @Test("a call is found by its number or by its stop, of two calls at one stop the next")
  func calls() throws {
    let trip = GraphTrips.Calls(sequences: [1, 5, 9], stops: [0, 1, 0], ids: ["A", "B", "A"])
    func positions(_ calls: RealtimeText.Call...) throws -> [Int] {
      var text = RealtimeText()
      text.trip("T", calls: calls)
      let update = try #require(try RealtimeFeed(text.bytes, name: "x").tripUpdates.first)
      return CallMatch(update.calls, trip).updates.keys.sorted()
    }
    #expect(try positions(.init(sequence: 5)) == [1])
    #expect(try positions(.init("A")) == [0])
    #expect(try positions(.init("B"), .init("A")) == [1, 2])
    #expect(try positions(.init("A", sequence: 9)) == [2])
    // The number and the stop say different things: the stop counts if the trip has it.
    #expect(try positions(.init("B", sequence: 1)) == [1])
    #expect(try positions(.init("Z", sequence: 9)) == [2])
    #expect(try positions(.init("Z")) == [])
  }

  @Test("a message that names a feed speaks of that one only")
  func feeds() throws {
    var text = RealtimeText()
    text.trip("T", date: "20260601", delay: 60)
    let feed = try RealtimeFeed(text.bytes, name: "x")
    #expect(throws: RealtimeError.unknownFeed("g", known: ["f"])) {
      try RealtimeOverlay([RealtimeSource(feed, feedName: "g")], world.transit)
    }
    #expect(try RealtimeOverlay([RealtimeSource(feed, feedName: "f")], world.transit).report.updated == 1)
  }
}

@Suite("Delays along a trip")
struct DelayPropagationTests {
  private func times(_ calls: RealtimeText.Call..., delay: Int32? = nil) throws -> (
    arrivals: [Int64], departures: [Int64]
  ) {
    var text = RealtimeText()
    text.trip("T", calls: calls)
    let update = try #require(try RealtimeFeed(text.bytes, name: "x").tripUpdates.first)
    let trip = GraphTrips.Calls(sequences: [0, 1, 2, 3], stops: [0, 1, 2, 3], ids: ["A", "B", "C", "D"])
    let result = DelayPropagation(
      arrivals: [0, 600, 1200, 1800], departures: [0, 660, 1260, 1800],
      updates: CallMatch(update.calls, trip).updates, delay: delay)
    return (result.arrivals, result.departures)
  }

  @Test("a delay holds for all later calls until the next that something is said about")
  func holds() throws {
    let found = try times(
      .init("B").with { $0.arrivalDelay = 120 }, .init("D").with { $0.arrivalDelay = 30 })
    #expect(found.arrivals == [0, 720, 1320, 1830] && found.departures == [0, 780, 1380, 1830])
  }

  @Test("a moment counts more than a delay; a departure alone says nothing about the arrival before it")
  func moments() throws {
    let moment = try times(.init("B").with { ($0.arrival, $0.arrivalDelay) = (630, 999) })
    #expect(moment.arrivals == [0, 630, 1230, 1830])
    let departure = try times(.init("B").with { $0.departureDelay = 90 })
    #expect(departure.arrivals == [0, 600, 1290, 1890] && departure.departures[1] == 750)
  }

  @Test("left out calls pass a delay on, and where there is no news the plan holds again")
  func relationships() throws {
    let skipped = try times(.init("B").with { $0.arrivalDelay = 60 }, .init("C").with { $0.relationship = 1 })
    #expect(skipped.arrivals == [0, 660, 1260, 1860])
    let silent = try times(.init("A").with { $0.departureDelay = 60 }, .init("C").with { $0.relationship = 2 })
    #expect(silent.arrivals == [0, 660, 1200, 1800])
  }

  @Test("time never runs backwards: who is early has been early before, who is late cannot be early next")
  func order() throws {
    let early = try times(.init("C").with { $0.arrivalDelay = -900 })
    #expect(early.arrivals == [0, 300, 300, 900] && early.departures == [0, 300, 360, 900])
    let late = try times(.init("B").with { $0.arrivalDelay = 900 }, .init("C").with { $0.arrivalDelay = 0 })
    #expect(late.arrivals == [0, 1500, 1560, 1800] && late.departures == [0, 1560, 1560, 1800])
  }

  @Test("a delay of the whole trip holds where nothing more exact is said")
  func whole() throws {
    let found = try times(.init("C").with { $0.arrivalDelay = 0 }, delay: 60)
    #expect(found.arrivals == [60, 660, 1200, 1800])
  }
}
