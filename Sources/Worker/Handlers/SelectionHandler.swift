package import Booking
import BookingWire
import JSON
package import Kernel
package import Store

/// What is needed to look for what a selection wants booked.
package struct SelectionDesk: Sendable {
  package let store: ItineraryStore
  /// What sellers have, through what is kept of it.
  package let offers: OfferSource
  /// What anybody here sells.
  package let kinds: Set<OfferKind>
  /// Codes by the timetable's stop or the catalogue's city, as the operator has written them down.
  package let places: [String: String]
  /// The time.
  package let now: @Sendable () -> Instant

  package init(
    _ store: ItineraryStore, offers: OfferSource, kinds: Set<OfferKind>, places: [String: String] = [:],
    now: @escaping @Sendable () -> Instant
  ) {
    self.store = store
    self.offers = offers
    self.kinds = kinds
    self.places = places
    self.now = now
  }
}

extension JobHandler {
  /// Jobs of kind `booking.book`: sellers are asked for something that a selection wants booked.
  ///
  /// What comes nearest to the plan, or why nothing does, is stored with the end of the job. The last of a selection's jobs
  /// makes the booking of all that was found, in the same transaction, where travellers are named.
  package static func bookingBook(_ desk: SelectionDesk) -> JobHandler {
    JobHandler(.bookingBook) { context in
      let request = try SelectionRequest(jsonBytes: Array(context.job.payload.utf8))
      let isLast = context.job.attempt >= SaleSearch.triesMax
      let finding = try await SaleSearch(desk: desk).look(for: request, isLast: isLast)
      try await Failpoint.reach(.looked)
      return try await context.complete { (transaction) async throws -> [UInt8]? in
        let isWanted = try await desk.store.keep(finding, for: request.reference, at: desk.now(), in: transaction)
        return Array(#"{"wanted":\#(isWanted)}"#.utf8)
      }
    }
  }
}

extension JobKind {
  /// Looks for what a selection wants booked.
  static let bookingBook: JobKind = {
    var kind = JobKind(
      ItineraryStore.bookingKind.kind, "looks for an offer that stands for something selected",
      payload: SelectionRequest.self)
    kind.queue = ItineraryStore.bookingKind.queue
    kind.perWorkerMax = 8
    kind.timeLimit = .seconds(60)
    kind.retry = RetryDelay(first: .seconds(2), most: .seconds(300))
    return kind
  }()
}

/// What is to be booked, as the selection has written it down.
private struct SelectionRequest: JSONReadable {
  let reference: String
  let item: JSONNode
  let travellers: JSONNode

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(
      required: "reference", "trip", "itinerary", "option", "kind", "item", "travellers")
    reference = try object.required("reference", length: 16...16)
    item = try object.required("item", as: JSONNode.self)
    travellers = try object.required("travellers", as: JSONNode.self)
  }
}

/// One look at what sellers have.
private struct SaleSearch {
  /// Offers that are looked at, the cheapest first, and how many at a time.
  private static let (offersMax, pageSize) = (2000, 200)
  /// Tries after which sellers who did not answer are not waited for any more; what else goes wrong is tried more often.
  static let triesMax = 5
  /// How old an answer may be.
  private static let ageSecondsMax: Int64 = 60

  let desk: SelectionDesk

  func look(for request: SelectionRequest, isLast: Bool) async throws -> SaleFinding {
    let reader = PlannedSaleReader(selling: desk.kinds, places: desk.places)
    switch try reader.read(request.item, for: request.travellers) {
    case .unsold(let reason): return .missing(reason)
    case .sale(let planned, let covers): return try await look(for: planned, covers: covers, isLast: isLast)
    }
  }

  private func look(for planned: PlannedSale, covers: [Int], isLast: Bool) async throws -> SaleFinding {
    let today = LocalDate(daysSinceEpoch: Int32(clamping: desk.now().secondsSinceEpoch / 86_400))
    if planned.search.date < today { return .missing("its day is over") }
    let (offers, missing) = try await offers(planned.search, isLast: isLast)
    let best: Offer
    do throws(OfferMismatch) {
      best = try OfferMatch.best(of: offers, for: planned, at: desk.now())
    } catch {
      // Who has not answered may have what nobody else has.
      if !missing.isEmpty, !isLast { throw SellersSilent(names: missing) }
      let silent = missing.isEmpty ? "" : ", and \(missing.joined(separator: " and ")) did not answer"
      return .missing("\(error)\(silent)")
    }
    return try .offered(best, covers: covers)
  }

  /// What is sold, and who has not said anything.
  private func offers(_ search: OfferSearch, isLast: Bool) async throws -> (offers: [Offer], missing: [String]) {
    var offers: [Offer] = []
    var missing: [String] = []
    do {
      // What is to be booked is asked for now; then all sellers are waited for, as long as the cache does, and the pages
      // come from what it keeps.
      try await desk.offers.refresh(search, Self.ageSecondsMax)
      try await desk.offers.follow(OfferRequest(search, count: 1)) { _ in }
      while offers.count < Self.offersMax {
        let page = try await desk.offers.page(OfferRequest(search, start: offers.count, count: Self.pageSize))
        missing = page.missing
        let nodes = try JSONDocument(bytes: page.offers).root
        let read = try [OfferReader](json: nodes).map(\.offer)
        offers += read
        if read.isEmpty || offers.count >= page.total { break }
      }
    } catch OfferFault.noSellerAnswered(let words) {
      if isLast { return ([], ["the sellers (\(words))"]) }
      throw SellersSilent(names: ["any seller"])
    }
    return (offers, missing)
  }
}

/// Tried again: sellers who did not answer may do so later.
private struct SellersSilent: Error, CustomStringConvertible {
  let names: [String]

  var description: String { "no answer from \(names.joined(separator: " and "))" }
}

extension SaleFinding {
  fileprivate static func offered(_ offer: Offer, covers: [Int]) throws(JSONError) -> SaleFinding {
    let shown = try JSONDocument(bytes: ShownOffer(offer).jsonBytes()).root
    var writer = JSONWriter()
    let members = try Array(shown.members)
    writer.object { object in
      for (name, value) in members { object.field(named: name, value) }
      if !covers.isEmpty { object.field("covers", covers) }
    }
    return .found(
      offer.key, offer.price, expires: offer.expires, shown: String(decoding: writer.finish(), as: UTF8.self))
  }
}
