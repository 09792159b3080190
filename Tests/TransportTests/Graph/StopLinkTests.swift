import Testing

@testable import Transport

@Suite("Stops that are one place")
struct StopLinkTests {
  @Test(
    "names are alike whatever their case, accents, order and words that only say what it is",
    arguments: [
      ("Zürich Oerlikon", "Zürich Altstetten", false), ("Zürich Hauptbahnhof", "Zurich Hbf", true),
      ("San José Diridon", "San Jose Diridon Station", true), ("Palo Alto", "Palo Alto Caltrain", true),
      ("Estación de Málaga", "malaga", true), ("Gare de Lyon", "Lyon", true), ("Station", "Station", true),
      ("Main St", "Oak St", false), ("A", "A B", false), ("", "", false), ("Millbrae", "Milbrae", false),
      ("St. Pölten", "St Polten", true), ("Straße", "Strasse", true),
    ])
  func words(_ one: String, _ other: String, _ isAlike: Bool) {
    #expect(StopWords(one).isAlike(StopWords(other)) == isAlike)
    #expect(StopWords(other).isAlike(StopWords(one)) == isAlike)
  }

  /// Stops of a second feed near Alpha (52.50, 13.40) of the first; a ten-thousandth of latitude is 11 m.
  @Test("within 30 m all, within 400 m those called alike, and never two of one feed")
  func distances() throws {
    let home = TemporaryFolder()
    let store = FeedStore(home: home.path)
    let other = FeedText([
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
      A,Somewhere,52.5002,13.4,,
      B,alpha station,52.503,13.4,,
      C,Elsewhere,52.5004,13.4,,
      D,Alpha,52.504,13.4,,
      S,Station Alpha,52.5001,13.4,1,
      P,Alpha,52.5001,13.4,0,S

      """
    ])
    let first = FeedText()
    _ = try store.add(FeedName("a"), from: first.write())
    _ = try store.add(FeedName("b"), from: other.write())
    let database = try SQLiteDatabase(home.path("transit/current/graph.sqlite"), .reading)
    let links = try database.rows(
      """
      select a.stop_id, b.stop_id, distance_metres, has_same_name from stop_links
      join stops a on a.stop = from_stop join stops b on b.stop = to_stop where from_stop < to_stop
      """)
    // D is 445 m away; P is a part of S.
    #expect(links == ["A|A|22|0", "A|B|334|1", "A|S|11|1"])
    #expect(try database.number("select count(*) from stop_links") == 6)
  }
}
