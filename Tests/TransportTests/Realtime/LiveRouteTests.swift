import Kernel
import Testing

@testable import Transport

@Suite("Routes when things go otherwise")
struct LiveRouteTests {
  private let world: RealtimeWorld

  init() throws { world = try RealtimeWorld(streetFeed()) }

  @Test("a delay, a cancellation and a left out stop each lead another way")
  func changes() throws {
    let planned = Router(world.transit)
    #expect(try planned.told(from: "A", to: "C", at: "07:55") == ["08:00 08:20 T"])
    let late = try world.router {
      $0.trip("T", date: "20260601", calls: [.init("B").with { $0.arrivalDelay = 1500 }])
    }
    #expect(try late.told(from: "A", to: "C", at: "07:55") == ["08:05 08:40 V"])
    let cancelled = try world.router { $0.trip("T", date: "20260601", relationship: 3) }
    #expect(try cancelled.told(from: "A", to: "D", at: "07:55") == ["09:00 09:30 U"])
    let skipped = try world.router {
      $0.trip("T", date: "20260601", calls: [.init("C").with { $0.relationship = 1 }])
    }
    #expect(try skipped.told(from: "A", to: "C", at: "07:55") == ["08:05 08:40 V"])
    #expect(try skipped.told(from: "A", to: "D", at: "07:55") == ["08:00 08:30 T"])
    // Another day is not touched.
    let other = RouteRequest(
      from: "stop:f:A", to: "stop:f:D", time: .departAt(try Instant("2026-06-02T07:55:00+02:00")))
    #expect(try cancelled.told(other) == ["08:00 08:30 T"])
  }

  @Test("a trip that is added is ridden, also where none goes otherwise")
  func added() throws {
    let start = Int(try Instant("2026-06-01T08:00:00+02:00").secondsSinceEpoch)
    let router = try world.router { text in
      text.trip(
        "N", route: "R", relationship: 1,
        calls: [
          .init("B").with { $0.departure = start + 300 }, .init("E").with { $0.arrival = start + 900 },
          .init("A").with { $0.arrival = start + 1200 },
        ])
    }
    #expect(try router.told(from: "B", to: "E", at: "07:55") == ["08:05 08:15 N"])
    let journey = try #require(
      try router.route(
        RouteRequest(from: "stop:f:B", to: "stop:f:A", time: .departAt(try Instant("2026-06-01T07:55:00+02:00")))
      ).journeys.first)
    #expect(journey.legs.first?.ride?.live?.status == .added && journey.legs.first?.ride?.mode == "bus")
    #expect(journey.legs.first?.ride?.live?.plannedDeparture == nil)
  }

  @Test("a leg tells the plan beside what is expected, its vehicle, and alerts of its line and stops while they hold")
  func told() throws {
    let from = try Instant("2026-06-01T08:00:00+02:00").secondsSinceEpoch
    let router = try world.router { text in
      text.trip("T", date: "20260601", calls: [.init("B").with { $0.arrivalDelay = 120 }])
      text.vehicle("T", date: "20260601", 52.5, 13.25)
      text.alert("Line 1 is slow", route: "R")
      text.alert("Gamma has no lift", stop: "C", from: from, to: from + 3600)
      text.alert("over", route: "R", from: from - 7200, to: from - 3600)
      text.alert("Line 2", route: "S")
    }
    let request = RouteRequest(
      from: "stop:f:A", to: "stop:f:C", time: .departAt(try Instant("2026-06-01T07:55:00+02:00")))
    let leg = try #require(try router.route(request).journeys.first?.legs.first)
    let live = try #require(leg.ride?.live)
    #expect(leg.arrival == (try Instant("2026-06-01T08:22:00+02:00")))
    #expect(live.plannedArrival == (try Instant("2026-06-01T08:20:00+02:00")) && live.arrivalDelay(leg.arrival) == 120)
    #expect(live.vehicle == Coordinate(52.5, 13.25))
    #expect(leg.alerts.map(\.header) == ["Line 1 is slow", "Gamma has no lift"])
    #expect(leg.alerts.first?.effect == "significant delays")
    // Arriving by tells the same of the same trip.
    var by = request
    by.time = .arriveBy(try Instant("2026-06-01T08:30:00+02:00"))
    let mirrored = try #require(try router.route(by).journeys.first?.legs.first)
    #expect(mirrored.ride?.live?.plannedArrival == live.plannedArrival && mirrored.arrival == leg.arrival)
  }
}

@Suite("Saved journeys")
struct ReplanTests {
  private let world: RealtimeWorld
  private let request = RouteRequest(from: "", to: "", time: .departAt(.first))

  init() throws { world = try RealtimeWorld(streetFeed()) }

  /// From A by T to C, from there by X to E.
  private func saved() throws -> SavedJourney {
    let request = RouteRequest(
      from: "stop:f:A", to: "stop:f:E", time: .departAt(try Instant("2026-06-01T07:55:00+02:00")))
    let journey = try #require(try Router(world.transit).route(request).journeys.first)
    #expect(journey.told == "08:00 08:40 T X")
    return SavedJourney(
      legs: journey.legs.map { leg in
        SavedJourney.Leg(
          from: "stop:" + (leg.from.stop ?? ""), to: "stop:" + (leg.to.stop ?? ""), departure: leg.departure,
          arrival: leg.arrival, trip: leg.ride?.trip, isSeated: false)
      })
  }

  private func replan(
    at time: String, _ fill: (inout RealtimeText) -> Void
  ) throws -> (status: ReplanAnswer.Status, reasons: [String], told: [String]) {
    let answer = try world.router(fill).replan(saved(), request, at: try Instant("2026-06-01T\(time):00+02:00"))
    return (answer.status, answer.disruptions.map { "\($0.leg) \($0.code)" }, answer.journeys.map(\.told))
  }

  @Test("one that can be travelled is intact, and tells when it arrives")
  func intact() throws {
    let router = try world.router {
      $0.trip("X", date: "20260601", calls: [.init("E").with { $0.arrivalDelay = 300 }])
    }
    let answer = try router.replan(saved(), request, at: try Instant("2026-06-01T07:30:00+02:00"))
    #expect(answer.status == .intact && answer.disruptions.isEmpty && answer.journeys.isEmpty)
    #expect(answer.expectedArrival == (try Instant("2026-06-01T08:45:00+02:00")))
  }

  @Test("before it begins, a cancelled trip is replaced from the beginning")
  func before() throws {
    let found = try replan(at: "07:30") { $0.trip("T", date: "20260601", relationship: 3) }
    #expect(found.status == .disrupted && found.reasons == ["0 cancelled"])
    #expect(found.told == ["08:05 09:10 V Y"])
  }

  @Test("a connection that is missed is found, and somebody in the vehicle goes on from where it will stop")
  func aboard() throws {
    let late = { (text: inout RealtimeText) in
      text.trip("T", date: "20260601", calls: [.init("C").with { $0.arrivalDelay = 600 }])
    }
    let found = try replan(at: "08:05", late)
    #expect(found.status == .disrupted && found.reasons == ["1 connection_missed"])
    #expect(found.told == ["08:00 09:10 T Y"])
  }

  @Test("somebody who waits goes on from there; what is lost behind her does not matter")
  func waiting() throws {
    let found = try replan(at: "08:22") { text in
      text.trip("X", date: "20260601", relationship: 3)
      text.trip("T", date: "20260601", calls: [.init("D").with { $0.relationship = 1 }])
    }
    #expect(found.reasons == ["1 cancelled"] && found.told == ["08:55 09:10 Y"])
    #expect(try replan(at: "08:50") { _ in }.status == .over)
  }

  @Test("a stop that is left out, a trip that runs elsewhere and one that is gone are reasons")
  func reasons() throws {
    let skipped = try replan(at: "07:30") {
      $0.trip("T", date: "20260601", calls: [.init("C").with { $0.relationship = 1 }])
    }
    #expect(skipped.reasons == ["0 stop_skipped"])
    let start = Int(try Instant("2026-06-01T08:00:00+02:00").secondsSinceEpoch)
    let replaced = try replan(at: "07:30") { text in
      text.trip(
        "T", date: "20260601", relationship: 5,
        calls: [.init("A").with { $0.departure = start }, .init("D").with { $0.arrival = start + 900 }])
    }
    #expect(replaced.reasons == ["0 replaced"])
    let gone = SavedJourney(
      legs: [
        SavedJourney.Leg(
          from: "stop:f:A", to: "stop:f:C", departure: try Instant("2026-06-01T08:00:00+02:00"),
          arrival: try Instant("2026-06-01T08:20:00+02:00"), trip: "f:Z", isSeated: false)
      ])
    let answer = try Router(world.transit).replan(gone, request, at: try Instant("2026-06-01T07:00:00+02:00"))
    #expect(answer.disruptions.map(\.code) == ["not_in_timetable"])
    #expect(answer.journeys.map(\.told) == ["08:00 08:20 T"])
  }
}
