import Booking
import Kernel
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@testable import Worker

@Suite("Bookings that a worker carries out")
struct BookingHandlerTests {
  /// Somebody else's books, behind the port: every call is acted on, and every other answer is lost.
  private final class LossySeller: Seller {
    let name = "s"
    let kinds: Set<OfferKind> = [.flight]
    private let books = Mutex((tickets: 0, calls: 0, standing: SaleStanding?.none))

    var tickets: Int { books.withLock { $0.tickets } }

    func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] { [] }

    func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer {
      Offer(
        offer, kind: .flight, price: Money(minorUnits: 100, .euro), taxes: .zero(.euro),
        expires: Instant(secondsSinceEpoch: 1_800_003_600), terms: SaleTerms())
    }

    func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      throw .declined(.notAllowed, words: "no holds here")
    }

    func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      books.withLock { books in
        books.tickets += 1
        books.standing = SaleStanding(
          order.reference, sellerName: "X", state: .ticketed(["T1"]), price: order.price, version: 1)
      }
      throw .unknown(words: "the answer was lost")
    }

    func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? {
      let (calls, standing) = books.withLock { books in
        books.calls += 1
        return (books.calls, books.standing)
      }
      if calls % 2 == 1 { throw .unknown(words: "lost again") }
      return standing
    }

    func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
      throw .declined(.notAllowed, words: "no")
    }

    func change(_ reference: BookingReference, to order: SaleOrder) async throws(SellerFault) -> SaleStanding {
      throw .declined(.notAllowed, words: "no")
    }
  }

  private final class LossyCollector: PaymentProvider {
    let name = "test"
    private let books = Mutex((charges: 0, standing: PaymentStanding?.none))

    var charges: Int { books.withLock { $0.charges } }

    private func act(_ state: PaymentStanding.State, _ reference: String) throws(PaymentFault) -> PaymentStanding {
      books.withLock { books in
        if state == .authorised { books.charges += 1 }
        books.standing = PaymentStanding(reference, state, Money(minorUnits: 100, .euro))
      }
      throw .unknown(words: "the answer was lost")
    }

    func authorise(_ order: PaymentOrder) async throws(PaymentFault) -> PaymentStanding {
      try act(.authorised, order.reference)
    }

    func capture(_ reference: String) async throws(PaymentFault) -> PaymentStanding { try act(.captured, reference) }
    func void(_ reference: String) async throws(PaymentFault) -> PaymentStanding { try act(.voided, reference) }

    func refund(
      _ reference: String, _ amount: Money, as attempt: String
    ) async throws(PaymentFault) -> PaymentStanding {
      throw .declined(words: "no")
    }

    func standing(of reference: String) async throws(PaymentFault) -> PaymentStanding? {
      books.withLock { $0.standing }
    }
  }

  @Test("a part of a package that is sold as something else is refused before any money is taken")
  func oddPart() async throws {
    try await withTestClient(holding: .schema) { client, _ in
      let database = Database(client)
      let (seller, collector) = (LossySeller(), LossyCollector())
      let now = ManualClock()
      let desk = BookingDesk(database.bookings, sellers: [seller], collectors: [collector]) { now.instant }
      var random = SeededRandom(seed: 4)
      // The seller sells flights alone, one of which stands in the stay's place.
      let items = PackageKey.kinds.enumerated().map { number, kind in
        SagaItem(BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o\(number)"), part: kind)
      }
      let id = BookingID(high: 1, low: 2)
      _ = try await database.bookings.make(
        NewBooking(
          RepeatableRequest(caller: "", key: "k", content: []), trip: nil, currency: .euro, policy: .allOrNothing,
          collector: "test", items: items, package: SagaPackage(.standard, price: 290), travellers: []), id,
        at: now.instant)
      for _ in 0..<50 {
        guard let wake = try await BookingRun(desk: desk, id: id).goOn() else { break }
        now.advance(to: wake)
      }
      let end = try await database.bookings.find(id)
      #expect(end?.saga.phase == .cancelled && end?.saga.items[1].stage == .refused(.notAllowed))
      #expect(seller.tickets == 0 && collector.charges == 0)
    }
  }

  @Test("though every answer is lost, one charge is made and one ticket bought")
  func lossy() async throws {
    try await withTestClient(holding: .schema) { client, _ in
      let database = Database(client)
      let (seller, collector) = (LossySeller(), LossyCollector())
      let now = ManualClock()
      let desk = BookingDesk(database.bookings, sellers: [seller], collectors: [collector]) { now.instant }
      var random = SeededRandom(seed: 3)
      let item = SagaItem(BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o"), price: 100)
      let id = BookingID(high: 1, low: 1)
      _ = try await database.bookings.make(
        NewBooking(
          RepeatableRequest(caller: "", key: "k", content: []), trip: nil, currency: .euro, policy: .allOrNothing,
          collector: "test", items: [item], travellers: []), id, at: now.instant)
      _ = try await database.bookings.change(id) { saga in
        ((), try saga.handle(.pay(method: "card"), at: now.instant))
      }
      for _ in 0..<50 {
        guard let wake = try await BookingRun(desk: desk, id: id).goOn() else { break }
        now.advance(to: wake)
      }
      let end = try await database.bookings.find(id)
      #expect(end?.saga.phase == .ticketed)
      #expect(seller.tickets == 1 && collector.charges == 1)
    }
  }
}

/// A clock that stands until it is put forward.
private final class ManualClock: Sendable {
  private let time = Mutex(Instant(secondsSinceEpoch: 1_800_000_000))

  var instant: Instant { time.withLock { $0 } }

  func advance(to later: Instant) { time.withLock { $0 = max($0, later) } }
}
