import Kernel
import Testing

@testable import Transport

@Suite("Text in any encoding")
struct TextStreamTests {
  private func text(_ bytes: [UInt8], piece: Int) throws -> String {
    let stream = try TextStream(PiecewiseBytes(bytes, piece: piece))
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
    defer { room.deallocate() }
    var result: [UInt8] = []
    while true {
      let count = try stream.read(into: room)
      if count == 0 { return String(decoding: result, as: UTF8.self) }
      result.append(contentsOf: room[..<count])
    }
  }

  private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
  }

  private let sample = "stop_id,stop_name\nÄ,Zürich 🚉\r\n" + String(repeating: "x", count: 300)

  @Test("UTF-8, with and without a mark, and UTF-16 in both orders, with and without a mark, say the same")
  func encodings() throws {
    let all: [[UInt8]] = [
      Array(sample.utf8), [0xEF, 0xBB, 0xBF] + Array(sample.utf8), [0xFF, 0xFE] + utf16(sample, bigEndian: false),
      [0xFE, 0xFF] + utf16(sample, bigEndian: true), utf16(sample, bigEndian: false), utf16(sample, bigEndian: true),
    ]
    for bytes in all {
      for piece in [1, 2, 3, 5, 64, 10_000] { #expect(try text(bytes, piece: piece) == sample) }
    }
  }

  @Test("half characters become marks of replacement, and nothing is lost behind them")
  func brokenUTF16() throws {
    let lone = [0xFF, 0xFE] + utf16("a", bigEndian: false) + [0x00, 0xD8] + utf16("b", bigEndian: false) + [0x41]
    for piece in [1, 3, 100] { #expect(try text(lone, piece: piece) == "a\u{FFFD}b\u{FFFD}") }
    #expect(try text([], piece: 1).isEmpty)
    #expect(try text([0xFF, 0xFE], piece: 1).isEmpty)
    #expect(try text([0x41], piece: 1) == "A")
  }
}

@Suite("Fingerprints")
struct FingerprintTests {
  @Test("pieces may be cut anywhere; any other byte, order or length shows")
  func cuts() {
    let bytes = (0..<100).map { UInt8($0) }
    func print(_ bytes: [UInt8], cut: Int) -> String {
      var fingerprint = Fingerprint()
      bytes[..<cut].withUnsafeBytes { fingerprint.add($0) }
      bytes[cut...].withUnsafeBytes { fingerprint.add($0) }
      return fingerprint.text
    }
    let whole = print(bytes, cut: 0)
    #expect(whole.count == 16)
    for cut in 0...100 { #expect(print(bytes, cut: cut) == whole) }
    var all: Set = [whole]
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 1
      all.insert(print(other, cut: 0))
      all.insert(print(Array(bytes[..<index]), cut: 0))
    }
    #expect(all.count == 201)
  }
}

@Suite("Tables of ids")
struct IdentifierTableTests {
  @Test("ids are found by their bytes and keep the order in which they came", arguments: [UInt64(5)])
  func againstDictionary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var table = IdentifierTable<String>(base: 100)
    var known: [String: Int32] = [:]
    for _ in 0..<5000 {
      let id = String(Int.random(in: 0...3000, using: &random), radix: 36)
      let isNew = withBytes(of: id) { table.insert($0) }
      #expect(isNew == (known[id] == nil))
      if isNew { known[id] = 100 + Int32(known.count) }
      #expect(withBytes(of: id) { table.find($0) }?.number == known[id])
    }
    #expect(table.count == known.count)
    for (id, number) in known { #expect(table.text(GraphKey(number)) == id) }
    #expect(withBytes(of: "not there") { table.find($0) } == nil)
  }
}

@Suite("Grouped order")
struct GroupedOrderTests {
  @Test("rows come by group, then by rank, then as they were", arguments: [UInt64(3)])
  func sorts(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let groups = (0..<500).map { _ in Int32.random(in: 0..<20, using: &random) }
    let ranks = (0..<500).map { _ in Int32.random(in: 0..<10, using: &random) }
    let order = GroupedOrder(groups: groups, count: 21, ranks: ranks)
    let expected = (0..<500).sorted { (groups[$0], ranks[$0], $0) < (groups[$1], ranks[$1], $1) }
    #expect((0..<21).flatMap { order.members(of: $0) }.map(Int.init) == expected)
    #expect(order.members(of: 20).isEmpty)
  }
}
