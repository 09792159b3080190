import Kernel

/// A search's name: short, the same for all who ask alike, and all that it takes to ask again.
///
///     flight.BER-LIS.economy.2-7.EUR.2030-05-01      two grown-ups and a child of seven
///     lodging.LIS.3n.2.EUR.2030-05-01                three nights
///     lodging.LIS.3n2r.4.EUR.2030-05-01              the same in two rooms
extension OfferSearch {
  /// Letters that a place's code may have in a name.
  private static let codeLengths = 2...12
  private static let partyMost = 20
  private static let roomsMost = 9

  /// The name without the day, which all days of a route share; nil for codes that no name can hold.
  public var route: String? {
    let search = normalized
    let party = ([search.adults] + search.childAges).map(String.init).joined(separator: "-")
    let isRide = ![.lodging, .activity].contains(kind)
    guard OfferSearch.isCode(search.destination), !isRide || OfferSearch.isCode(search.origin),
      search.adults + search.childAges.count <= OfferSearch.partyMost,
      (1...OfferSearch.roomsMost).contains(search.rooms)
    else { return nil }
    let middle =
      switch kind {
      case .lodging: "\(search.destination).\(search.nights)n\(search.rooms > 1 ? "\(search.rooms)r" : "")"
      case .activity: search.destination
      case .flight, .rail, .coach: "\(search.origin)-\(search.destination).\(search.cabin)"
      }
    return "\(kind.rawValue).\(middle).\(party).\(currency.code)"
  }

  /// The name; nil for codes that no name can hold.
  public var name: String? { route.map { "\($0).\(date)" } }

  /// The search of a name; nil for anything that ``name`` does not write.
  public init?(name: String) {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 5, name.utf8.count <= 120, let kind = OfferKind(rawValue: parts.removeFirst()) else {
      return nil
    }
    // What no day, currency or number can be read from is no name.
    guard let date = try? LocalDate(parts.removeLast()), let currency = try? Currency(parts.removeLast()) else {
      return nil
    }
    let party = parts.removeLast().split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard let adults = party.first, adults >= 1, party.allSatisfy({ (0...99).contains($0) }) else { return nil }
    self.init(kind, to: "", on: date, adults: adults, childAges: Array(party.dropFirst()), currency: currency)
    switch (kind, parts.count) {
    case (.lodging, 2):
      let counts = parts[1].split(separator: "n", omittingEmptySubsequences: false)
      guard counts.count == 2, let nights = Int(counts[0]) else { return nil }
      (destination, self.nights) = (parts[0], nights)
      if !counts[1].isEmpty {
        guard counts[1].hasSuffix("r"), let rooms = Int(counts[1].dropLast()) else { return nil }
        self.rooms = rooms
      }
    case (.activity, 1): destination = parts[0]
    case (.flight, 2), (.rail, 2), (.coach, 2):
      let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard ends.count == 2 else { return nil }
      (origin, destination, cabin) = (ends[0], ends[1], parts[1])
    default: return nil
    }
    // One search has one name: what is written another way is none.
    guard self.name == name else { return nil }
  }

  /// Whether a text can be a place's code in a name.
  public static func isCode(_ text: String) -> Bool {
    codeLengths.contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
  }
}
