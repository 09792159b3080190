import Testing

@testable import JSON

@Suite("Documents")
struct JSONDocumentTests {
  @Test("what RFC 8259 calls JSON is accepted", arguments: acceptedTexts)
  func accepts(text: String) throws {
    _ = try JSONDocument(text: text)
    #expect(ReferenceChecker.accepts(Array(text.utf8)))
  }

  @Test("what RFC 8259 does not call JSON is refused at a place inside the text", arguments: refusedTexts)
  func refuses(text: String) throws {
    let error = try #require(throws: JSONError.self) { try JSONDocument(text: text) }
    switch error.kind {
    case .syntax(let position), .invalidUTF8(let position):
      #expect((0...text.utf8.count).contains(position.offset))
      #expect(position.line >= 1 && position.column >= 1)
    default:
      Issue.record("\(error.kind)")
    }
    #expect(!ReferenceChecker.accepts(Array(text.utf8)))
  }

  @Test("bytes that are not clean UTF-8 are refused", arguments: refusedBytes.indices)
  func refusesBytes(index: Int) {
    let (why, bytes) = refusedBytes[index]
    #expect(throws: JSONError.self, "\(why)") { try JSONDocument(bytes: bytes) }
    // The checker, too, sees nothing but a byte order mark as the scalar U+FEFF, which is no JSON either.
    #expect(!ReferenceChecker.accepts(bytes), "\(why)")
  }

  @Test("bad UTF-8 is told apart from bad JSON")
  func encodingKind() throws {
    let error = try #require(throws: JSONError.self) { try JSONDocument(bytes: quoted([0x61, 0xFF])) }
    #expect(error.kind == .invalidUTF8(JSONPosition(offset: 2, line: 1, column: 3)))
    let half = try #require(throws: JSONError.self) { try JSONDocument(text: #"{"a":["\ud800"]}"#) }
    #expect(half.kind == .invalidUTF8(JSONPosition(offset: 7, line: 1, column: 8)))
    #expect(half.pointer == "/a/0")
  }

  @Test("100,000 brackets are refused at the limit without a crash", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deep(unit: String) throws {
    let text = String(repeating: unit, count: 100_000)
    let error = try #require(throws: JSONError.self) { try JSONDocument(text: text) }
    guard case .tooDeep = error.kind else {
      Issue.record("\(error.kind)")
      return
    }
    #expect(error.detail.hasSuffix("is nested too deep: at most 64 levels are read"))
  }

  @Test("the depth limit itself is allowed, one more is not")
  func depthLimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let limits = JSONLimits(depthMax: 1024)
    _ = try JSONDocument(text: nested(1024), limits: limits)
    #expect(throws: JSONError.self) { try JSONDocument(text: nested(1025), limits: limits) }
  }

  @Test("bytes and values are limited")
  func sizes() throws {
    _ = try JSONDocument(text: "[1,2]", limits: JSONLimits(bytesMax: 5, valuesMax: 3))
    let long = try #require(throws: JSONError.self) {
      try JSONDocument(text: "[1,22]", limits: JSONLimits(bytesMax: 5))
    }
    #expect(long.kind == .tooLarge)
    #expect(long.detail == "the document has 6 bytes: send at most 5")
    let many = try #require(throws: JSONError.self) {
      try JSONDocument(text: "[1,2]", limits: JSONLimits(valuesMax: 2))
    }
    #expect(many.kind == .tooLarge)
    #expect(many.pointer == "/1")
  }

  @Test("a name given twice is refused however it is spelt")
  func duplicates() throws {
    for text in [
      #"{"b":1,"a":2,"a":3}"#, #"{"b":0,"a":2,"\u0061":3}"#, #"{"b":0,"\u0061":2,"a":3}"#,
      #"{"b":[],"a":{"c":1},"a":[[3]]}"#,
    ] {
      let error = try #require(throws: JSONError.self) { try JSONDocument(text: text) }
      #expect(error.pointer == "/a")
      guard case .duplicateKey(let position) = error.kind else {
        Issue.record("\(error)")
        return
      }
      #expect(position.offset == text.utf8.lastIndexOfName)
    }
  }

  @Test("among thousands of names the one given twice is found", arguments: [17, 1000, 20_000])
  func duplicatesAmongMany(count: Int) throws {
    let names = (0..<count).map { "\"name\($0)\":{\"x\":1,\"y\":[2]}" }
    _ = try JSONDocument(text: "[{\(names.joined(separator: ","))}]")
    let twice = names + ["\"name\(count / 2)\":0"]
    let error = try #require(throws: JSONError.self) {
      try JSONDocument(text: "[{\(twice.joined(separator: ","))}]")
    }
    #expect(error.pointer == "/0/name\(count / 2)")
  }

  @Test("names that differ only beyond eight bytes, or by a NUL at the end, are different names")
  func similarNames() throws {
    _ = try JSONDocument(
      text: #"{"departure_from":1,"departure_fron":2,"departure_fro":3,"":4,"\u0000":5,"\u0000\u0000":6}"#)
  }

  @Test(
    "a syntax error says line, column, place and mend",
    arguments: [
      (
        "{\n  \"a\": [1,\n    tru]\n}",
        "/a/1 is not JSON at line 3, column 5, an unknown word: write true, false or null"
      ),
      ("{\"a\":1,}", "the document is not JSON at line 1, column 8, nothing follows a comma: remove the comma"),
      ("[\"é\",01]", "/1 is not JSON at line 1, column 6, a number with a leading zero: remove the zero"),
      (
        "{\"a\" 1}", "/a is not JSON at line 1, column 6, a name has no value: write a colon and a value after the name"
      ),
      ("[1 2]", "/1 is not JSON at line 1, column 4, a comma or ] is missing: put it before 2"),
      ("[1", "/1 is not JSON at line 1, column 3, it ends too early: complete it and close it with ]"),
      ("", "the document is not JSON at line 1, column 1, it is empty: send one value"),
      (
        "{'a':1}",
        "the document is not JSON at line 1, column 2, a single quote: write names and strings in double quotes"
      ),
      ("1 2", "the document is not JSON at line 1, column 3, text after the value: send one value only"),
      (
        "[NaN]",
        "/0 is not JSON at line 1, column 2, N where a value belongs: write null for what is not a finite number"
      ),
      ("[\"a\tb\"]", "/0 is not JSON at line 1, column 4, a control character in a string: write it as \\u0009"),
      ("\u{FEFF}1", "the document starts with a byte order mark: send it without"),
    ])
  func messages(text: String, message: String) throws {
    let error = try #require(throws: JSONError.self) { try JSONDocument(text: text) }
    #expect(error.detail == message)
  }
}

extension String.UTF8View {
  /// Where the last of the quotes that open a name stands in these test texts: before the last colon's name.
  fileprivate var lastIndexOfName: Int {
    let bytes = Array(self)
    let colon = bytes.lastIndex(of: UInt8(ascii: ":")) ?? 0
    return bytes[..<(colon - 1)].lastIndex(of: UInt8(ascii: "\"")) ?? -1
  }
}
