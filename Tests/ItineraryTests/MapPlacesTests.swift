import CZlib
import Catalogue
import Foundation
import Kernel
import Testing

@testable import ItineraryWire

@Suite("Places from OpenStreetMap extracts")
struct MapPlacesTests {
  private func read(_ bytes: [UInt8], _ name: String) throws -> (
    places: [CataloguePlace], passedOver: Int, faults: [String]
  ) {
    var faults: [String] = []
    let read = try MapPlaces(TableFile(name: name, bytes: bytes), source: "osm") { error throws(TableError) in
      faults.append("\(error)")
    }
    return (read.places, read.passedOverCount, faults)
  }

  /// A museum as a point, a castle as a square of four corners, a palace as a relation with a triangle around it, a bank, and
  /// a point without a name.
  private static let markup = """
    <?xml version='1.0' encoding='UTF-8'?>
    <osm version="0.6">
     <node id="1" lat="48.86" lon="2.33"><tag k="name" v="Art &amp; Caf&#233; &gt; all"/><tag k='tourism' v='museum'/>
       <tag k="charge" v="12 EUR"/><tag k="opening_hours" v="Tu-Su 10:00-18:00"/></node>
     <node id="11" lat="48.0" lon="2.0"/><node id="12" lat="48.0" lon="2.2"/>
     <node id="13" lat="48.2" lon="2.2"/><node id="14" lat="48.2" lon="2.0"/>
     <node id="2" lat="1" lon="2"><tag k="name" v="Bank"/><tag k="amenity" v="bank"/></node>
     <node id="3" lat="1" lon="2"><tag k="tourism" v="museum"/></node>
     <way id="7"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="14"/>
       <tag k="name" v="Castle"/><tag k="historic" v="castle"/><tag k="fee" v="yes"/></way>
     <way id="8"><nd ref="99"/><tag k="name" v="Lost"/><tag k="historic" v="castle"/></way>
     <way id="6"><nd ref="12"/><nd ref="13"/><nd ref="14"/><nd ref="12"/></way>
     <relation id="9"><member type="way" ref="6" role="outer"/><member type="way" ref="7" role="inner"/>
       <member type="node" ref="11" role="outer"/><tag k="name" v="Palace"/><tag k="tourism" v="museum"/></relation>
    </osm>
    """

  private func check(_ places: [CataloguePlace]) throws {
    #expect(places.map(\.id) == ["osm/node/1", "osm/way/7", "osm/relation/9"])
    #expect(places.map(\.name) == ["Art & Café > all", "Castle", "Palace"])
    #expect(places.map(\.category) == ["museum", "castle", "museum"])
    #expect(places[2].point.flatMetres(to: Coordinate(48 + 0.4 / 3, 2 + 0.4 / 3)) < 1)
    #expect(places[0].point == Coordinate(48.86, 2.33))
    #expect(places[1].point.flatMetres(to: Coordinate(48.1, 2.1)) < 1)
    guard case .sight(let museum) = places[0].facts, case .sight(let castle) = places[1].facts else {
      Issue.record("these are sights")
      return
    }
    #expect(museum.hours == "Tu-Su 10:00-18:00" && museum.price == Money(minorUnits: 1200, .euro))
    #expect(castle.price == Money(minorUnits: 1000, .euro))
  }

  @Test("points and the middles of ways and relations are sights; a way without corners is told")
  func readsMarkup() throws {
    let (places, passedOver, faults) = try read(Array(Self.markup.utf8), "a.osm")
    try check(places)
    #expect(passedOver == 1)
    #expect(faults.count == 1 && faults[0].contains("way/8"), "\(faults)")
  }

  @Test("the binary form gives what the markup gives, packed or not", arguments: [true, false])
  func readsBlocks(_ isPacked: Bool) throws {
    let (places, passedOver, faults) = try read(BlockWriter.sample(isPacked: isPacked), "a.osm.pbf")
    try check(places)
    #expect(passedOver == 1)
    #expect(faults.isEmpty, "\(faults)")
  }

  @Test(
    "markup that is cut off or no map is refused with its line",
    arguments: [
      ("<html></html>", "a.osm:1: it is no map"), ("<osm>\n<node id='1' lat='1' lon='2'>", "a.osm:2: it ends within"),
      ("<osm>\n\n<node id='1' lat='91' lon='2'/></osm>", "a.osm:3: node 1 must have lat and lon"),
      ("<osm>\n<node id='1", "a.osm:2: it ends within a tag"),
    ])
  func refusesMarkup(_ text: String, _ complaint: String) {
    let error = #expect(throws: TableError.self) { _ = try read(Array(text.utf8), "a.osm") }
    #expect(error?.description.hasPrefix(complaint) == true, "\(String(describing: error))")
  }

  @Test("blocks that are cut off or damaged anywhere are refused or read, and never crash")
  func survives() throws {
    let whole = BlockWriter.sample(isPacked: false)
    for end in 0..<whole.count {
      // A file that ends between two blocks is a shorter file.
      _ = try? read(Array(whole[..<end]), "a.osm.pbf")
    }
    var random = SeededRandom(seed: 7)
    for _ in 0..<2000 {
      var damaged = whole
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? read(damaged, "a.osm.pbf")
    }
    #expect(throws: TableError.self) { _ = try read(Array(whole.dropLast(3)), "a.osm.pbf") }
    #expect(throws: TableError.self) { _ = try read([], "a.osm.pbf") }
  }

  private static let data = ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"]

  @Test(
    "an extract of a real city has its sights",
    .enabled(if: data != nil, "WAYFARE_TEST_DATA names no folder of test data"))
  func real() throws {
    let folder = try #require(Self.data)
    let bytes = Array(try Data(contentsOf: URL(filePath: folder + "/osm/liechtenstein.osm.pbf")))
    let (places, _, faults) = try read(bytes, "liechtenstein.osm.pbf")
    print("\(places.count) places, \(faults.count) faults")
    #expect(places.count > 20)
    #expect(places.contains { $0.name.contains("Schloss Vaduz") || $0.name.contains("Landesmuseum") })
    #expect(places.allSatisfy { $0.point.flatMetres(to: Coordinate(47.15, 9.55)) < 40_000 })
  }
}

/// Writes the binary form, as little of it as the test needs.
private enum BlockWriter {
  private static func number(_ value: UInt64) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + number(value >> 7)
  }

  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

  private static func field(_ field: UInt64, _ value: UInt64) -> [UInt8] { number(field << 3) + number(value) }

  private static func field(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    number(field << 3 | 2) + number(UInt64(bytes.count)) + bytes
  }

  private static func steps(_ values: [Int64]) -> [UInt8] {
    zip(values, [0] + values).flatMap { number(zigzag($0 - $1)) }
  }

  private static func block(_ type: String, _ content: [UInt8], isPacked: Bool) -> [UInt8] {
    var blob = field(1, content)
    if isPacked {
      var packed = [UInt8](repeating: 0, count: content.count + 1000)
      var length = uLongf(packed.count)
      compress(&packed, &length, content, uLong(content.count))
      blob = field(2, UInt64(content.count)) + field(3, Array(packed[..<Int(length)]))
    }
    let header = field(1, Array(type.utf8)) + field(3, UInt64(blob.count))
    let count = header.count
    return [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + header + blob
  }

  static func sample(isPacked: Bool) -> [UInt8] {
    let texts = [
      "", "name", "Art & Café > all", "tourism", "museum", "charge", "12 EUR", "opening_hours", "Tu-Su 10:00-18:00",
      "Castle", "historic", "castle", "fee", "yes", "Bank", "amenity", "bank",
      "Palace", "outer", "inner",
    ]
    let table = field(1, texts.flatMap { field(1, Array($0.utf8)) })
    // The corners, then the bank and the nameless museum, as packed points; the museum on its own.
    let points: [(Int64, Int64, Int64, [UInt64])] = [
      (11, 480_000_000, 20_000_000, []), (12, 480_000_000, 22_000_000, []), (13, 482_000_000, 22_000_000, []),
      (14, 482_000_000, 20_000_000, []), (2, 10_000_000, 20_000_000, [1, 14, 15, 16]),
      (3, 10_000_000, 20_000_000, [3, 4]),
    ]
    let dense =
      field(1, steps(points.map(\.0))) + field(8, steps(points.map(\.1))) + field(9, steps(points.map(\.2)))
      + field(10, points.flatMap { $0.3.flatMap(number) + [0] })
    let museum =
      field(1, zigzag(1)) + field(2, [1, 3, 5, 7]) + field(3, [2, 4, 6, 8]) + field(8, zigzag(488_600_000))
      + field(9, zigzag(23_300_000))
    let castle =
      field(1, UInt64(7)) + field(2, [1, 10, 12]) + field(3, [9, 11, 13]) + field(8, steps([11, 12, 13, 14]))
    let around = field(1, UInt64(6)) + field(8, steps([12, 13, 14, 12]))
    let palace =
      field(1, UInt64(9)) + field(2, [1, 3]) + field(3, [17, 4]) + field(8, [18, 19, 18]) + field(9, steps([6, 7, 11]))
      + field(10, [1, 1, 0])
    let groups =
      field(2, field(2, dense)) + field(2, field(1, museum)) + field(2, field(3, castle) + field(3, around))
      + field(2, field(4, palace))
    let header = field(4, Array("OsmSchema-V0.6".utf8)) + field(4, Array("DenseNodes".utf8))
    return block("OSMHeader", header, isPacked: isPacked) + block("OSMData", table + groups, isPacked: isPacked)
  }
}
