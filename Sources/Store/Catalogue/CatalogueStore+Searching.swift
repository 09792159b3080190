import Catalogue
import Kernel
import Postgres

/// The search: first what the typed words may mean, then a limited number of candidates by an index, then the rank of each.
///
/// A candidate has all words that were typed, the last one perhaps unfinished, in its name or in what it is and where.
/// Words that the catalogue does not have are taken for typing errors; so are all, where no record has them together. The
/// rank adds up how the name fits, how much people want to go there, and how near it is; equal ranks are ordered by id,
/// so that pages neither overlap nor miss anything.
extension CatalogueStore {
  /// Records that a search ranks at most: the nearest, or the best known ones of each source first.
  package static let candidateCountMax = 500
  /// The same where a name is looked for anywhere: the best known ones are then what is meant, as a rule.
  package static let namedCountMax = 200
  /// The same where typing errors were assumed: names are then compared letter by letter.
  private static let guessCountMax = 100
  /// Records of one name, at most.
  private static let namesakeCountMax = 50
  /// Words that are looked for, at most; what follows is left out.
  private static let wordCountMax = 10
  /// Where fewer records than so many times the wanted have all words, too few of the best or good ones would have them.
  private static let enoughForBest = 120, enoughForGood = 12
  /// Within a wider circle, the best known records are looked at first.
  private static let wideRadiusMetres = 50_000.0

  /// Finds records, best first.
  ///
  /// - Throws: `StoreError`.
  package func search(_ query: CatalogueQuery) async throws -> CataloguePage {
    try await searchWithFacets(query).page
  }

  /// The same with how many there are of each category, whichever the query names.
  ///
  /// - Throws: `StoreError`.
  package func searchWithFacets(
    _ query: CatalogueQuery
  ) async throws -> (page: CataloguePage, facets: [CategoryCount]) {
    try await translating {
      guard let text = query.text else { return try await answer(query, nil) ?? CatalogueStore.nothing }
      let typed = foldedName(text).split(separator: " ").prefix(CatalogueStore.wordCountMax).map(String.init)
      let vocabulary = CatalogueVocabulary(database)
      guard let words = try await vocabulary.readings(typed) else { return CatalogueStore.nothing }
      if let found = try await answer(query, words) { return found }
      // There is something of this name, but not where it is wanted.
      if try await isAnywhere(words) { return CatalogueStore.nothing }
      if let guesses = try await vocabulary.guesses(typed), guesses.readings != words.readings,
        let found = try await answer(query, guesses)
      {
        return found
      }
      guard typed.count > 1, let rarest = words.rarest else { return CatalogueStore.nothing }
      return try await answer(query, rarest) ?? CatalogueStore.nothing
    }
  }

  /// What somebody probably goes on to type, best known first.
  ///
  /// - Throws: `StoreError`.
  package func suggest(_ prefix: String, limit: Int = 10) async throws -> [StoredPlace] {
    var query = CatalogueQuery(text: prefix)
    query.limit = limit
    return try await search(query).found.map(\.stored)
  }

  private static let nothing = (page: CataloguePage(found: [], next: nil), facets: [CategoryCount]())

  // MARK: Statements

  /// The page and the facets; nil if there is no candidate at all.
  private func answer(
    _ query: CatalogueQuery, _ words: SearchWords?
  ) async throws -> (page: CataloguePage, facets: [CategoryCount])? {
    // Facets count what other categories have too.
    guard query.category != nil else {
      let rows = try await database.query(CatalogueStore.ranked(query, words))
      guard let first = rows.first else { return nil }
      return (try CatalogueStore.page(rows, query), try CatalogueStore.facets(first["facets"]))
    }
    var all = query
    all.category = nil
    let answers = try await database.pipeline([
      CatalogueStore.ranked(query, words),
      "with \(CatalogueStore.candidates(all, words)) select \(CatalogueStore.facets)",
    ])
    let facets = try CatalogueStore.facets(try answers[1].get().decodeOnly(String?.self))
    let page = try CatalogueStore.page(try answers[0].get(), query)
    return page.found.isEmpty && facets.isEmpty ? nil : (page, facets)
  }

  private func isAnywhere(_ words: SearchWords) async throws -> Bool {
    try await database.query(
      "select exists (select from catalogue_place where words @@ \(words.query(.all))::tsquery)"
    ).decodeOnly(Bool.self)
  }

  private static func page(_ rows: Rows, _ query: CatalogueQuery) throws -> CataloguePage {
    let found = try rows.prefix(query.limit).map { row in
      FoundPlace(stored: try CatalogueRows.place(row), metres: try row["metres"])
    }
    guard rows.count > query.limit, let last = rows.prefix(query.limit).last else {
      return CataloguePage(found: found, next: nil)
    }
    return CataloguePage(found: found, next: CatalogueCursor(rank: try last["rank"], id: try last["id"]))
  }

  private static func ranked(_ query: CatalogueQuery, _ words: SearchWords?) -> SQL {
    let after: SQL =
      query.cursor.map { "rank < \($0.rank) or rank = \($0.rank) and id > \($0.id) collate \"C\"" } ?? "true"
    return """
      with \(candidates(query, words)), ranked as (
        select place.id, \(rank(query, words)) as rank, \(metres(query)) as metres from candidate place
      ), page as (select * from ranked where \(after) order by rank desc, id limit \(Int32(query.limit + 1)))
      select \(CatalogueRows.columns), page.rank, page.metres, (select \(facets)) as facets
      from page join catalogue_place place on place.id = page.id left join catalogue_place home on home.id = place.city
      order by page.rank desc, place.id
      """
  }

  /// How many candidates are of each category, the most frequent first: names of categories have no blanks.
  private static let facets: SQL = """
    string_agg(category || ' ' || count, ' ' order by count desc, category)
    from (select category, count(*) from candidate group by 1) counted
    """

  private static func facets(_ text: String?) throws -> [CategoryCount] {
    let parts = (text ?? "").split(separator: " ")
    return try stride(from: 0, to: parts.count - 1, by: 2).map { place in
      guard let count = Int(parts[place + 1]) else { throw StoreError.faulty(reason: "facets are no numbers") }
      return CategoryCount(category: String(parts[place]), count: count)
    }
  }

  /// What the rank and the facets are reckoned from.
  private static let ranking: SQL = "place.id, place.folded, place.score, place.location, place.category"

  private static func candidates(_ query: CatalogueQuery, _ words: SearchWords?) -> SQL {
    let filter = filter(query)
    guard let text = query.text, let words else {
      guard let near = query.near else {
        return "candidate as (select \(ranking) from catalogue_place place where false)"
      }
      return """
        candidate as (
          select \(ranking) from catalogue_place place where \(filter) order by location <-> \(point(near.point))
          limit \(Int32(candidateCountMax)))
        """
    }
    let most = Int32(words.isGuess ? guessCountMax : query.near == nil ? namedCountMax : candidateCountMax)
    func tier(_ tier: CatalogueTier, unless enough: SQL) -> SQL {
      let (indexed, held) = tier == .all ? words.taken : (words.query(tier), nil)
      // The function, unlike its operator, is not looked up in an index.
      let rest: SQL = held.map { "ts_match_vq(place.words, \($0)::tsquery)" } ?? "true"
      return """
        select \(ranking), place.words @@ \(words.nameQuery)::tsquery as is_named from catalogue_place place
        where not (\(enough)) and words @@ \(indexed)::tsquery and \(rest) and \(filter) limit \(most)
        """
    }
    // Within a small circle the geographic index leaves few records at once, and of rare words there are few anyway; what
    // is not needed is not planned either.
    let isNear = query.near?.radiusMetres.map { $0 <= wideRadiusMetres } ?? false
    let hasGood = !isNear && words.likelyCount >= enoughForGood * Int(most)
    let hasBest = hasGood && words.likelyCount >= enoughForBest * Int(most)
    let namesake: SQL = """
      select \(ranking), true as is_named from catalogue_place place
      where folded = \(foldedName(text)) and \(filter) limit \(Int32(namesakeCountMax))
      """
    guard hasGood else {
      return """
        everything as materialized (\(tier(.all, unless: "false"))), namesake as (\(namesake)), candidate as materialized (
          select * from everything
          union all select * from namesake where id not in (select id from everything)
        )
        """
    }
    return """
      best as materialized (\(tier(.best, unless: hasBest ? "false" : "true"))),
      good as materialized (\(tier(.good, unless: "(select count(*) from best) >= \(most)"))),
      everything as materialized (
        \(tier(.all, unless: "(select count(*) from best) >= \(most) or (select count(*) from good) >= \(most)"))
      ), namesake as (\(namesake)), candidate as materialized (
        select * from everything
        union all select * from good where not exists (select from everything)
        union all select * from best where not exists (select from everything) and not exists (select from good)
        union all select * from namesake where id not in (
          select id from everything union all select id from good union all select id from best)
      )
      """
  }

  private static func filter(_ query: CatalogueQuery) -> SQL {
    var conditions: [SQL] = []
    if let category = query.category { conditions.append("place.category = \(category)") }
    if let near = query.near, let radius = near.radiusMetres {
      conditions.append("(\(boxes(near.point, radius)))")
      conditions.append("catalogue_metres(place.location, \(point(near.point))) <= \(radius)")
    }
    return conditions.isEmpty ? "true" : conditions.joined(separator: " and ")
  }

  /// What the geographic index can answer: boxes that hold the circle, two where it crosses the date line.
  private static func boxes(_ middle: Coordinate, _ radius: Double) -> SQL {
    CircleBox.around(middle, radius).map { box -> SQL in
      "place.location <@ box(\(point(box.southWest)), \(point(box.northEast)))"
    }.joined(separator: " or ")
  }

  private static func point(_ point: Coordinate) -> SQL { "point(\(point.longitude), \(point.latitude))" }

  private static func metres(_ query: CatalogueQuery) -> SQL {
    query.near.map { "catalogue_metres(place.location, \(point($0.point)))" } ?? "null::double precision"
  }

  /// The name counts up to 1500, so that the very name comes before longer ones that are better known; the score and
  /// nearness count 500 each.
  private static func rank(_ query: CatalogueQuery, _ words: SearchWords?) -> SQL {
    var parts: [SQL] = ["5 * place.score::float8"]
    if let text = query.text, let words {
      let folded = foldedName(text)
      let likeness: SQL =
        words.isGuess
        ? "700 * greatest(similarity(place.folded, \(folded)), word_similarity(\(folded), place.folded))"
        : """
        case when place.is_named
          then 400 + 300 * least(1, \(Double(folded.unicodeScalars.count)) / char_length(place.folded)) else 0 end
        """
      parts.append(
        """
        case when place.folded = \(folded) then 1500 when starts_with(place.folded, \(folded)) then 800
        else \(likeness) end
        """)
    }
    if query.near != nil { parts.append("500.0::float8 / (1 + \(metres(query)) / 2000)") }
    return "round(\(parts.joined(separator: " + ")))::int"
  }
}
