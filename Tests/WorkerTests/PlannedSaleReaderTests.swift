import Booking
import BookingWire
import JSON
import Kernel
import Testing

/// ```
/// Paris Nord ─rail 30 min─▶ CDG ─flight 80 min─▶ AMS ─rail 15 min─▶ Amsterdam Centraal
/// ```
@Suite("What sellers can be asked for")
struct PlannedSaleReaderTests {
  static let leg = """
    {"number":1,"departure":"2030-06-05T08:00:00+02:00","arrival":"2030-06-05T11:00:00+02:00",
     "price":{"amount":"240.00","currency":"EUR","complete":true},"rides":[
      {"mode":"rail","line":"B","from":{"stop":"f:nord","name":"Paris Nord"},"to":{"stop":"f:cdg2","name":"Airport"},
       "departure":"2030-06-05T08:00:00+02:00","arrival":"2030-06-05T08:30:00+02:00"},
      {"mode":"flight","line":"WF 1","from":{"stop":"f:CDG","name":"Paris CDG"},"to":{"stop":"f:x","code":"AMS","name":"Schiphol"},
       "departure":"2030-06-05T09:00:00+02:00","arrival":"2030-06-05T10:20:00+02:00"},
      {"mode":"rail","line":"IC","from":{"stop":"f:AMS","name":"Schiphol"},"to":{"stop":"f:ams","name":"Centraal"},
       "departure":"2030-06-05T10:40:00+02:00","arrival":"2030-06-05T10:55:00+02:00"}]}
    """
  static let stay = """
    {"number":1,"place":"nl/amsterdam","city":"Amsterdam","arrival":"2030-06-05","departure":"2030-06-08","nights":3,
     "price":{"amount":"450.00","currency":"EUR"},"lodging":{"name":"Canal Hotel"},"code":"AMS"}
    """
  static let two = #"{"rooms":1,"people":[{"name":"A","type":"adult","age":41},{"name":"B","type":"child","age":9}]}"#

  private func read(
    _ item: String, _ travellers: String = two, selling kinds: Set<OfferKind> = [.flight, .lodging],
    places: [String: String] = [:]
  ) throws -> PlannedSaleReader.Reading {
    try PlannedSaleReader(selling: kinds, places: places).read(
      JSONDocument(text: item).root, for: JSONDocument(text: travellers).root)
  }

  private func reason(_ reading: PlannedSaleReader.Reading) -> String {
    if case .unsold(let reason) = reading { reason } else { "" }
  }

  @Test("the flight of a journey is asked for, by airports; the way to them is not part of it")
  func flight() throws {
    guard case .sale(let sale, let covers) = try read(Self.leg) else {
      Issue.record("nothing to ask for")
      return
    }
    #expect(sale.search.name == "flight.CDG-AMS.economy.1-9.EUR.2030-06-05")
    #expect(covers == [2] && sale.price == Money(minorUnits: 24_000, .euro) && !sale.isPriceGuessed)
    let leaves = try Instant("2030-06-05T07:00:00Z")
    #expect(sale.times?.departure == leaves && sale.times?.arrival == leaves.adding(seconds: 4800))
  }

  @Test("nights are asked for by the city's code, or by what the operator has written down")
  func stay() throws {
    guard case .sale(let sale, _) = try read(Self.stay) else {
      Issue.record("nothing to ask for")
      return
    }
    #expect(sale.search.name == "lodging.AMS.3n.1-9.EUR.2030-06-05" && sale.house == "Canal Hotel")
    guard case .sale(let other, _) = try read(Self.stay, places: ["nl/amsterdam": "AMC"]) else {
      Issue.record("nothing to ask for")
      return
    }
    #expect(other.search.destination == "AMC")
  }

  @Test("what cannot be asked for is told in words")
  func unsold() throws {
    #expect(try reason(read(Self.leg, selling: [.lodging])) == "nobody here sells rides by flight")
    let train = Self.leg.replacing("\"flight\"", with: "\"rail\"")
    #expect(try reason(read(train, selling: [.rail])) == "it is not known what sellers call Paris Nord")
    let written = try read(train, selling: [.rail], places: ["f:nord": "FRPNO", "f:ams": "NLASC"])
    guard case .sale(let sale, let covers) = written else {
      Issue.record("nothing to ask for")
      return
    }
    #expect(covers == [1, 2, 3] && sale.search.origin == "FRPNO" && sale.search.cabin == "second")
    #expect(try reason(read(Self.leg.replacing("\"flight\"", with: "\"ferry\""))) == "nobody here sells rides by ferry")
    let nowhere = Self.stay.replacing(",\"code\":\"AMS\"", with: "")
    #expect(try reason(read(nowhere)) == "it is not known what sellers call Amsterdam")
    #expect(try reason(read(Self.stay, Self.two.replacing("\"rooms\":1", with: "\"rooms\":2"))).contains("2 rooms"))
    let four = #"{"rooms":2,"people":[{"age":30},{"age":31},{"age":32},{"age":33}]}"#
    guard case .sale(let apart, _) = try read(Self.stay, four) else {
      Issue.record("nothing to ask for")
      return
    }
    #expect(apart.search.name == "lodging.AMS.3n2r.4.EUR.2030-06-05")
    #expect(try reason(read(Self.stay, #"{"rooms":1,"people":[{"age":9}]}"#)).contains("grown-up"))
    let many = (0..<10).map { _ in #"{"age":30}"# }.joined(separator: ",")
    #expect(try reason(read(Self.stay, #"{"rooms":1,"people":[\#(many)]}"#)).contains("9 people"))
  }
}
