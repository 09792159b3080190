package import Booking
import Glibc
import HTTP
package import Kernel
import Store

/// Where offers come from, and the clock that their age is told by.
package struct OfferSettings: Sendable {
  /// Where offers come from.
  package var source: OfferSource
  /// The clock.
  package var now: @Sendable () -> Instant

  /// A source, and the clock of this machine unless another is given.
  package init(
    _ source: OfferSource,
    now: @escaping @Sendable () -> Instant = { Instant(secondsSinceEpoch: Int64(time(nil))) }
  ) {
    self.source = source
    self.now = now
  }
}

/// What all routes about prices share: the sellers, the history, the clock.
struct PriceDesk: Sendable {
  let settings: OfferSettings?
  let store: PriceStore

  var now: Instant { settings?.now() ?? Instant(secondsSinceEpoch: Int64(time(nil))) }
  /// The day it is in UTC.
  var today: LocalDate { now.day }

  /// Asks the sellers, and says in the caller's words why they have nothing.
  ///
  /// - Throws: a `Problem`.
  func ask<Value>(_ body: (OfferSource) async throws -> Value) async throws -> Value {
    guard let settings else {
      throw Problem(
        .serviceUnavailable, name: "no-sellers", title: "No sellers",
        detail: "Nobody sells here: this installation's settings name no sellers.")
    }
    do {
      return try await body(settings.source)
    } catch let fault as OfferFault {
      throw fault.problem
    } catch let fault as SellerFault {
      throw fault.problem
    }
  }

  /// The search of a name in a path.
  ///
  /// - Throws: a `Problem` when it is none.
  func search(named name: String) throws(Problem) -> OfferSearch {
    guard let search = OfferSearch(name: name) else {
      throw Problem(
        .notFound,
        detail: "There is no such price; its id is the 'id' of an answer of GET /v1/prices/flights and others.")
    }
    return search
  }
}

extension Instant {
  /// The day in UTC.
  var day: LocalDate { LocalDate(daysSinceEpoch: Int32(clamping: (secondsSinceEpoch / 86_400))) }
}

extension OfferFault {
  fileprivate var problem: Problem {
    switch self {
    case .noSellerAnswered:
      Problem(
        .badGateway, name: "no-seller-answered", title: "No seller answered",
        detail: "No seller has answered, and nothing is kept that could stand in; try again in a minute.",
        fields: ["Retry-After": "60"])
    case .overloaded:
      Problem(
        .serviceUnavailable, name: "busy", title: "Busy",
        detail: "Too many searches are under way; try again in a moment.", fields: ["Retry-After": "2"])
    }
  }
}

extension SellerFault {
  /// What a seller's no to a question means for who asked; its own words stay with us.
  fileprivate var problem: Problem {
    switch self {
    case .declined(.soldOut, _), .declined(.expired, _):
      Problem(
        .conflict, name: "offer-gone", title: "Offer gone",
        detail: "The seller no longer has this offer; search again.")
    case .declined(.malformed, _):
      Problem(.notFound, detail: "The seller knows no such offer; search again and take the 'id' of an offer there.")
    case .declined, .notSent, .unknown:
      Problem(
        .badGateway, name: "no-seller-answered", title: "No seller answered",
        detail: "The seller could not be asked about this offer; try again in a minute.",
        fields: ["Retry-After": "60"])
    }
  }
}
