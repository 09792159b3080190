/// How well known a record is among those of its source.
///
/// The words of records of the first two tiers are indexed once more, marked: a search for what many records have reads
/// these few first and needs the rest only where they are not enough.
enum CatalogueTier: String, CaseIterable {
  /// The first hundredth.
  case best = "1/"
  /// The first tenth, the best included.
  case good = "2/"
  /// All records.
  case all = ""

  /// How many records of a source of so many it has.
  func count(of all: Int) -> Int {
    switch self {
    case .best: max(200, all / 100)
    case .good: max(2000, all / 10)
    case .all: all
    }
  }
}
