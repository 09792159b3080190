package import Booking
import JSON
package import Kernel

/// Stripe lists intents by when they were made, the newest first.
extension StripeCollector: PaymentListing {
  /// Intents of one listing, at most: a hundred a page.
  private static let listedPagesMax = 1000

  package func payments(from: Instant, to: Instant) async throws(PaymentFault) -> [PaymentStanding] {
    // All of them, also several with one reference: none of ours may be there twice.
    var found: [StripeIntent] = []
    var after: String?
    for _ in 0..<StripeCollector.listedPagesMax {
      let query =
        "/v1/payment_intents?limit=100&created[gte]=\(from.secondsSinceEpoch)&created[lt]=\(to.secondsSinceEpoch)"
        + (after.map { "&starting_after=\($0)" } ?? "")
      let node = try await line.document(get(query))
      let listed = node.list("data")
      guard node.member("data")?.kind == .array, let hasMore = node.member("has_more").flatMap({ try? $0.bool }),
        listed.allSatisfy({ StripeIntent.isName($0.text("id") ?? "") })
      else { throw line.fault(.read, "\(name) answered without payment intents") }
      // Who lists more than was asked for is put up with.
      found += listed.compactMap { StripeIntent($0) }.filter {
        $0.created >= from.secondsSinceEpoch && $0.created < to.secondsSinceEpoch
      }
      guard hasMore, let last = listed.last?.text("id") else { return try await standings(of: found) }
      after = last
    }
    throw .notSent(words: "\(name) lists more than \(StripeCollector.listedPagesMax) pages of payment intents")
  }

  private func standings(of intents: [StripeIntent]) async throws(PaymentFault) -> [PaymentStanding] {
    var standings: [PaymentStanding] = []
    for intent in intents {
      let back = intent.state == .captured ? try await refunds(of: intent).units : 0
      standings.append(intent.standing(refunded: back))
    }
    return standings
  }
}
