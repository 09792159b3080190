import Booking
import BudgetWire
import HTTP
import JSON
import Kernel
import Store

/// `/v1/operations/bookings`: bookings that do not go on by themselves, with the reason and what may be done.
struct BookingTroubleRoutes: Sendable {
  let store: BookingStore
  let counter: BookingCounter?

  /// Adds the routes to a group that lets only operators pass.
  func addRoutes(to group: RouteGroup) {
    group.get("") { request, _ in
      let limit = try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
      let troubles = try await store.stuck(limit: limit).map { TroubleJSON(trouble: $0) }
      let findings = try await store.findings(limit: limit).map { FindingJSON(kept: $0) }
      let comparisons = try await store.comparisons().map { ComparisonJSON(comparison: $0.comparison, at: $0.at) }
      return TripAnswers.fresh(
        Told { object in
          object.array("bookings") { for one in troubles { $0.element(one) } }
          object.array("findings") { for one in findings { $0.element(one) } }
          object.array("comparisons") { for one in comparisons { $0.element(one) } }
        })
    }.describe(
      .json(
        "Bookings that are stuck, and books that do not agree, the longest first", .operations, .operators,
        query: ["limit": .integer(1...200)],
        gives: .fields([
          "bookings": .list(TroubleJSON.schema), "findings": .list(FindingJSON.schema),
          "comparisons": .list(ComparisonJSON.schema),
        ])))
    group.post("/{id}/{action}") { _, context in
      let id = try context.parameters.require("id", as: BookingID.self)
      let name = try context.parameters.require("action", as: String.self)
      guard let action = BookingTrouble.Action(rawValue: name) else {
        throw Problem(.notFound, detail: "What can be done is \(TroubleJSON.actions.joined(separator: " or ")).")
      }
      guard let counter else { throw Problem.nobodySells }
      guard let booking = try await store.act(action, on: id, at: counter.now()) else { throw Problem.noBooking }
      guard let trouble = try await store.trouble(of: booking.id) else { throw Problem.noBooking }
      return TripAnswers.fresh(TroubleJSON(trouble: trouble), status: .accepted)
    }.describe(
      .json(
        "Has a booking go on, or calls it off", .operations, .operators,
        path: ["id": .id, "action": .words(TroubleJSON.actions)], gives: TroubleJSON.schema, status: .accepted))
  }
}

/// A stuck booking as it is told.
private struct TroubleJSON: JSONWritable {
  static let actions = BookingTrouble.Action.allCases.map(\.rawValue)
  static let schema: JSONSchema = .fields([
    "id": .id, "state": .text, "reasons": .list(.text), "actions": .list(.words(actions)), "createdAt": .moment,
    "due?": .moment,
    "items": .list(
      .fields(["reference": .text, "seller": .text, "cost": BookingWish.price, "price": BookingWish.price])),
  ])

  let trouble: BookingTrouble

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", trouble.booking.id.description)
      object.field("state", trouble.booking.saga.phase.word)
      object.field("reasons", trouble.reasons)
      object.field("actions", trouble.actions.map(\.rawValue))
      object.field("createdAt", trouble.booking.createdAt.description)
      object.field("due", ifPresent: trouble.booking.saga.wake?.description)
      // What sellers are paid, and what of it customers pay: of a package's parts nobody else is told.
      let saga = trouble.booking.saga
      object.array("items") { array in
        for item in saga.items {
          array.object {
            $0.field("reference", item.reference.text)
            $0.field("seller", item.offer.seller)
            $0.field("cost", Money(minorUnits: item.cost, saga.currency))
            $0.field("price", Money(minorUnits: item.price, saga.currency))
          }
        }
      }
    }
  }
}

/// Something in which our books and somebody's do not agree, as it is told.
private struct FindingJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "with": .text, "reference": .text, "finding": .words(BookFinding.Kind.allCases.map(\.rawValue)), "ours": .text,
    "theirs": .text, "foundAt": .moment, "seenAt": .moment,
  ])

  let kept: KeptFinding

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("with", kept.side)
      object.field("reference", kept.finding.reference)
      object.field("finding", kept.finding.kind.rawValue)
      object.field("ours", kept.finding.ours)
      object.field("theirs", kept.finding.theirs)
      object.field("foundAt", kept.foundAt.description)
      object.field("seenAt", kept.seenAt.description)
    }
  }
}

/// The newest comparison with somebody, as it is told.
private struct ComparisonJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "with": .text, "day": .text, "compared": .integer, "leftOver": .integer, "isListed": .boolean, "trouble?": .text,
    "at": .moment,
  ])

  let comparison: BookComparison
  let at: Instant

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("with", comparison.side)
      object.field("day", comparison.day.description)
      object.field("compared", comparison.compared)
      object.field("leftOver", comparison.leftOver)
      object.field("isListed", comparison.isListed)
      object.field("trouble", ifPresent: comparison.trouble)
      object.field("at", at.description)
    }
  }
}
