/// One question in one form, so that those who ask alike share an answer.
extension OfferSearch {
  /// The same search with its codes in capitals and its ages in order, and without what its kind does not ask for.
  public var normalized: OfferSearch {
    var search = self
    search.origin = kind == .lodging || kind == .activity ? "" : origin.uppercased()
    search.destination = destination.uppercased()
    search.nights = kind == .lodging ? nights : 0
    search.rooms = kind == .lodging ? rooms : 1
    search.cabin = kind == .lodging || kind == .activity ? "economy" : cabin.lowercased()
    search.childAges.sort()
    return search
  }
}
