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
    var isGuess = false
    var readings: [Reading] = []
    for (place, reading) in try await finished(typed).enumerated() {
      if reading.words.isEmpty {
        isGuess = true
        readings.append(try await mended(typed[place], isLast: place == typed.count - 1))
      } else {
        readings.append(reading)
      }
    }
    return CatalogueVocabulary.known(readings, isGuess: isGuess)
  }

  /// The same where words that are known may be mistakes too.
  func guesses(_ typed: [String]) async throws -> SearchWords? {
    var readings: [Reading] = []
    for (place, reading) in try await finished(typed).enumerated() {
      let others = try await mended(typed[place], isLast: place == typed.count - 1)
      let likely = reading.words.prefix(Self.correctionCountMax)
      let words = likely + others.words.filter { !likely.contains($0) }
      readings.append(Reading(words: Array(words), beginning: nil, count: reading.count + others.count))
    }
    return CatalogueVocabulary.known(readings, isGuess: true)
  }

  private static func known(_ readings: [Reading], isGuess: Bool) -> SearchWords? {
    let known = readings.filter { !$0.words.isEmpty }
    return known.isEmpty ? nil : SearchWords(readings: known, isGuess: isGuess)
  }

  /// Words as they are, and those that the last one begins; a word in between is unfinished only if there is none such.
  private func finished(_ typed: [String]) async throws -> [Reading] {
    let rows = try await database.query("select word, count from catalogue_word where word = any(\(typed))")
    let known = Dictionary(try rows.decode(String.self, Int32.self).map { ($0.0, Int($0.1)) }) { $1 }
    var readings: [Reading] = []
    for (place, word) in typed.enumerated() {
      if place < typed.count - 1, let count = known[word] {
        readings.append(Reading(words: [word], beginning: nil, count: count))
      } else {
        readings.append(try await completions(of: word, ownCount: known[word]))
      }
    }
    return readings
  }

  private func completions(of beginning: String, ownCount: Int?) async throws -> Reading {
    // Of a letter or two, thousands of words: an index has these by how frequent they are.
    let condition: SQL =
      switch beginning.unicodeScalars.count {
      case 1: "left(word, 1) = \(beginning)"
      case 2: "left(word, 2) = \(beginning)"
      default: "word >= \(beginning) and word < \(beginning + "\u{10FFFF}")"
      }
    var reading = try await words(
      """
      select word, count from catalogue_word where \(condition) order by count desc, word
      limit \(Int32(Self.completionCountMax))
      """)
    // However many are more frequent: what was typed may be all.
    if let ownCount {
      if !reading.words.contains(beginning) { reading.count += ownCount }
      reading.words = [beginning] + reading.words.filter { $0 != beginning }
    }
    reading.beginning = beginning
    return reading
  }

  /// What a word may be that has a mistake: one mistake away if there are such, else what looks alike.
  private func mended(_ word: String, isLast: Bool) async throws -> Reading {
    let edits = WordEdits(of: word).words
    let most = Int32(Self.correctionCountMax)
    let near = try await words(
      "select word, count from catalogue_word where word = any(\(edits)) order by count desc, word limit \(most)")
    if !near.words.isEmpty { return near }
    if isLast, word.unicodeScalars.count >= Self.mistakenBeginningMin {
      let begun = try await words(
        """
        select word, count from (
          select distinct known.word, known.count
          from unnest(\(edits)) edit, lateral (
            select word, count from catalogue_word where word >= edit and word < edit || \("\u{10FFFF}") order by word
            limit \(Self.completionsPerEdit)) known
        ) found order by count desc, word limit \(most)
        """)
      if !begun.words.isEmpty { return begun }
    }
    return try await words(
      """
      select word, count from catalogue_word where word % \(word)
      order by similarity(word, \(word)) desc, count desc, word limit \(most)
      """)
  }

  private func words(_ statement: SQL) async throws -> Reading {
    let found = try await database.query(statement).decode(String.self, Int32.self)
    return Reading(words: found.map(\.0), beginning: nil, count: found.reduce(0) { $0 + Int($1.1) })
  }
}
