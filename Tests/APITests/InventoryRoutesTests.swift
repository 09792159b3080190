import HTTP
import JSON
import Postgres
import Testing

@testable import API

/// What operators put in, and how they are told what is wrong with it.
@Suite("Inventory routes")
struct InventoryRoutesTests {
  typealias Fixture = ApplicationFixture
  private static let root = "/v1/operations/inventory"
  private static let room =
    #"{"place":"AMS","house":"Canal House","rate":"double","sleeps":2,"price":{"amount":"90.00","currency":"EUR"}}"#
  private static let run = """
    {"kind":"coach","origin":"BER","destination":"AMS","day":"2030-05-01","departure":"2030-05-01T08:00:00+02:00",
     "arrival":"2030-05-01T16:00:00+02:00","carrier":"Ours","number":"7","seats":50,
     "price":{"amount":"29.00","currency":"EUR"}}
    """

  @Test("rooms and runs are put in, changed and listed", arguments: Fixture.Way.allCases)
  func puts(_ way: Fixture.Way) async throws {
    try await Fixture.run(way) { app in
      for id in ["attic", "blue", "cellar"] {
        let put = try await app.send(.put, "\(Self.root)/rooms/\(id)", Fixture.operatorFields(), body: Self.room)
        #expect(put.status == 200, "\(put.text)")
        #expect(try put.string("/id") == id)
      }
      let changed = Self.room.replacing("90.00", with: "85.50").replacing(
        #""sleeps":2"#, with: #""sleeps":3,"onSale":false"#)
      let again = try await app.send(.put, "\(Self.root)/rooms/blue", Fixture.operatorFields(), body: changed)
      #expect(try again.string("/price/amount") == "85.50")
      let first = try await app.send(.get, "\(Self.root)/rooms?limit=2", Fixture.operatorFields())
      let page = try JSONDocument(bytes: first.body).root
      #expect(page.list("rooms").map { $0.text("id") } == ["attic", "blue"] && page.text("next") == "blue")
      #expect(page.list("rooms")[1].count("sleeps") == 3 && !page.list("rooms")[1].isTrue("onSale"))
      let rest = try await app.send(.get, "\(Self.root)/rooms?limit=2&cursor=blue", Fixture.operatorFields())
      let last = try JSONDocument(bytes: rest.body).root
      #expect(last.list("rooms").map { $0.text("id") } == ["cellar"] && last.text("next") == nil)
      let put = try await app.send(.put, "\(Self.root)/runs/coach-7", Fixture.operatorFields(), body: Self.run)
      #expect(put.status == 200, "\(put.text)")
      let runs = try await app.send(.get, "\(Self.root)/runs", Fixture.operatorFields())
      let run = try #require(try JSONDocument(bytes: runs.body).root.list("runs").first)
      #expect(run.text("id") == "coach-7" && run.count("left") == 50 && run.isTrue("onSale"))
    }
  }

  @Test("what is wrong is named with its place, and nothing of it is put in")
  func refuses() async throws {
    try await Fixture.run(.inProcess) { app in
      let rooms: [(String, String, String)] = [
        (#""place":"AMS""#, #""place":"A M S""#, "/place"), (#""place":"AMS","#, "", "place"),
        (#""sleeps":2"#, #""sleeps":0"#, "/sleeps"), (#""sleeps":2"#, #""sleeps":"two""#, "/sleeps"),
        (#""house":"Canal House""#, #""house":"""#, "/house"), ("90.00", "-1.00", "/price"),
        ("90.00", "90.001", "/price"),
        ("EUR", "EURO", "/price/currency"), ("EUR", "QQQ", "/price"),
        (#""sleeps":2"#, #""sleeps":2,"freeDays":366"#, "/freeDays"),
        (#""sleeps":2"#, #""sleeps":2,"onSale":1"#, "/onSale"), (#""sleeps":2"#, #""sleeps":2,"stars":4"#, "stars"),
      ]
      let runs: [(String, String, String)] = [
        ("coach", "ferry", "/kind"), ("BER", "B", "/origin"), ("2030-05-01\"", "2030-02-30\"", "/day"),
        ("T08:00:00+02:00", " eight", "/departure"), ("T16:00:00", "T07:00:00", "/arrival"),
        (#""seats":50"#, #""seats":-1"#, "/seats"), (#""number":"7""#, #""number":7"#, "/number"),
      ]
      for (path, base, cases) in [("rooms/attic", Self.room, rooms), ("runs/coach-7", Self.run, runs)] {
        for (part, bad, place) in cases {
          let body = base.replacing(part, with: bad)
          #expect(body != base, "\(part) is not in it")
          let answer = try await app.send(.put, "\(Self.root)/\(path)", Fixture.operatorFields(), body: body)
          #expect((400...422).contains(answer.status) && answer.text.contains(place), "\(bad): \(answer.text)")
        }
      }
      for (path, status, words) in [
        ("rooms/Attic", 400, "id"), ("rooms/-attic", 400, "id"), ("runs/coach_7", 400, "id"),
        ("rooms/\(String(repeating: "a", count: 61))", 400, "id"),
      ] {
        let body = path.hasPrefix("rooms") ? Self.room : Self.run
        let answer = try await app.send(.put, "\(Self.root)/\(path)", Fixture.operatorFields(), body: body)
        #expect(answer.status == status && answer.text.contains(words), "\(path): \(answer.status) \(answer.text)")
      }
      for query in ["limit=0", "limit=201", "limit=many", "cursor=Attic", "color=red"] {
        let answer = try await app.send(.get, "\(Self.root)/rooms?\(query)", Fixture.operatorFields())
        #expect(answer.status == 400, "\(query): \(answer.status) \(answer.text)")
        #expect(answer.text.contains(query.prefix { $0 != "=" }), "\(query): \(answer.text)")
      }
      for list in ["rooms", "runs"] {
        let answer = try await app.send(.get, "\(Self.root)/\(list)", Fixture.operatorFields())
        #expect(try JSONDocument(bytes: answer.body).root.list(list == "rooms" ? "rooms" : "runs").isEmpty)
      }
    }
  }

  @Test("fewer seats than are taken are refused, and operators alone come here")
  func takenSeats() async throws {
    try await Fixture.run(.inProcess) { app in
      let path = "\(Self.root)/runs/coach-7"
      #expect(try await app.status(.put, path, Fixture.operatorFields(), body: Self.run) == 200)
      _ = try await app.client.execute("update inventory_run set taken = 3")
      let few = try await app.send(
        .put, path, Fixture.operatorFields(), body: Self.run.replacing(#""seats":50"#, with: #""seats":2"#))
      #expect(few.status == 409 && few.text.contains("2 seats"), "\(few.text)")
      let enough = Self.run.replacing(#""seats":50"#, with: #""seats":3"#)
      #expect(try await app.status(.put, path, Fixture.operatorFields(), body: enough) == 200)
      for way in ["rooms", "runs"] { #expect(try await app.status(.get, "\(Self.root)/\(way)") == 401) }
      #expect(try await app.status(.put, path, ["Content-Type": "application/json"], body: Self.run) == 401)
    }
  }
}
