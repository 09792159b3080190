import Booking
import BookingWire
import JSON
import Kernel

/// All that sellers answered to one search: a table to choose by, and each offer as it is shown, packed together.
struct Superset: Sendable {
  let table: OfferTable
  /// Where each offer's text ends among all.
  let ends: [Int32]
  let packed: [UInt8]
  let textBytes: Int
  let fetched: Instant
  /// Sellers that did not answer, or not in time.
  let missing: [String]

  init(_ offers: [Offer], currency: Currency, fetched: Instant, missing: [String]) {
    var text: [UInt8] = []
    var ends: [Int32] = []
    for offer in offers {
      text += ShownOffer(offer).jsonBytes()
      ends.append(Int32(text.count))
    }
    table = OfferTable(offers, currency: currency, at: fetched)
    self.ends = ends
    packed = Zstandard.packed(text)
    textBytes = text.count
    self.fetched = fetched
    self.missing = missing
  }

  /// What it takes while it is packed.
  var byteCount: Int { packed.count + ends.count * 4 + table.byteCount + 512 }

  /// The offers' texts, unpacked.
  func unpacked() -> [UInt8] {
    guard let text = Zstandard.unpacked(packed, bytesMax: textBytes) else {
      preconditionFailure("what this process has packed cannot be unpacked")
    }
    return text
  }
}
