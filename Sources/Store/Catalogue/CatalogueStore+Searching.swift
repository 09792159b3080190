import Catalogue
import Kernel
import Postgres

/// The search: first a limited number of candidates by an index, then the rank of each.
///
/// A candidate has all words that were typed, the last one perhaps unfinished, in its name or in what it is and where.
/// Only where none has, names that look alike by their trigrams are candidates: so typing errors cost nobody else. The
/// rank adds up how the name fits, how much people want to go there, and how near it is; equal ranks are ordered by id,
/// so that pages neither overlap nor miss anything.
extension CatalogueStore {
  /// Records that a search ranks at most: the best known ones of each source first.
  package static let candidateCountMax = 500
  /// Names that look alike, at most.
  private static let alikeCountMax = 100

  /// Finds records, best first.
  ///
  /// - Throws: `StoreError`.
  package func search(_ query: CatalogueQuery) async throws -> CataloguePage {
    try await translating { try CatalogueStore.page(try await database.query(CatalogueStore.ranked(query)), query) }
  }

  /// The same with how many there are of each category, whichever the query names.
  ///
  /// - Throws: `StoreError`.
  package func searchWithFacets(
    _ query: CatalogueQuery
  ) async throws -> (page: CataloguePage, facets: [CategoryCount]) {
    var all = query
    all.category = nil
    let facets: SQL = """
      with \(CatalogueStore.candidates(all)) select category, count(*) from candidate group by 1 order by 2 desc, 1
      """
    return try await translating {
      let answers = try await database.pipeline([CatalogueStore.ranked(query), facets])
      let counts = try answers[1].get().decode(String.self, Int64.self)
      return (
        try CatalogueStore.page(try answers[0].get(), query),
        counts.map { CategoryCount(category: $0.0, count: Int($0.1)) }
      )
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

  // MARK: Statements

  private static func page(_ rows: Rows, _ query: CatalogueQuery) throws -> CataloguePage {
    let found = try rows.prefix(query.limit).map { row in
      FoundPlace(stored: try CatalogueRows.place(row), metres: try row["metres"])
    }
    guard rows.count > query.limit, let last = rows.prefix(query.limit).last else {
      return CataloguePage(found: found, next: nil)
    }
    return CataloguePage(found: found, next: CatalogueCursor(rank: try last["rank"], id: try last["id"]))
  }

  private static func ranked(_ query: CatalogueQuery) -> SQL {
    let after: SQL =
      query.cursor.map { "rank < \($0.rank) or rank = \($0.rank) and id > \($0.id) collate \"C\"" } ?? "true"
    return """
      with \(candidates(query)), ranked as (
        select place.id, \(rank(query)) as rank, \(metres(query)) as metres from candidate place
      ), page as (select * from ranked where \(after) order by rank desc, id limit \(Int32(query.limit + 1)))
      select \(CatalogueRows.columns), page.rank, page.metres
      from page join catalogue_place place on place.id = page.id left join catalogue_place home on home.id = place.city
      order by page.rank desc, place.id
      """
  }

  /// What the rank and the facets are reckoned from.
  private static let ranking: SQL = "place.id, place.folded, place.words, place.score, place.location, place.category"

  private static func candidates(_ query: CatalogueQuery) -> SQL {
    let filter = filter(query)
    guard let text = query.text else {
      guard let near = query.near else {
        return "candidate as (select \(ranking) from catalogue_place place where false)"
      }
      return """
        candidate as (
          select \(ranking) from catalogue_place place where \(filter) order by location <-> \(point(near.point))
          limit \(Int32(candidateCountMax)))
        """
    }
    let folded = foldedName(text)
    return """
      sure as materialized (
        select \(ranking) from catalogue_place place where words @@ \(wanted(folded))::tsquery and \(filter)
        limit \(Int32(candidateCountMax))
      ), candidate as (
        select * from sure union all
        select \(ranking) from catalogue_alike(\(folded), \(Int32(alikeCountMax))) place
        where not exists (select from sure) and \(filter))
      """
  }

  /// The words as the server's language of queries has them: folded words are letters and digits alone.
  private static func wanted(_ folded: String) -> String {
    let words = folded.split(separator: " ")
    return words.enumerated().map { "'\($1)'\($0 == words.count - 1 ? ":*" : "")" }.joined(separator: " & ")
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
  private static func rank(_ query: CatalogueQuery) -> SQL {
    var parts: [SQL] = ["5 * place.score::float8"]
    if let text = query.text {
      let folded = foldedName(text)
      parts.append(
        """
        case when place.folded = \(folded) then 1500 when starts_with(place.folded, \(folded)) then 800
        else 700 * greatest(similarity(place.folded, \(folded)), word_similarity(\(folded), place.folded)) end
        """)
    }
    if query.near != nil { parts.append("500.0::float8 / (1 + \(metres(query)) / 2000)") }
    return "round(\(parts.joined(separator: " + ")))::int"
  }
}
