import Accounts
import Booking
package import HTTP
import JSON
package import Store

/// Who travels of a selection, as it comes.
enum TravellersWish {
  /// Bytes of a wish.
  static let bytesMax = 64 * 1024
  static let schema: JSONSchema = .fields([
    "travellers": BookingWish.travellers, "policy?": BookingWish.policy, "collector?": .text(1...40),
  ])

  /// Reads who travels, where whoever says so may have it booked.
  ///
  /// - Throws: `JSONError` with the place and the mend; a `Problem` to who may not, and where nobody sells.
  static func naming(_ json: JSONNode, by caller: Caller, _ counter: BookingCounter?) throws -> TravellerNaming {
    switch caller {
    case .user: break
    case .partner(_, let scopes):
      guard scopes.contains(KeyScope.book.rawValue) else { throw Problem.scopeNeeded([KeyScope.book.rawValue]) }
    case .anonymous, .operator:
      throw Problem(
        .unauthorized, detail: "Bookings belong to people: sign in, and send \"Authorization: Bearer TOKEN\".",
        fields: ["WWW-Authenticate": "Bearer realm=\"bookings\""])
    }
    guard let counter, !counter.sellers.isEmpty, !counter.collectors.isEmpty else { throw Problem.nobodySells }
    let object = try json.object(required: "travellers", optional: "policy", "collector")
    return TravellerNaming(
      try BookingWish.travellers(object), caller: caller.keySpace, policy: try BookingWish.policy(object),
      collector: try BookingWish.collector(object, counter), at: counter.now())
  }
}

extension NamingFault: ProblemConvertible {
  /// 409 for what does not go now, 422 for a number of people that is another.
  package var problem: Problem {
    switch self {
    case .noSelection: .nothingSelected
    case .people(let count):
      Problem(
        .unprocessableContent, detail: "So many travel of this trip: \(count); name each of them once.",
        errors: [FieldProblem(pointer: "/travellers", detail: "must be \(count)")])
    case .others:
      Problem(
        .conflict, name: "travellers-named", title: "Travellers are named",
        detail: "Somebody else has named who travels, and the booking is to be theirs.")
    case .booked(let booking):
      Problem(
        .conflict, name: "travellers-named", title: "Travellers are named",
        detail:
          "Booking \(booking) is made for others already; call it off there, or book for these with POST /v1/bookings.")
    }
  }
}

extension Problem {
  static var nothingSelected: Problem {
    Problem(
      .notFound, name: "nothing-selected", title: "Nothing is selected",
      detail: "Nothing is selected for this trip; POST /v1/itineraries/{id}/options/{n}/select selects an option.")
  }
}
