public import Kernel

/// Rides there and back and a stay, sold together at one price.
public struct PackageOffer: Hashable, Sendable {
  /// What belongs to it, in order of time.
  public let parts: [Offer]
  /// What is to be paid for all of it.
  public let price: Money
  /// When the first of its parts is no longer honoured.
  public let expires: Instant
  /// What giving all of it back costs, by when.
  public let refunds: [RefundStep]

  /// What it is booked by.
  public var key: PackageKey { PackageKey(price.currency, parts.map(\.key)) }

  /// Parts under one price; nil where they cannot be: none of them, two currencies, or money that passes 64 bits.
  public init?(_ parts: [Offer], _ rule: PackageRule, at now: Instant) {
    guard let first = parts.first, let expires = parts.map(\.expires).min(), expires > now else { return nil }
    // Parts that cannot be added up are no package, for whatever reason.
    guard let price = try? rule.price(of: parts, in: first.price.currency),
      let refunds = try? PackageOffer.refunds(of: parts, rule, price, at: now)
    else { return nil }
    self.parts = parts
    self.price = price
    self.expires = expires
    self.refunds = refunds
  }

  /// What giving all back costs: the parts' fees together, until that is the whole price.
  ///
  /// A part costs no more than its share, as where it is given back: the rest of a fee is ours.
  private static func refunds(
    of parts: [Offer], _ rule: PackageRule, _ price: Money, at now: Instant
  ) throws(MoneyError) -> [RefundStep] {
    let moments = Set(parts.flatMap { $0.terms.refunds.map(\.before) }).filter { $0 > now }.sorted()
    var steps: [RefundStep] = []
    var from = now
    for moment in moments {
      var fee = Money.zero(price.currency)
      for part in parts {
        let share = rule.share(of: part)
        let asked = part.terms.fee(at: from) ?? share
        fee = try fee.adding(asked.currency == share.currency && asked.minorUnits > share.minorUnits ? share : asked)
      }
      guard fee.minorUnits < price.minorUnits else { break }
      steps.append(RefundStep(before: moment, fee: fee))
      from = moment
    }
    return steps
  }
}

/// Which packages there are, of some rides there, rides back and stays.
public struct PackageChoice: Sendable {
  /// Offers of each kind that are joined, at most: the cheapest.
  public static let eachMax = 16

  /// Packages, the cheapest first.
  public let packages: [PackageOffer]

  /// Joins what fits: who arrives later than noon (UTC) of the day after the first night began does not need the stay.
  ///
  /// - Complexity: O(n³) for n of each kind, which are at most ``eachMax``.
  public init(there: [Offer], stays: [Offer], back: [Offer], _ rule: PackageRule, at now: Instant) {
    func cheapest(_ offers: [Offer]) -> ArraySlice<Offer> {
      offers.sorted { ($0.price.minorUnits, $0.key.text) < ($1.price.minorUnits, $1.key.text) }
        .prefix(PackageChoice.eachMax)
    }
    let homewards = cheapest(back)
    var found: [PackageOffer] = []
    for stay in cheapest(stays) {
      guard let place = stay.place else { continue }
      let noon = Int64(place.first.daysSinceEpoch + 1) * 86_400 + 43_200
      for out in cheapest(there) where (out.rides.last?.arrival.secondsSinceEpoch ?? .max) < noon {
        for home in homewards {
          if let package = PackageOffer([out, stay, home], rule, at: now) { found.append(package) }
        }
      }
    }
    packages = found.sorted { PackageChoice.name($0) < PackageChoice.name($1) }
  }

  private static func name(_ package: PackageOffer) -> (Int64, String) {
    (package.price.minorUnits, package.parts.map(\.key.text).joined(separator: " "))
  }
}
