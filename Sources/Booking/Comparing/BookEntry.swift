import Kernel

/// What a book says of one reference: ours, or that of somebody with whom we deal.
///
/// Amounts are minor units of one currency; an entry in which nothing is reserved, charged or returned says as much as none.
package struct BookEntry: Hashable, Sendable {
  package let reference: String
  package let currency: String
  /// What is set aside and not taken: money with the customer's bank, or places that are held.
  package var reserved: Int64 = 0
  /// What was taken, or is owed for what was bought.
  package var charged: Int64 = 0
  /// What of it went back.
  package var returned: Int64 = 0

  package init(_ reference: String, currency: String, reserved: Int64 = 0, charged: Int64 = 0, returned: Int64 = 0) {
    self.reference = reference
    self.currency = currency
    self.reserved = reserved
    self.charged = charged
    self.returned = returned
  }

  /// For people: `120.00 EUR charged`, in minor units.
  package var words: String {
    let parts = [(reserved, "reserved"), (charged, "charged"), (returned, "returned")].filter { $0.0 != 0 }
    if parts.isEmpty { return "nothing" }
    return parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + " (\(currency), minor units)"
  }

  /// With what another entry of the same reference says too.
  package func adding(_ other: BookEntry) -> BookEntry {
    BookEntry(
      reference, currency: currency == other.currency ? currency : currency + "+" + other.currency,
      reserved: reserved + other.reserved, charged: charged + other.charged, returned: returned + other.returned)
  }

  var isEmpty: Bool { reserved == 0 && charged == 0 && returned == 0 }
}

/// Something in which two books do not agree; who mends it is for people to say.
package struct BookFinding: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// They have something of which our books say nothing.
    case missingHere = "missing here"
    /// Our books have something of which they know nothing.
    case missingThere = "missing there"
    /// Both have it, with other amounts.
    case amount = "other amounts"
    /// The customer's bank took the money back, or a capture or refund failed after it was said to be done.
    case disputed
  }

  package let reference: String
  package let kind: Kind
  /// What our book says, in words.
  package let ours: String
  /// What theirs says.
  package let theirs: String

  package init(_ reference: String, _ kind: Kind, ours: String, theirs: String) {
    self.reference = reference
    self.kind = kind
    self.ours = ours
    self.theirs = theirs
  }

  /// What two entries of one reference come to; nil where they agree.
  package static func between(_ ours: BookEntry?, _ theirs: BookEntry?) -> BookFinding? {
    let (here, there) = (ours.flatMap { $0.isEmpty ? nil : $0 }, theirs.flatMap { $0.isEmpty ? nil : $0 })
    switch (here, there) {
    case (nil, nil): return nil
    case (let here?, nil):
      // What was taken and has all gone back may be gone there too.
      if here.reserved == 0, here.charged == here.returned { return nil }
      return BookFinding(here.reference, .missingThere, ours: here.words, theirs: "nothing")
    case (nil, let there?):
      if there.reserved == 0, there.charged == there.returned { return nil }
      return BookFinding(there.reference, .missingHere, ours: "nothing", theirs: there.words)
    case (let here?, let there?):
      return here == there ? nil : BookFinding(here.reference, .amount, ours: here.words, theirs: there.words)
    }
  }
}

/// What our books say of a saga's payment and items.
extension Saga {
  /// Whether nothing is under way or due by itself, so that books can be compared.
  package var isSettled: Bool {
    wake == nil && overdue == nil && payment?.call == nil && items.allSatisfy { $0.call == nil }
  }

  /// The payment as our books have it; nil where there is none.
  package var paymentEntry: BookEntry? {
    guard let payment else { return nil }
    var entry = BookEntry(paymentReference, currency: currency.code)
    switch payment.stage {
    case .authorised: entry.reserved = payment.amount
    case .captured: (entry.charged, entry.returned) = (payment.amount, payment.refunded)
    case .none, .pending, .voided, .failed: break
    }
    return entry
  }

  /// An item as our books have it: what its seller has of ours.
  package func itemEntry(_ index: Int) -> BookEntry {
    let item = items[index]
    var entry = BookEntry(item.reference.text, currency: currency.code)
    switch item.stage {
    case .bought, .stranded: entry.charged = item.cost
    case .held: entry.reserved = item.cost
    case .wished, .verified, .refused, .returned: break
    }
    return entry
  }
}

/// What others' books say.
extension PaymentStanding {
  package var bookEntry: BookEntry {
    var entry = BookEntry(reference, currency: amount.currency.code)
    switch state {
    case .authorised: entry.reserved = amount.minorUnits
    case .captured: (entry.charged, entry.returned) = (amount.minorUnits, refunded.minorUnits)
    case .pending, .voided, .failed: break
    }
    return entry
  }
}

extension SaleStanding {
  package var bookEntry: BookEntry {
    var entry = BookEntry(reference.text, currency: price.currency.code)
    switch state {
    case .held: entry.reserved = price.minorUnits
    case .booked, .ticketed, .changedBySeller: entry.charged = price.minorUnits
    // What was given back is theirs no more; its fee is in the terms, and in our ledger.
    case .cancelled, .lapsed: break
    }
    return entry
  }
}
