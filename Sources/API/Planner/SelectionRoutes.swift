import Accounts
import Booking
import BudgetWire
import HTTP
import JSON
import Kernel
import Store
import Trips

/// `/planner/{trip_id}/bookings`: what sellers have for what is selected, who travels, and the booking that comes of it.
struct SelectionRoutes: Sendable {
  let gate: PlanGate
  /// Who sells and who collects money; nil where nobody does.
  let counter: BookingCounter?
  private var store: ItineraryStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.onTrip(
      .get, "/bookings", .follow, group,
      .json("What sellers have for what is selected", .plans, gives: SelectionStandingJSON.schema)
    ) { try await shown($0.trip) }
    gate.onTrip(
      .put, "/bookings", .edit, group,
      .json(
        "Says who travels, and has booked what was found", .plans, takes: TravellersWish.schema,
        gives: SelectionStandingJSON.schema
      ).scoped(.book)
    ) { visit in
      let document = try await visit.request.jsonDocument(limit: TravellersWish.bytesMax)
      let naming = try TravellersWish.naming(document.root, by: visit.caller, counter)
      try await store.name(naming, for: visit.trip, by: visit.writing)
      return try await shown(visit.trip)
    }
  }

  private func shown(_ trip: TripID) async throws -> Response {
    guard let standing = try await store.standing(ofSelection: trip) else { throw Problem.nothingSelected }
    return .json(
      try SelectionStandingJSON(trip, standing), fields: ["Cache-Control": "private, no-cache"])
  }
}

/// How a selection stands, as it is told; who travels stays with the booking.
struct SelectionStandingJSON: JSONWritable {
  static let schema: JSONSchema = .open([
    "trip": .id, "itinerary": .id, "option": .integer, "selectedAt": .moment,
    "state": .words(["looking", "found", "none", "booked"]), "people": .integer, "travellersNamed": .boolean,
    "booking?": .id, "items": .list(item), "links": .map(.text),
  ])
  private static let item: JSONSchema = .open([
    "reference": .text, "kind": .words(["leg", "stay"]), "state": .words(["looking", "found", "none", "booked"]),
    "item": .object, "offer?": BookingWish.offer, "price?": BookingWish.price, "expires?": .moment, "found?": .object,
    "reason?": .text, "lookedAt?": .moment, "booking?": .id,
  ])

  private let trip: TripID
  private let standing: SelectionStanding
  private let items: [ItemJSON]

  init(_ trip: TripID, _ standing: SelectionStanding) throws {
    self.trip = trip
    self.standing = standing
    items = try standing.sales.map { try ItemJSON($0, booking: standing.booking) }
  }

  private var state: String {
    if standing.booking != nil { return "booked" }
    if standing.isLooking { return "looking" }
    return items.contains { $0.isFound } ? "found" : "none"
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("trip", trip.description)
      object.field("itinerary", standing.itinerary.description)
      object.field("option", standing.option)
      object.field("selectedAt", standing.selectedAt.description)
      object.field("state", state)
      object.field("people", standing.peopleCount)
      object.field("travellersNamed", standing.travellers != nil)
      object.field("booking", ifPresent: standing.booking?.description)
      object.field("items", items)
      object.object("links") { links in
        links.field("self", "/v1/planner/\(trip)/bookings")
        if let booking = standing.booking { links.field("booking", "/v1/bookings/\(booking)") }
      }
    }
  }

  /// One thing to be booked.
  private struct ItemJSON: JSONWritable {
    let sale: SelectedSale
    let booking: BookingID?
    let details: StoredText
    let shown: StoredText?

    var isFound: Bool { shown != nil }

    init(_ sale: SelectedSale, booking: BookingID?) throws {
      self.sale = sale
      details = try StoredText(sale.details)
      var shown: StoredText?
      if case .found(_, _, _, let text) = sale.finding { shown = try StoredText(text) }
      self.shown = shown
      self.booking = shown == nil ? nil : booking
    }

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("reference", sale.reference)
        object.field("kind", sale.kind.rawValue)
        object.field("item", details)
        switch sale.finding {
        case nil: object.field("state", "looking")
        case .missing(let reason):
          object.field("state", "none")
          object.field("reason", reason)
        case .found(let offer, let price, let expires, _):
          object.field("state", booking == nil ? "found" : "booked")
          object.field("offer", offer.text)
          object.field("price", price)
          object.field("expires", expires.description)
          if let shown { object.field("found", shown) }
          object.field("booking", ifPresent: booking?.description)
        }
        object.field("lookedAt", ifPresent: sale.lookedAt?.description)
      }
    }
  }
}
