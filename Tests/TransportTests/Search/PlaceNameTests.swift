import Kernel
import Testing

@testable import Transport

@Suite("Names of places")
struct PlaceNameTests {
  /// Two stops called Museum, 20 km apart, one that is alone, and two of a name side by side; for each
  /// test anew, since two at once would write the same files.
  private static var text: FeedText {
    FeedText([
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon
      A,Museum,52.50,13.40
      B,Museum,52.70,13.40
      C,Zoologischer Garten,52.52,13.30
      D1,Rathaus,52.600,13.40
      D2,Rathaus,52.601,13.40

      """,
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:00:00,08:00:00,A,1
      T,08:10:00,08:10:00,C,2
      T,08:20:00,08:20:00,D1,3
      T,08:22:00,08:22:00,D2,4
      T,08:40:00,08:40:00,B,5

      """,
    ])
  }

  private func error(_ from: String) throws -> String {
    let world = try RealtimeWorld(Self.text)
    let request = RouteRequest(
      from: from, to: "stop:f:B", time: .departAt(try Instant("2026-06-01T07:50:00+02:00")))
    do throws(RouteError) {
      _ = try Router(world.transit).route(request)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("what is mistyped is answered with what is called almost so")
  func near() throws {
    #expect(try error("place:Zoologscher Gatren").hasSuffix("did you mean Zoologischer Garten?"))
    #expect(try error("place:Rathuas").hasSuffix("did you mean Rathaus?"))
    #expect(try error("place:xyzzy").hasSuffix("write more or less of its name, or lat,lon"))
    #expect(try error("stop:f:D3").hasSuffix("did you mean D1 or D2?"))
    #expect(try error("stop:ff:A").hasSuffix("did you mean f?"))
    #expect(try error("stop:city:A").hasSuffix("there are f"))
  }

  @Test("of several places of one name that are far apart all are named, with their feeds; side by side they are one")
  func ambiguous() throws {
    #expect(
      try error("place:museum")
        == "2 places are called \"museum\": write stop:f:A (Museum, feed f) or stop:f:B (Museum, feed f)")
    #expect(try error("place:Rathaus") == "")
    #expect(try error("place:Zoo") == "")
  }

  @Test("an edit is a letter more, less, another, or two exchanged; of long names more are allowed")
  func edits() {
    func edits(_ left: String, _ right: String) -> Int? { NameDistance.edits(Array(left.utf8), Array(right.utf8)) }
    #expect(edits("abcdef", "abcdef") == 0 && edits("abcdef", "abdcef") == 1 && edits("abcdef", "abcxef") == 1)
    #expect(edits("abcdef", "abcdefgh") == 2 && edits("abcdef", "abcdefghi") == 3 && edits("abc", "xyz") == nil)
    #expect(NameDistance.nearest(to: "Hbf", among: ["München Hbf", "Hof"]) == ["Hof", "München Hbf"])
    #expect(NameDistance.nearest(to: String(repeating: "x", count: 1000), among: ["x"]).isEmpty)
  }
}
