/// What the words that were typed may mean: for each of them words of the catalogue, any of which will do.
struct SearchWords: Hashable, Sendable {
  /// What one typed word may mean.
  struct Reading: Hashable, Sendable {
    /// Words of the catalogue, never none.
    var words: [String]
    /// What all of them begin with, where they are what an unfinished word may become.
    var beginning: String?
    /// Records that have one of them, at most.
    var count: Int
  }

  /// In the order of what was typed; never empty.
  let readings: [Reading]
  /// Whether typing errors were assumed, so that names must be compared by how much alike they look.
  let isGuess: Bool

  /// As the server's language of queries has them: folded words are letters and digits alone.
  func query(_ tier: CatalogueTier) -> String {
    SearchWords.all(of: readings) { reading in
      "(\(reading.words.map { "'\(tier.rawValue)\($0)'" }.joined(separator: " | ")))"
    }
  }

  /// The same for records that have all of them in the name; as short as can be, because each candidate is held to it.
  var nameQuery: String {
    SearchWords.all(of: readings) { reading in
      if let beginning = reading.beginning { return "'\(beginning)':*A" }
      return "(\(reading.words.map { "'\($0)':A" }.joined(separator: " | ")))"
    }
  }

  /// How many records may have all of them: as many as have the rarest.
  var countMax: Int { readings.map(\.count).min() ?? 0 }

  /// The one that the fewest records have.
  var rarest: SearchWords? {
    readings.min { $0.count < $1.count }.map { SearchWords(readings: [$0], isGuess: true) }
  }

  private static func all(of readings: [Reading], _ term: (Reading) -> String) -> String {
    readings.map(term).joined(separator: " & ")
  }
}
