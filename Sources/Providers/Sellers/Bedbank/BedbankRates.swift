import Booking
import JSON
import Kernel

/// Rates and bookings in Hotelbeds' shape.
enum BedbankRates {
  /// All rates of a house.
  static func offers(_ hotel: JSONNode, seller: String, checkIn: LocalDate, nights: Int, expires: Instant) -> [Offer] {
    guard let code = hotel.count("code"), let currency = hotel.text("currency").flatMap({ try? Currency($0) }) else {
      return []
    }
    let name = hotel.text("name") ?? "\(code)"
    return hotel.list("rooms").flatMap { room in
      room.list("rates").compactMap { rate -> Offer? in
        guard let key = rate.text("rateKey"), let net = rate.money("net", in: currency) else { return nil }
        let words = [room.text("name"), rate.text("boardName")].compactMap { $0 }.joined(separator: ", ")
        return Offer(
          OfferKey(seller: seller, name: BedbankParty.name(key, rooms: rate.count("rooms") ?? 1)), kind: .lodging,
          price: net, taxes: .zero(currency), expires: expires,
          place: OfferedPlace(code: "\(code)", name: name, first: checkIn, nights: nights, rate: words),
          terms: terms(rate, net, checkIn), needsRecheck: rate.text("rateType") == "RECHECK",
          left: rate.count("allotment"))
      }
    }
  }

  /// Free until the first policy begins, then as each one says; what costs all of it gives nothing back.
  private static func terms(_ rate: JSONNode, _ net: Money, _ checkIn: LocalDate) -> SaleTerms {
    let policies = rate.list("cancellationPolicies").compactMap { policy -> (from: Instant, fee: Money)? in
      guard let from = policy.text("from").flatMap({ try? Instant($0) }),
        let fee = policy.money("amount", in: net.currency)
      else { return nil }
      return (from, fee)
    }.sorted { $0.from < $1.from }
    guard let first = policies.first else { return SaleTerms() }
    var steps = [RefundStep(before: first.from, fee: .zero(net.currency))]
    let arrival = ZoneRules.utc.moments(of: LocalDateTime(checkIn, secondOfDay: 0)).earlier
    for (index, policy) in policies.enumerated() where policy.fee.minorUnits < net.minorUnits {
      let end = index + 1 < policies.count ? policies[index + 1].from : max(arrival, policy.from)
      steps.append(RefundStep(before: end, fee: policy.fee))
    }
    return SaleTerms(refunds: steps)
  }

  /// How far a booking has come; nil where something that we need is missing.
  static func standing(_ booking: JSONNode) -> SaleStanding? {
    guard let name = booking.text("reference"),
      let reference = booking.text("clientReference").flatMap({ BookingReference($0) }),
      let currency = booking.text("currency").flatMap({ try? Currency($0) }),
      let price = booking.money("totalNet", in: currency)
    else { return nil }
    switch booking.text("status") {
    case "CONFIRMED":
      return SaleStanding(reference, sellerName: name, state: .ticketed([name]), price: price, version: 1)
    case "CANCELLED":
      let fee = booking.member("hotel")?.money("cancellationAmount", in: currency) ?? .zero(currency)
      let refund = (try? price.subtracting(fee)) ?? .zero(currency)
      return SaleStanding(
        reference, sellerName: name, state: .cancelled(refund: refund.isNegative ? .zero(currency) : refund),
        price: price, version: 2)
    case "PRECONFIRMED", "PENDING_CONFIRMATION":
      return SaleStanding(reference, sellerName: name, state: .booked, price: price, version: 0)
    default: return nil
    }
  }
}
