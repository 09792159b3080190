import Catalogue
import Postgres

/// What typed words may mean, by the words that the catalogue has.
struct CatalogueVocabulary: Sendable {
  private typealias Reading = SearchWords.Reading

  /// Of an unfinished word, so many of the most frequent that begin with it are counted.
  private static let completionCountMax = 100
  /// Of a mistyped word, so many that it may have been.
  private static let correctionCountMax = 5
  /// Looked at for each of a word's edits that is a beginning of words.
  private static let completionsPerEdit: Int32 = 3
  /// A shorter beginning begins too much to be taken for a mistake.
  private static let mistakenBeginningMin = 4

  private let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  /// The typed words as words of the catalogue: as they are, finished, or with a mistake mended.
  ///
  /// A word for which nothing is found is left out; nil if that is so for all.
  func readings(_ typed: [String]) async throws -> SearchWords? {
    var (readings, recordCount) = try await finished(typed)
    let unknown = readings.indices.filter { readings[$0].words.isEmpty }
    for (place, mended) in zip(unknown, try await mended(unknown.map { typed[$0] }, last: typed.last)) {
      readings[place] = mended
    }
    return CatalogueVocabulary.known(readings, of: recordCount, isGuess: !unknown.isEmpty)
  }

  /// The same where words that are known may be mistakes too.
  func guesses(_ typed: [String]) async throws -> SearchWords? {
    let (finished, recordCount) = try await finished(typed)
    let mended = try await mended(typed, last: typed.last)
    let readings = zip(finished, mended).map { reading, others in
      let likely = reading.words.prefix(Self.correctionCountMax)
      let words = likely + others.words.filter { !likely.contains($0) }
      return Reading(words: Array(words), beginning: nil, count: reading.count + others.count)
    }
    return CatalogueVocabulary.known(readings, of: recordCount, isGuess: true)
  }

  private static func known(_ readings: [Reading], of recordCount: Int, isGuess: Bool) -> SearchWords? {
    let known = readings.filter { !$0.words.isEmpty }
    return known.isEmpty ? nil : SearchWords(readings: known, recordCount: recordCount, isGuess: isGuess)
  }

  /// Words as they are, and those that the last one begins; a word in between is unfinished only if there is none such.
  ///
  /// How many records there are comes with them, as the server last counted.
  private func finished(_ typed: [String]) async throws -> (readings: [Reading], recordCount: Int) {
    guard let last = typed.last else { return ([], 0) }
    var answers = try await database.pipeline([
      """
      select word, count from catalogue_word where word = any(\(typed))
      union all select '', greatest(reltuples, 1)::int from pg_class where oid = 'catalogue_place'::regclass
      """,
      CatalogueVocabulary.completions(of: last),
    ])
    let completed = try CatalogueVocabulary.reading(answers.removeLast().get())
    let counts = try answers[0].get().decode(String.self, Int32.self).map { ($0.0, Int($0.1)) }
    var known = Dictionary(counts) { $1 }
    let recordCount = known.removeValue(forKey: "") ?? 1
    let unfinished = typed.dropLast().filter { known[$0] == nil }
    var others = unfinished.isEmpty ? [] : try await words(unfinished.map(CatalogueVocabulary.completions))[...]
    var readings = typed.dropLast().map { word -> Reading in
      if let count = known[word] { return Reading(words: [word], beginning: nil, count: count) }
      return (others.popFirst() ?? Reading(words: [], beginning: nil, count: 0)).begun(with: word, ownCount: nil)
    }
    readings.append(completed.begun(with: last, ownCount: known[last]))
    return (readings, recordCount)
  }

  private static func completions(of beginning: String) -> SQL {
    // Of a letter or two, thousands of words: an index has these by how frequent they are.
    let condition: SQL =
      switch beginning.unicodeScalars.count {
      case 1: "left(word, 1) = \(beginning)"
      case 2: "left(word, 2) = \(beginning)"
      default: "word >= \(beginning) and word < \(beginning + "\u{10FFFF}")"
      }
    return """
      select word, count from catalogue_word where \(condition) order by count desc, word
      limit \(Int32(completionCountMax))
      """
  }

  // MARK: Mistakes

  /// What words may be that have a mistake: one mistake away if there are such, else what looks alike.
  private func mended(_ typed: [String], last: String?) async throws -> [Reading] {
    if typed.isEmpty { return [] }
    let most = Int32(Self.correctionCountMax)
    let edits = typed.map { WordEdits(of: $0).words }
    var readings = try await words(
      edits.map {
        "select word, count from catalogue_word where word = any(\($0)) order by count desc, word limit \(most)"
      })
    for place in typed.indices where readings[place].words.isEmpty {
      readings[place] = try await alike(typed[place], edits[place], isLast: typed[place] == last)
    }
    return readings
  }

  private func alike(_ word: String, _ edits: [String], isLast: Bool) async throws -> Reading {
    let most = Int32(Self.correctionCountMax)
    var statements: [SQL] = [
      """
      select word, count from catalogue_word where word % \(word)
      order by similarity(word, \(word)) desc, count desc, word limit \(most)
      """
    ]
    if isLast, word.unicodeScalars.count >= Self.mistakenBeginningMin {
      statements.append(
        """
        select word, count from (
          select distinct known.word, known.count
          from unnest(\(edits)) edit, lateral (
            select word, count from catalogue_word where word >= edit and word < edit || \("\u{10FFFF}") order by word
            limit \(Self.completionsPerEdit)) known
        ) found order by count desc, word limit \(most)
        """)
    }
    let readings = try await words(statements)
    return readings.last { !$0.words.isEmpty } ?? readings[0]
  }

  private func words(_ statements: [SQL]) async throws -> [Reading] {
    try await database.pipeline(statements).map { try CatalogueVocabulary.reading($0.get()) }
  }

  private static func reading(_ rows: Rows) throws -> Reading {
    let found = try rows.decode(String.self, Int32.self)
    return Reading(words: found.map(\.0), beginning: nil, count: found.reduce(0) { $0 + Int($1.1) })
  }
}

extension SearchWords.Reading {
  /// What an unfinished word may become; `ownCount` records have it as it is.
  fileprivate func begun(with beginning: String, ownCount: Int?) -> SearchWords.Reading {
    var reading = self
    // However many are more frequent: what was typed may be all.
    if let ownCount {
      if !reading.words.contains(beginning) { reading.count += ownCount }
      reading.words = [beginning] + reading.words.filter { $0 != beginning }
    }
    reading.beginning = beginning
    return reading
  }
}
