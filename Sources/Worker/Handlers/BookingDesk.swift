package import Booking
import Glibc
package import Kernel
package import Store

/// What bookings are carried out with.
package struct BookingDesk: Sendable {
  package let store: BookingStore
  /// Whoever sells, by name.
  package let sellers: [String: any Seller]
  /// Whoever collects money, by name.
  package let collectors: [String: any PaymentProvider]
  /// The time.
  package let now: @Sendable () -> Instant

  /// What bookings are carried out with.
  ///
  /// - Parameters:
  ///   - store: where they are kept.
  ///   - sellers: whoever sells; of two of one name, the first counts.
  ///   - collectors: whoever collects money; likewise.
  ///   - now: the time.
  package init(
    _ store: BookingStore, sellers: [any Seller], collectors: [any PaymentProvider],
    now: @escaping @Sendable () -> Instant = { Instant(secondsSinceEpoch: Int64(time(nil))) }
  ) {
    self.store = store
    self.sellers = Dictionary(sellers.map { ($0.name, $0) }) { first, _ in first }
    self.collectors = Dictionary(collectors.map { ($0.name, $0) }) { first, _ in first }
    self.now = now
  }

  /// Makes one request and says what came of it; nothing is stored here.
  func answer(_ request: SagaRequest, _ booking: StoredBooking) async -> SagaAnswer {
    var action = request.call.action
    if case .ask = request { action = .look }
    switch request.call.target {
    case .item(let index): return await answer(action, booking.saga.items[index], booking)
    case .payment: return await answer(action, booking.saga)
    }
  }

  private func answer(_ action: SagaAction, _ item: SagaItem, _ booking: StoredBooking) async -> SagaAnswer {
    guard let seller = sellers[item.offer.seller] else {
      return .notSent(words: "this worker knows no seller \(item.offer.seller)")
    }
    func order(_ offer: OfferKey, _ price: Int64) -> SaleOrder {
      SaleOrder(
        item.reference, offer: offer, price: Money(minorUnits: price, booking.saga.currency),
        travellers: booking.travellers)
    }
    do throws(SellerFault) {
      switch action {
      case .verify:
        let offer = try await seller.verify(item.offer)
        guard offer.price.currency == booking.saga.currency else {
          return .declined(.priceChanged, words: "it is sold in \(offer.price.currency) now")
        }
        if let part = item.part, part != offer.kind {
          return .declined(
            .notAllowed,
            words: "it is sold as \(offer.kind.rawValue), and the package has \(part.rawValue) in its place")
        }
        await store.note(offer, of: item.reference)
        return .offered(price: offer.price.minorUnits, expires: offer.expires)
      case .hold: return .seller(try await seller.hold(order(item.offer, item.cost)))
      case .book: return .seller(try await seller.book(order(item.offer, item.cost)))
      case .cancel: return .seller(try await seller.cancel(item.reference))
      case .change(let offer, let price):
        return .seller(try await seller.change(item.reference, to: order(offer, price)))
      case .look: return .seller(try await seller.standing(of: item.reference))
      case .authorise, .capture, .void, .refund: return .notSent(words: "sellers collect nothing")
      }
    } catch {
      return switch error {
      case .declined(let refusal, let words): .declined(refusal, words: words)
      case .notSent(let words): .notSent(words: words)
      case .unknown(let words): .unknown(words: words)
      }
    }
  }

  private func answer(_ action: SagaAction, _ saga: Saga) async -> SagaAnswer {
    let reference = saga.paymentReference
    guard let collector = collectors[saga.collector] else {
      return .notSent(words: "this worker knows nobody called \(saga.collector) who collects money")
    }
    do throws(PaymentFault) {
      switch action {
      case .authorise:
        let amount = Money(minorUnits: saga.payment?.amount ?? 0, saga.currency)
        return .payment(
          try await collector.authorise(PaymentOrder(reference, amount, method: saga.payment?.method)))
      case .capture: return .payment(try await collector.capture(reference))
      case .void: return .payment(try await collector.void(reference))
      case .refund(let units):
        let attempt = "\(reference)-R\(saga.payment?.refunds ?? 1)"
        return .payment(
          try await collector.refund(reference, Money(minorUnits: units, saga.currency), as: attempt))
      case .look: return .payment(try await collector.standing(of: reference))
      case .verify, .hold, .book, .cancel, .change: return .notSent(words: "collectors sell nothing")
      }
    } catch {
      return switch error {
      case .declined(let words): .declined(.other, words: words)
      case .notSent(let words): .notSent(words: words)
      case .unknown(let words): .unknown(words: words)
      }
    }
  }
}
