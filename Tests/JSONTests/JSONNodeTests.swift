import Testing

@testable import JSON

private func read<Value: JSONReadable>(_ type: Value.Type, _ text: String) throws -> Value {
  try Value(jsonBytes: Array(text.utf8))
}

@Suite("Values")
struct JSONNodeTests {
  @Test("whole numbers are exact up to the ends of every width")
  func integers() throws {
    #expect(try read(Int64.self, "9223372036854775807") == .max)
    #expect(try read(Int64.self, "-9223372036854775808") == .min)
    #expect(try read(UInt64.self, "18446744073709551615") == .max)
    #expect(try read(Int8.self, "-128") == -128)
    #expect(try read(Int.self, "-0") == 0)
    for (text, isRead) in [("9223372036854775808", false), ("-9223372036854775809", false), ("-1", true)] {
      #expect((try? read(Int64.self, text)) != nil ? isRead : !isRead, "\(text)")
    }
    #expect(throws: JSONError.self) { try read(UInt64.self, "18446744073709551616") }
    #expect(throws: JSONError.self) { try read(UInt64.self, "-1") }
    #expect(throws: JSONError.self) { try read(Int8.self, "128") }
    #expect(throws: JSONError.self) { try read(Int.self, String(repeating: "9", count: 400)) }
  }

  @Test("a number without a fraction is whole however it is spelt")
  func wholeDecimals() throws {
    for (text, value) in [("2.0", 2), ("-1e3", -1000), ("1.5e1", 15), ("120e-1", 12), ("0.0e999", 0), ("1E0", 1)] {
      #expect(try read(Int.self, text) == value, "\(text)")
    }
    #expect(try read(Int.self, "9.223372036854775807e18") == .max)
    for text in ["0.5", "1e-1", "1.25e1", "1e19", "1e99999999999999999999", "1e-99999999999999999999"] {
      #expect(throws: JSONError.self, "\(text)") { try read(Int.self, text) }
    }
  }

  @Test("doubles are correctly rounded")
  func doubles() throws {
    let texts = [
      "0.1", "-0.0", "1e22", "1e23", "9007199254740993", "9007199254740991.5", "123456.789", "1.7976931348623157e308",
      "5e-324", "2.2250738585072011e-308", "0.000001", "48.137154", "1e-400", "100000000000000000000000", "-90",
      "179769313486231580793e288", "0.30000000000000004", "7205759403792793199999e-5", "1.000000000000000000",
    ]
    for text in texts {
      let expected = try #require(Double(text))
      let value = try read(Double.self, text)
      #expect(value == expected && value.sign == expected.sign, "\(text)")
    }
    let error = try #require(throws: JSONError.self) { try read(Double.self, "-1e400") }
    #expect(error.kind == .outOfRange)
  }

  @Test("short decimals of every kind agree with the standard library")
  func randomDoubles() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("JSON decimals seed \(seed)")
    var random = TestRandom(seed: seed)
    for _ in 0..<20_000 {
      let whole = Int.random(in: -999_999_999...999_999_999, using: &random)
      let fraction = random.next() >> UInt64.random(in: 30..<64, using: &random)
      let text = "\(whole).\(fraction)"
      #expect(try read(Double.self, text) == Double(text), "seed \(seed): \(text)")
    }
  }

  @Test("a number's text is kept for those who count money")
  func decimalText() throws {
    #expect(try JSONDocument(text: "[12.50]").root.array.map { try $0.decimalText } == ["12.50"])
    #expect(throws: JSONError.self) { try JSONDocument(text: "\"1\"").root.decimalText }
  }

  @Test("escapes are resolved")
  func strings() throws {
    let text = #""\"\\\/\b\f\n\r\tA\u00e9\u20AC\ud83d\ude00é€😀\u0000""#
    #expect(try read(String.self, text) == "\"\\/\u{8}\u{C}\n\r\tA\u{E9}€😀é€😀\u{0}")
  }

  @Test("length counts Unicode scalars")
  func lengths() throws {
    let node = try JSONDocument(text: "\"é€😀\"").root
    #expect(try node.string(length: 3...3) == "é€😀")
    #expect(throws: JSONError.self) { try node.string(length: 4...9) }
    #expect(throws: JSONError.self) { try node.string(length: 0...2) }
  }

  @Test("arrays, dictionaries and options nest")
  func containers() throws {
    #expect(try read([String: [Int?]].self, #"{"a":[1,null],"b":[]}"#) == ["a": [1, nil], "b": []])
    #expect(try read([[Bool]].self, "[[true],[],[false,true]]") == [[true], [], [false, true]])
    let error = try #require(throws: JSONError.self) { try read([String: [Int]].self, #"{"a/b":[1,"x"]}"#) }
    #expect(error.pointer == "/a~1b/1")
    #expect(throws: JSONError.self) { try read([String: Int].self, #"{"\u00e9":1,"e\u0301":2}"#) }
  }

  @Test("a pointer finds what it names and nothing else")
  func pointers() throws {
    let root = try JSONDocument(text: #"{"a/b":{"m~n":[10,{"":7}]},"~1":8,"":9}"#).root
    #expect(try root.find("/a~1b/m~0n/1/")?.int == 7)
    #expect(try root.find("/~01")?.int == 8)
    #expect(try root.find("/")?.int == 9)
    #expect(root.find("")?.kind == .object)
    #expect(root.find("/a~1b/m~0n/1/")?.pointer == "/a~1b/m~0n/1/")
    for pointer in ["a", "/a", "/a~1b/m~0n/2", "/a~1b/m~0n/01", "/a~1b/m~0n/-1", "/a~1b/m~0n/-", "/~1/x"] {
      #expect(root.find(pointer) == nil, "\(pointer)")
    }
  }

  @Test("a node outlives the document value it came from")
  func lifetime() throws {
    func node() throws -> JSONNode? { try JSONDocument(text: #"{"a":["kept alive by the node"]}"#).root.find("/a/0") }
    #expect(try node()?.string == "kept alive by the node")
  }
}
