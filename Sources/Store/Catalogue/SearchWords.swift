/// What the words that were typed may mean: for each of them words of the catalogue, any of which will do.
struct SearchWords: Hashable, Sendable {
  /// What one typed word may mean.
  struct Reading: Hashable, Sendable {
    /// The most named at once: the more there are, the more a server takes all records for likely.
    private static let namedMax = 5

    /// Words of the catalogue, never none; of an unfinished word the most frequent.
    var words: [String]
    /// What all of them begin with, where they are what an unfinished word may become.
    var beginning: String?
    /// Records that have one of them, at most.
    var count: Int

    /// Whether it is asked for by its beginning.
    fileprivate var isBeginning: Bool { beginning != nil && words.count > Self.namedMax }

    /// Few words are named, because an index finds those one by one; of many, what they begin with.
    fileprivate func term(_ mark: String, _ weight: String) -> String {
      if let beginning, isBeginning { return "'\(mark)\(beginning)':*\(weight)" }
      let suffix = weight.isEmpty ? "" : ":\(weight)"
      return "(\(words.map { "'\(mark)\($0)'\(suffix)" }.joined(separator: " | ")))"
    }
  }

  /// In the order of what was typed; never empty.
  let readings: [Reading]
  /// How many records there are, as the server last counted.
  let recordCount: Int
  /// Whether typing errors were assumed, so that names must be compared by how much alike they look.
  let isGuess: Bool

  /// As the server's language of queries has them: folded words are letters and digits alone.
  func query(_ tier: CatalogueTier) -> String { SearchWords.all(of: readings) { $0.term(tier.rawValue, "") } }

  /// The same taken apart for all records: what an index is asked, and what each record is then held to.
  ///
  /// An index gathers all records that have any word with the beginning, before it looks which of them have the rare word
  /// beside it: where there is such a word, it is better not asked.
  var taken: (indexed: String, held: String?) {
    guard let last = readings.last, last.isBeginning, let rarest = readings.dropLast().map(\.count).min(),
      rarest <= SearchWords.rareCountMax
    else { return (query(.all), nil) }
    return (SearchWords.all(of: readings.dropLast()) { $0.term("", "") }, last.term("", ""))
  }

  /// The same for records that have all of them in the name.
  var nameQuery: String { SearchWords.all(of: readings) { $0.term("", "A") } }

  /// How many records probably have all of them: midway between as many as have the rarest, which they are where the
  /// words belong together, and what chance would make them.
  var likelyCount: Int {
    let all = Double(max(1, recordCount))
    let rarest = Double(readings.map(\.count).min() ?? 0)
    let byChance = readings.reduce(all) { $0 * min(1, Double($1.count) / all) }
    return Int((rarest * byChance).squareRoot())
  }

  /// The one that the fewest records have.
  var rarest: SearchWords? {
    readings.min { $0.count < $1.count }.map { SearchWords(readings: [$0], recordCount: recordCount, isGuess: true) }
  }

  /// Records of which each can be looked at.
  private static let rareCountMax = 2000

  private static func all(of readings: some Collection<Reading>, _ term: (Reading) -> String) -> String {
    readings.map(term).joined(separator: " & ")
  }
}
