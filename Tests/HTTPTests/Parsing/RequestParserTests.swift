import Testing

@testable import HTTP

@Suite("The request parser")
struct RequestParserTests {
  @Test("reads every request of the accepted table", arguments: AcceptedRequest.all)
  func accepted(_ request: AcceptedRequest) throws {
    var parser = RequestParser(limits: HTTPLimits())
    let bytes = Array(request.wire.utf8)
    let parsed = try #require(try bytes.withUnsafeBytes { try parser.parseHead($0) })
    let head = parsed.head
    #expect(parsed.consumed == bytes.count - request.behind)
    #expect(head.method.rawValue == request.method)
    #expect(head.path == request.path)
    #expect(head.rawQuery == request.query)
    #expect(head.version == request.version)
    #expect(head.framing == request.framing)
    #expect(head.keepAlive == request.keepAlive)
    #expect(head.expectsContinue == request.expectsContinue)
    #expect(head.host == request.host)
    #expect(head.headers.map { "\($0.name): \($0.value)" } == request.headers)
  }

  @Test("refuses every request of the refused table, for the right reason", arguments: RefusedRequest.all)
  func refused(_ request: RefusedRequest) {
    #expect(HeadOutcome.parsing(Array(request.wire.utf8)) == .refused(request.error))
    #expect((400...505).contains(request.error.status.code))
    #expect(request.error.detail.hasSuffix("."))
  }

  @Test("has at least 120 cases in its tables, and never refuses without a sentence of its own")
  func tables() {
    #expect(AcceptedRequest.all.count + RefusedRequest.all.count >= 120)
    for request in RefusedRequest.all { #expect(request.error.detail != "The request is malformed.") }
  }

  @Test("comes to the same outcome byte by byte", arguments: allWires)
  func byteByByte(_ wire: String) {
    let bytes = Array(wire.utf8)
    #expect(HeadOutcome.parsing(bytes, cuts: Cuts.everywhere(bytes.count)) == HeadOutcome.parsing(bytes))
  }

  @Test("comes to the same outcome however the bytes are cut", arguments: [UInt64.random(in: 0...UInt64.max)])
  func randomCuts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for wire in Self.allWires {
      let bytes = Array(wire.utf8)
      let whole = HeadOutcome.parsing(bytes)
      for _ in 0..<8 {
        let cuts = Cuts.random(bytes.count, using: &random)
        #expect(HeadOutcome.parsing(bytes, cuts: cuts) == whole, "seed \(seed), cuts \(cuts), \(wire.prefix(200))")
      }
    }
  }

  @Test(
    "comes to the same outcome on mutated requests however they are cut", arguments: [UInt64.random(in: 0...UInt64.max)]
  )
  func mutated(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let odd: [UInt8] = [0, 9, 10, 13, 32, 35, 37, 58, 64, 127, 128, 255, 65, 48]
    let wires = Self.allWires.filter { $0.utf8.count < 400 }
    for round in 0..<4000 {
      var bytes = Array(wires[round % wires.count].utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = odd.randomElement(using: &random) ?? 0
        case 1: bytes.insert(odd.randomElement(using: &random) ?? 0, at: index)
        default: if bytes.count > 1 { bytes.remove(at: index) }
        }
      }
      let cuts = Cuts.random(bytes.count, using: &random)
      let whole = HeadOutcome.parsing(bytes)
      #expect(HeadOutcome.parsing(bytes, cuts: cuts) == whole, "seed \(seed), round \(round)")
      if case .parsed(_, let consumed) = whole { #expect(consumed <= bytes.count) }
    }
  }

  @Test("waits for more as long as a request is not complete", arguments: AcceptedRequest.all)
  func prefixes(_ request: AcceptedRequest) {
    let bytes = Array(request.wire.utf8).dropLast(request.behind)
    for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
      #expect(HeadOutcome.parsing(Array(bytes[..<end])) == .incomplete)
    }
  }

  @Test("reads requests that come one behind another")
  func pipelined() {
    var parser = RequestParser(limits: HTTPLimits())
    var bytes = Array("GET /1 HTTP/1.1\r\nHost: h\r\nA: 1\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
    var paths: [String] = []
    while !bytes.isEmpty, let parsed = bytes.withUnsafeBytes({ try? parser.parseHead($0) }) {
      paths.append("\(parsed.head.path) \(parsed.head.headerCount)")
      bytes.removeFirst(parsed.consumed)
    }
    #expect(paths == ["/1 2", "/2 1"])
  }

  @Test("looks at a head that drips in byte by byte a bounded number of times per byte")
  func drip() {
    // A rescan from the start on every byte would look at 16,000² / 2 = 128 million bytes; that it does not shows in
    // where reading will go on after each byte.
    let bytes = Array(("GET / HTTP/1.1\r\nHost: h\r\nA: " + String(repeating: "b", count: 16_000)).utf8)
    var parser = RequestParser(limits: HTTPLimits())
    for end in 1...bytes.count {
      #expect(HeadOutcome.parsing(Array(bytes[..<end]), with: &parser) == .incomplete)
      #expect(end - parser.draft.position < 16)
    }
  }

  @Test("takes limits at their word: one byte more is one too many")
  func limits() {
    let wire = Array("GET /abc HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n".utf8)
    var limits = HTTPLimits()
    limits.requestLineBytes = 19
    limits.headBytes = wire.count
    limits.fieldCount = 2
    #expect(HeadOutcome.parsing(wire, limits: limits) == HeadOutcome.parsing(wire))
    limits.requestLineBytes = 18
    #expect(HeadOutcome.parsing(wire, limits: limits) == .refused(.requestLineTooLong(limit: 18)))
    limits.requestLineBytes = 19
    limits.headBytes = wire.count - 1
    #expect(HeadOutcome.parsing(wire, limits: limits) == .refused(.headTooLarge(limit: wire.count - 1)))
    limits.headBytes = wire.count
    limits.fieldCount = 1
    #expect(HeadOutcome.parsing(wire, limits: limits) == .refused(.tooManyFields(limit: 1)))
    limits.headBytes = 10
    #expect(HeadOutcome.parsing(wire, limits: limits) == .refused(.headTooLarge(limit: 10)))
  }

  @Test("comes to the same outcome under tight limits however the bytes are cut")
  func tightLimits() {
    for limit in 1...80 {
      var limits = HTTPLimits()
      limits.requestLineBytes = limit
      limits.headBytes = limit + 20
      limits.fieldCount = 2
      for request in AcceptedRequest.all where request.wire.utf8.count < 120 {
        let bytes = Array(request.wire.utf8)
        let whole = HeadOutcome.parsing(bytes, limits: limits)
        #expect(HeadOutcome.parsing(bytes, cuts: Cuts.everywhere(bytes.count), limits: limits) == whole)
      }
    }
  }

  static let allWires = AcceptedRequest.all.map(\.wire) + RefusedRequest.all.map(\.wire)
}
