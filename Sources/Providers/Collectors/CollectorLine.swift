import Booking
import JSON

/// What whoever collects money calls our payments, by our reference: asked by it, nobody has to search.
package struct PaymentNames: Sendable {
  /// Their name of a payment; nil where none is known.
  package let find: @Sendable (String) async -> String?
  /// Keeps their name of a payment.
  package let note: @Sendable (String, String) async -> Void

  /// Names that are kept elsewhere.
  package init(
    find: @escaping @Sendable (String) async -> String?, note: @escaping @Sendable (String, String) async -> Void
  ) {
    self.find = find
    self.note = note
  }

  /// Names that nobody keeps: every payment is searched for.
  package static let none = PaymentNames(find: { _ in nil }, note: { _, _ in })
}

/// The way to whoever collects money: the same as to a seller, with what may have happened said in words of payments.
///
/// A key that is refused, or too many requests, mean that nothing was acted on.
struct CollectorLine: Sendable {
  let line: SellerLine

  /// The document that must come.
  func document(_ call: SellerLine.Call) async throws(PaymentFault) -> JSONNode {
    do throws(SellerFault) {
      return try await line.document(call)
    } catch {
      throw CollectorLine.fault(error)
    }
  }

  /// What it means that an answer cannot be made out.
  func fault(_ kind: SellerLine.Kind, _ words: String) -> PaymentFault { CollectorLine.fault(line.fault(kind, words)) }

  private static func fault(_ fault: SellerFault) -> PaymentFault {
    switch fault {
    case .declined(.forbidden, let words), .declined(.throttled, let words), .notSent(let words): .notSent(words: words)
    case .declined(_, let words): .declined(words: words)
    case .unknown(let words): .unknown(words: words)
    }
  }
}
