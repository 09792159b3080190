import Booking
import EventLoop
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import TestSupport
import Testing

@testable import wayfare

/// From a selected option to tickets, between real processes that die on the way.
@Suite("Selections of the program", .serialized)
struct ProgramSelectionTests {
  private static let naming = #"{"travellers":[\#(BookingHouse.ada)],"policy":"best"}"#

  private func select(_ house: BookingHouse, _ itinerary: String, _ body: String = "") async throws {
    let selected = try await house.send(.post, "/itineraries/\(itinerary)/options/1/select", body)
    #expect(selected.status == 202, "\(selected.text)")
  }

  /// How a selection stands once nothing is looked for any more.
  private func settled(_ house: BookingHouse, _ trip: String, _ state: String) async throws -> JSONNode {
    try await eventually("\(trip) is \(state)", within: .seconds(60)) {
      try await house.send(.get, "/planner/\(trip)/bookings").root.text("state") == state
    }
    return try await house.send(.get, "/planner/\(trip)/bookings").root
  }

  @Test(
    "what sellers have of a selection is found and told, and booked once travellers are named; what nobody sells says so"
  )
  func found() async throws {
    try await withBookingHouse { house in
      let (trip, itinerary) = try await house.planned(0)
      let path = "/planner/\(trip)/bookings"
      #expect(try await house.send(.get, path).status == 404)
      try await select(house, itinerary)
      let looking = try await house.send(.get, path).root
      #expect(looking.text("state") == "looking")
      let worker = try await house.worker()
      let root = try await settled(house, trip, "found")
      let items = root.list("items")
      #expect(items.map { $0.text("state") } == ["found", "found", "none"], "\(root)")
      let wanted = try await house.flight(0)
      let rides = items[0].member("found")?.list("rides") ?? []
      #expect(rides.first?.text("departure") == wanted.rides.first?.departure.description)
      #expect(
        items[1].text("offer")?.hasPrefix("beds:") == true
          && items[1].member("found")?.member("place")?.count("nights") == 3)
      #expect(items[2].text("reason") == "it is not known what sellers call LIS")
      for (body, token, status) in [
        (Self.naming, "", 401), (#"{"travellers":[\#(BookingHouse.ada),\#(BookingHouse.ada)]}"#, nil, 422),
        (#"{"travellers":[]}"#, nil, 422), (Self.naming, nil, 200), (Self.naming, nil, 200),
        (Self.naming, house.stranger, 409),
      ] as [(String, String?, Int)] {
        let answer = try await house.send(.put, path, body, token: token)
        #expect(answer.status == status, "\(body): \(answer.text)")
      }
      let booked = try await settled(house, trip, "booked")
      let id = try #require(booked.text("booking"))
      #expect(booked.list("items").map { $0.text("state") } == ["booked", "booked", "none"])
      let booking = try await house.send(.get, "/bookings/\(id)").root
      #expect(booking.list("items").map { $0.text("reference") } == items.prefix(2).map { $0.text("reference") })
      #expect(booking.text("trip") == trip)
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      try await house.holds(bookings: 1, tickets: 2, charges: 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test(
    "workers that are killed while sellers are asked, while it is stored and after that make one booking of each selection"
  )
  func killed() async throws {
    try await withBookingHouse { house in
      let steps = ["looked", "completing", "completed"].flatMap { step in (1...3).map { "\(step):\($0):kill" } }
      for (number, step) in steps.enumerated() {
        let (_, itinerary) = try await house.planned(number)
        try await select(house, itinerary, Self.naming)
        let doomed = try house.doomed(step)
        try await eventually("the worker has died at \(step)") { !doomed.isRunning }
        #expect(doomed.wasKilled, "\(step)")
      }
      let heir = try await house.worker()
      try await eventually("all are booked", within: .seconds(120)) {
        try await house.count("select count(*) from itinerary_selection where booking_id is not null")
          == Int64(steps.count)
      }
      #expect(try await house.count("select count(*) from booking") == Int64(steps.count))
      let parts = try await house.count(
        "select count(*) from booking_part join booking_item using (reference) where booking_item.state = 'found'")
      #expect(parts == Int64(2 * steps.count))
      #expect(try await house.count("select count(*) from booking_part") == parts)
      #expect(try await heir.end() == 0)
    }
  }
}
