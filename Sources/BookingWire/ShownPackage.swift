public import Booking
public import JSON
import Kernel

/// A package as the API shows it: one price, and of each part what it is and its terms, but not what it costs.
public struct ShownPackage: JSONWritable, Sendable {
  private let package: PackageOffer
  private let name: String

  /// A package to be shown, with the name that it is booked by.
  public init(_ package: PackageOffer, named name: String) {
    self.package = package
    self.name = name
  }

  /// Writes it.
  public func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", name)
      object.object("price") { ShownOffer.money(package.price, &$0) }
      object.field("expires", package.expires.description)
      object.object("terms") { ShownOffer.refunds(package.refunds, &$0) }
      object.array("parts") { array in
        for part in package.parts { array.object { ShownPackage.part(part, &$0) } }
      }
    }
  }

  /// Fees would tell what a part costs: of these it is said until when there is one below the price at all.
  private static func part(_ offer: Offer, _ object: inout JSONObjectWriter) {
    object.field("id", offer.key.text)
    object.field("kind", offer.kind.rawValue)
    ShownOffer.rides(offer.rides, &object)
    ShownOffer.place(offer.place, &object)
    object.object("terms") { terms in
      terms.field("checkedBags", offer.terms.checkedBags)
      terms.field("cabinBags", offer.terms.cabinBags)
      terms.field("isChangeable", offer.terms.changeFee != nil)
      let last = offer.terms.refunds.last { $0.fee.minorUnits < offer.price.minorUnits }
      terms.field("refundableUntil", ifPresent: last?.before.description)
    }
    object.field("needsRecheck", offer.needsRecheck)
  }
}
