import Catalogue
import Kernel
import Testing

@testable import ItineraryWire

@Suite("Places from GeoJSON")
struct GeoJSONPlacesTests {
  private func read(_ features: String) throws -> (places: [CataloguePlace], passedOver: Int, faults: [String]) {
    var faults: [String] = []
    let text = "{\"type\":\"FeatureCollection\",\"features\":[\n\(features)\n]}"
    let file = TableFile(name: "a.geojson", bytes: Array(text.utf8))
    let read = try GeoJSONPlaces(file, source: "osm") { error throws(TableError) in faults.append("\(error)") }
    return (read.places, read.passedOverCount, faults)
  }

  private func feature(_ properties: String, at point: String = "[2.3376,48.8606]") -> String {
    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":\(point)},\"properties\":{\(properties)}}"
  }

  @Test("keys of OpenStreetMap become category, tags, minutes, hours and price")
  func reads() throws {
    let (places, passedOver, faults) = try read(
      [
        feature(
          #""@id":"node/1","name":"Louvre","tourism":"museum","opening_hours":"Tu off","charge":"22 EUR","wikidata":"Q1""#
        ),
        feature(#""name":"Ακρόπολη","historic":"castle","fee":"yes""#), feature(#""name":"Green","leisure":"park""#),
        feature(#""name":"Green","leisure":"park","fee":"no""#), feature(#""name":"Bank","amenity":"bank""#),
        feature(#""tourism":"museum""#), #"{"type":"Feature","geometry":null,"properties":{}}"#,
      ].joined(separator: ",\n"))
    #expect(faults.isEmpty, "\(faults)")
    #expect(passedOver == 3)
    #expect(places.map(\.id) == ["osm/node/1", "osm/ακρόπολη", "osm/green", "osm/green-2"])
    #expect(places.map(\.category) == ["museum", "castle", "park", "park"])
    #expect(places.map(\.score) == [50, 25, 25, 25])
    let prices = places.map { place -> Int64 in
      guard case .sight(let facts) = place.facts else { return -1 }
      return facts.price.minorUnits
    }
    #expect(prices == [2200, 1000, 0, 0])
    guard case .sight(let facts) = places[0].facts else { return }
    #expect(facts.hours == "Tu off")
    #expect(facts.minutes == 90)
    #expect(places[0].point == Coordinate(48.8606, 2.3376))
  }

  @Test("airports with airlines, stations and neighbourhoods are waypoints; airfields and hamlets are passed over")
  func waypoints() throws {
    let (places, passedOver, faults) = try read(
      [
        feature(#""name":"Charles de Gaulle","aeroway":"aerodrome","iata":"CDG""#),
        feature(#""name":"Airfield","aeroway":"aerodrome""#), feature(#""name":"Nord","railway":"station""#),
        feature(#""name":"Gallieni","amenity":"bus_station""#), feature(#""name":"Marais","place":"quarter""#),
        feature(#""name":"Hamlet","place":"hamlet""#),
        feature(#""name":"Old Station","railway":"station","tourism":"museum""#),
      ].joined(separator: ",\n"))
    #expect(faults.isEmpty, "\(faults)")
    #expect(passedOver == 2)
    #expect(places.map(\.category) == ["airport", "station", "station", "neighbourhood", "museum"])
    #expect(places.prefix(4).map(\.facts) == [.airport, .station, .station, .neighbourhood].map { .waypoint($0) })
  }

  @Test("an area lies in its middle, the largest of several counts; who gets in is taken over")
  func areas() throws {
    func area(_ type: String, _ coordinates: String, _ wheelchair: String) -> String {
      """
      {"type":"Feature","geometry":{"type":"\(type)","coordinates":\(coordinates)},
       "properties":{"name":"Park","leisure":"park","wheelchair":"\(wheelchair)"}}
      """
    }
    // The middle of the triangle is a third from each side; more corners on one side do not move it.
    let triangle = "[[[2,48],[2.015,48],[2.03,48],[2,48.03],[2,48]]]"
    let small = "[[[9,9],[9.001,9],[9,9.001],[9,9]]]"
    let (places, passedOver, faults) = try read(
      [
        area("Polygon", triangle, "yes"), area("MultiPolygon", "[\(small),\(triangle)]", "designated"),
        area("LineString", "[[2,48],[3,48]]", "no"), area("Polygon", "[[[2,48],[2.03,48],[2,48]]]", "no"),
        area("Polygon", "[]", "no"), feature(#""name":"Stairs","leisure":"park","wheelchair":"no""#),
        feature(#""name":"Unsaid","leisure":"park","wheelchair":"perhaps""#),
      ].joined(separator: ",\n"))
    #expect(places.map(\.name) == ["Park", "Park", "Stairs", "Unsaid"])
    for place in places.prefix(2) {
      #expect(abs(place.point.latitude - 48.01) < 1e-9 && abs(place.point.longitude - 2.01) < 1e-9, "\(place.point)")
    }
    #expect(places.map(\.wheelchair) == [.yes, .yes, .no, nil])
    #expect(passedOver == 1)
    #expect(faults.count == 2 && faults.allSatisfy { $0.contains("ring") }, "\(faults)")
  }

  @Test("a wrong feature costs that feature and is told with its line")
  func tells() throws {
    let (places, _, faults) = try read(
      [
        feature(#""name":"A","leisure":"park""#), feature(#""name":"B","leisure":"park""#, at: "[2,99]"),
        feature(#""name":"!","leisure":"park""#), feature(#""@id":"a b","name":"C","leisure":"park""#),
      ].joined(separator: ",\n"))
    #expect(places.map(\.name) == ["A"])
    #expect(faults.count == 3)
    for (fault, line) in zip(faults, 3...5) { #expect(fault.hasPrefix("a.geojson:\(line): "), "\(fault)") }
  }

  @Test(
    "what is no FeatureCollection is refused", arguments: ["{}", "[1", #"{"type":"FeatureCollection","features":1}"#])
  func refuses(_ text: String) {
    let file = TableFile(name: "a.geojson", bytes: Array(text.utf8))
    let error = #expect(throws: TableError.self) { _ = try GeoJSONPlaces(file, source: "osm") { _ in } }
    #expect(error?.description.hasPrefix("a.geojson:1: it is no GeoJSON") == true)
  }
}
