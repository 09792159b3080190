import Testing

@testable import HTTP

@Suite("The chunked coding")
struct ChunkedTests {
  static let decoded: [(String, String, Int)] = [
    ("0\r\n\r\n", "", 0),
    ("5\r\nhello\r\n0\r\n\r\n", "hello", 0),
    ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET /", "hello world", 5),
    ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789", 0),
    ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789", 0),
    ("0000000000000005\r\nhello\r\n0\r\n\r\n", "hello", 0),
    ("0000\r\n\r\n", "", 0),
    ("5;name=value\r\nhello\r\n0;last\r\n\r\n", "hello", 0),
    ("5;a=\"b c\";d\r\nhello\r\n0\r\n\r\n", "hello", 0),
    ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n", 0),
    ("1\r\n0\r\n0\r\n\r\n", "0", 0),
    ("0\r\nETag: \"x\"\r\nA:\r\n\r\n", "", 0),
    ("0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\nX", "", 1),
  ]

  static let refused: [(String, HTTPParseError)] = [
    ("\r\n", .chunkSizeMalformed),
    (" 5\r\nhello", .chunkSizeMalformed),
    ("5 \r\nhello", .chunkSizeMalformed),
    ("+5\r\nhello", .chunkSizeMalformed),
    ("-5\r\nhello", .chunkSizeMalformed),
    ("0x5\r\nhello", .chunkSizeMalformed),
    ("g\r\n", .chunkSizeMalformed),
    (";a\r\n", .chunkSizeMalformed),
    ("5\nhello\r\n0\r\n\r\n", .chunkSizeMalformed),
    ("5\rhello", .bareCarriageReturn),
    ("5;a\nb\r\n", .chunkExtensionCharacter),
    ("5;\u{0}\r\n", .chunkExtensionCharacter),
    ("5;a\rb", .bareCarriageReturn),
    ("5\r\nhello0\r\n\r\n", .chunkEndMissing),
    ("5\r\nhello\n0\r\n\r\n", .chunkEndMissing),
    ("5\r\nhello\rX", .chunkEndMissing),
    ("4\r\nhello\r\n0\r\n\r\n", .chunkEndMissing),
    ("8000000000000000\r\n", .chunkSizeTooLarge),
    ("FFFFFFFFFFFFFFFF\r\n", .chunkSizeTooLarge),
    ("00000000000000005\r\nhello", .chunkSizeTooLarge),
    ("100000000000000000005\r\nhello", .chunkSizeTooLarge),
    ("5;" + String(repeating: "a", count: 300), .chunkLineTooLong(limit: 256)),
    ("0\r\nA : b\r\n\r\n", .spaceBeforeColon),
    ("0\r\n: b\r\n\r\n", .fieldNameEmpty),
    ("0\r\n A: b\r\n\r\n", .foldedLine),
    ("0\r\nA: b\r\n c\r\n\r\n", .foldedLine),
    ("0\r\nA\r\n\r\n", .fieldNameNotAToken),
    ("0\r\nA: b\u{0}\r\n\r\n", .fieldValueControl),
    ("0\r\nA: b\n\r\n", .bareLineFeed),
    ("0\r\nA: b\rc", .bareCarriageReturn),
    ("0\r\n\n", .bareLineFeed),
    ("0\r\n\rX", .bareCarriageReturn),
    ("0\r\nA: " + String(repeating: "b", count: 5000), .trailersTooLarge(limit: 4096)),
  ]

  @Test("is taken off", arguments: decoded)
  func decodes(_ wire: String, _ body: String, _ behind: Int) {
    let expected = BodyOutcome.decoded(Array(body.utf8), consumed: wire.utf8.count - behind)
    #expect(BodyOutcome.decoding(Array(wire.utf8)) == expected)
  }

  @Test("is refused where it is malformed", arguments: refused)
  func refuses(_ wire: String, _ error: HTTPParseError) {
    #expect(BodyOutcome.decoding(Array(wire.utf8)) == .refused(error))
    #expect(error.detail != "The request is malformed.")
  }

  @Test("is understood the same however the bytes are cut", arguments: [UInt64.random(in: 0...UInt64.max)])
  func cuts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for wire in Self.decoded.map(\.0) + Self.refused.map(\.0) {
      let bytes = Array(wire.utf8)
      let whole = BodyOutcome.decoding(bytes)
      #expect(BodyOutcome.decoding(bytes, cuts: Cuts.everywhere(bytes.count)) == whole)
      for _ in 0..<10 {
        let cuts = Cuts.random(bytes.count, using: &random)
        #expect(BodyOutcome.decoding(bytes, cuts: cuts) == whole, "seed \(seed), cuts \(cuts), \(wire.prefix(80))")
      }
    }
  }

  @Test("that we put on comes off again", arguments: [UInt64.random(in: 0...UInt64.max)])
  func roundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for size in [0, 1, 9, 10, 15, 16, 17, 255, 256, 257, 4095, 4096, 65_537] {
      let pieces = (0..<3).map { _ in (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) } }
      var wire: [UInt8] = []
      for piece in pieces { ChunkedEncoder.appendChunk(piece, to: &wire) }
      ChunkedEncoder.appendEnd(to: &wire)
      #expect(BodyOutcome.decoding(wire) == .decoded(Array(pieces.joined()), consumed: wire.count), "seed \(seed)")
    }
  }

  @Test("has a size line in hexadecimal without leading zeros")
  func sizeLines() {
    for size in [1, 15, 16, 255, 256, 0xABCDE, Int.max] {
      var output: [UInt8] = []
      ChunkedEncoder.appendSizeLine(size, to: &output)
      #expect(String(decoding: output, as: UTF8.self) == String(size, radix: 16) + "\r\n")
    }
  }
}
