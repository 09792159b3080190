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

/// What the installation sells itself, booked between real processes beside what others sell.
@Suite("What the program sells itself", .serialized)
struct ProgramInventoryTests {
  private static let room = """
    {"place":"AMS","house":"Canal House","rate":"double, breakfast","sleeps":2,
     "price":{"amount":"90.00","currency":"EUR"},"freeDays":2}
    """
  /// What is asked for through routes has to be near enough.
  private static let day = LocalDate(daysSinceEpoch: Int32(Date().timeIntervalSince1970 / 86_400) + 200)
  private static let run = """
    {"kind":"coach","origin":"BER","destination":"AMS","day":"\(day)","departure":"\(day)T08:00:00+02:00",
     "arrival":"\(day)T16:00:00+02:00","carrier":"Ours","number":"7","seats":1,
     "price":{"amount":"29.00","currency":"EUR"},"freeDays":1}
    """

  private func open(_ house: BookingHouse) async throws {
    for (path, body) in [("rooms/attic", Self.room), ("runs/coach-7", Self.run)] {
      let put = try await house.send(.put, "/operations/inventory/\(path)", body, token: Caller.token)
      #expect(put.status == 200, "\(put.text)")
    }
  }

  /// An offer of our own as anybody finds it, as a booking's item.
  private func ours(_ house: BookingHouse, _ search: String) async throws -> String? {
    let page = try await house.send(.get, "/prices/\(search)")
    #expect(page.status == 200, "\(page.text)")
    let offers = try page.root.list("offers").filter { $0.text("id")?.hasPrefix("own:") == true }
    guard let offer = offers.first, let id = offer.text("id"), let price = offer.member("price") else { return nil }
    return #"{"offer":"\#(id)","price":{"amount":"\#(price.text("amount") ?? "")","currency":"EUR"}}"#
  }

  private static let (stay, ride) = (
    "hotels?place=AMS&date=\(day)&nights=3", "coaches?origin=BER&destination=AMS&date=\(day)"
  )

  private func booked(_ house: BookingHouse, _ items: [String], key: String) async throws -> String {
    let wish = #"{"items":[\#(items.joined(separator: ","))],"collector":"stripe","travellers":[\#(BookingHouse.ada)]}"#
    let made = try await house.send(.post, "/bookings", wish, key: key)
    #expect(made.status == 201, "\(made.text)")
    return try #require(try made.root.text("id"))
  }

  @Test(
    "a room and a seat of ours and somebody else's flight are one booking, which nobody else gets and which goes back")
  func wholeSaga() async throws {
    try await withBookingHouse { house in
      try await open(house)
      let room = try #require(try await ours(house, Self.stay))
      let seat = try #require(try await ours(house, Self.ride))
      let flight = try await house.flight(0)
      let flown =
        #"{"offer":"\#(flight.key.text)","price":{"amount":"\#(flight.price.amountText)","currency":"EUR"}}"#
      let worker = try await house.worker()
      let id = try await booked(house, [room, seat, flown], key: "mine")
      // Who comes later with the same offers in hand gets neither.
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      let sold = try await house.client.query(
        "select offer, price from inventory_sale where state = 'sold' order by offer"
      ).decode(String.self, Int64.self)
      #expect(sold.map(\.0) == ["room.\(Self.day).3.1.attic", "run.coach-7.1"] && sold.map(\.1) == [27_000, 2_900])
      #expect(try await house.count("select taken::int8 from inventory_run") == 1)
      #expect(try await house.count("select count(*) from inventory_night") == 1)
      let owed = try await house.count("select posted from ledger_balance where account = 'seller/own'")
      #expect(owed == -29_900)
      for (number, item) in [room, seat].enumerated() {
        let late = try await booked(house, [item], key: "late-\(number)")
        // Nobody pays for what the worker has found gone before; that it is cancelled is looked at in either case.
        do { try await house.pays(late) } catch SagaFault.notPayable(.cancelled) {}
        try await house.ends(late, in: "CANCELLED")
      }
      #expect(try await house.send(.put, "/bookings/\(id)/cancel").status == 200)
      try await house.ends(id, in: "REFUNDED")
      let back = try await house.client.query(
        "select state, refunded from inventory_sale where state <> 'lapsed' order by offer"
      ).decode(String.self, Int64.self)
      #expect(back.map(\.0) == ["returned", "returned"] && back.map(\.1) == [27_000, 2_900])
      #expect(try await house.count("select taken::int8 from inventory_run") == 0)
      #expect(try await house.count("select count(*) from inventory_night") == 0)
      #expect(try await house.count("select posted from ledger_balance where account = 'seller/own'") == 0)
      try await house.holds(bookings: 3, tickets: 0, charges: 1)
      // What came back is had by the next.
      let again = try await booked(house, [room, seat], key: "again")
      try await house.pays(again)
      try await house.ends(again, in: "TICKETED")
      #expect(try await house.count("select count(*) from inventory_sale where state = 'sold'") == 2)
      try await house.evenBooks()
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a worker that is killed while it takes what we sell takes it once")
  func killed() async throws {
    try await withBookingHouse { house in
      try await open(house)
      let seat = try #require(try await ours(house, Self.ride))
      let id = try await booked(house, [seat], key: "killed")
      try await house.pays(id)
      // Verified, held, reserved, taken; then bought, of which nothing is kept.
      let doomed = try house.doomed("answered:5:kill")
      try await eventually("the worker has died", within: .seconds(60)) { !doomed.isRunning }
      #expect(doomed.wasKilled, "\(doomed.said)")
      let heir = try await house.worker()
      try await house.ends(id, in: "TICKETED")
      #expect(try await house.count("select taken::int8 from inventory_run") == 1)
      #expect(try await house.count("select count(*) from inventory_sale") == 1)
      try await house.holds(bookings: 1, tickets: 0, charges: 1)
      #expect(try await heir.end() == 0)
    }
  }
}
