public import Kernel

/// What a package is called: its currency, and what its parts are called by whoever sells them.
///
/// `EUR.12:duffel:off_1…`: each part follows its length in bytes, because sellers call theirs as they like. No price is in
/// it; what was agreed travels beside it.
public struct PackageKey: Hashable, Sendable {
  /// What its parts are, in order of time.
  public static let kinds: [OfferKind] = [.flight, .lodging, .flight]

  /// In what it is paid.
  public let currency: Currency
  /// Its parts, in order of time.
  public let parts: [OfferKey]

  /// The package of these parts.
  public init(_ currency: Currency, _ parts: [OfferKey]) {
    self.currency = currency
    self.parts = parts
  }

  /// Reads what ``text`` writes; nil for anything else, and for what has other parts than ``kinds``.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    guard let dot = rest.prefix(4).firstIndex(of: UInt8(ascii: ".")), let code = String(rest[..<dot]),
      // Whatever is wrong with a currency, it is no package's.
      let currency = try? Currency(code)
    else { return nil }
    rest = rest[rest.index(after: dot)...]
    var parts: [OfferKey] = []
    while !rest.isEmpty, parts.count < Self.kinds.count {
      guard let colon = rest.prefix(7).firstIndex(of: UInt8(ascii: ":")), let digits = String(rest[..<colon]),
        let count = Int(digits), count > 0
      else { return nil }
      rest = rest[rest.index(after: colon)...]
      let written = rest.prefix(count)
      guard written.count == count, let name = String(written), let part = OfferKey(name) else { return nil }
      parts.append(part)
      rest = rest.dropFirst(count)
    }
    guard rest.isEmpty, parts.count == Self.kinds.count else { return nil }
    self.init(currency, parts)
    // One package has one name: no `+12`, no `012`.
    guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
  }

  /// As it travels.
  public var text: String {
    currency.code + "." + parts.map { "\($0.text.utf8.count):\($0.text)" }.joined()
  }
}
