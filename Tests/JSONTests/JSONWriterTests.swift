import Testing

@testable import JSON

private func text(_ value: some JSONWritable, isPretty: Bool = false) -> String {
  String(decoding: value.jsonBytes(isPretty: isPretty), as: UTF8.self)
}

private struct Leg: JSONWritable {
  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("mode", "rail")
      $0.field("stops", 3)
      $0.field("note", ifPresent: String?.none)
      $0.field("price", Double?.none)
      $0.array("path") {
        $0.element(1.5)
        $0.array { $0.element(true) }
        $0.object { _ in }
      }
      $0.object("none") { _ in }
    }
  }
}

@Suite("Writing")
struct JSONWriterTests {
  @Test("objects and arrays are written compactly")
  func compact() {
    #expect(text(Leg()) == #"{"mode":"rail","stops":3,"price":null,"path":[1.5,[true],{}],"none":{}}"#)
    #expect(text([Int]()) == "[]")
    #expect(text(["b": 1, "a\"": 2]) == #"{"a\"":2,"b":1}"#)
  }

  @Test("pretty output is indented by two spaces and keeps empty containers short")
  func pretty() {
    #expect(
      text(Leg(), isPretty: true) == """
        {
          "mode": "rail",
          "stops": 3,
          "price": null,
          "path": [
            1.5,
            [
              true
            ],
            {}
          ],
          "none": {}
        }
        """)
  }

  @Test("only quotes, backslashes and control characters are escaped")
  func escapes() {
    #expect(
      text("a\"b\\c/d\u{0}\u{1F}\n\t\r\u{8}\u{C}\u{7F}é\u{2028}😀") == #""a\"b\\c/d\u0000\u001f\n\t\r\b\f"#
        + "\u{7F}é\u{2028}😀\"")
  }

  @Test("a special character is escaped wherever it stands in a text of any length", arguments: 0...40)
  func escapePlaces(length: Int) throws {
    for special in ["\"", "\\", "\u{1}", "é", "\u{1F}"] {
      for place in 0...length {
        var characters = Array(repeating: "x", count: length)
        characters.insert(special, at: place)
        let value = characters.joined()
        #expect(try String(jsonBytes: value.jsonBytes()) == value)
      }
    }
    let control = String(repeating: "\u{1}", count: length)
    #expect(text(control).utf8.count == length * 6 + 2)
  }

  @Test("whole numbers of every width")
  func integers() {
    #expect(text(Int64.min) == "-9223372036854775808")
    #expect(text(UInt64.max) == "18446744073709551615")
    #expect(text([0, 7, -7, 10, 99, 100, 1_000_000]) == "[0,7,-7,10,99,100,1000000]")
    #expect(text(Int8.min) == "-128")
  }

  @Test("doubles are the shortest that read back the same")
  func doubles() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.0, "-0.0"), (3, "3"), (-3.5, "-3.5"), (0.1, "0.1"), (48.137154, "48.137154"), (1e-6, "0.000001"),
      (0.30000000000000004, "0.30000000000000004"), (1e22, "1e+22"), (.leastNonzeroMagnitude, "5e-324"),
      (123456.789, "123456.789"),
      (1e15, "1000000000000000"), (99999999.999999, "99999999.999999"), (1.0 / 3, "0.3333333333333333"),
    ]
    for (value, spelt) in cases { #expect(text(value) == spelt) }
  }

  @Test("any finite double reads back with the same bits")
  func randomDoubles() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("JSON doubles seed \(seed)")
    var random = TestRandom(seed: seed)
    for _ in 0..<20_000 {
      let whole = Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &random))
      let scale = [1, 10, 1e3, 1e6, 1e7][Int.random(in: 0..<5, using: &random)]
      for value in [Double(bitPattern: random.next()), whole / scale] where value.isFinite {
        let bytes = value.jsonBytes()
        #expect(try Double(jsonBytes: bytes).bitPattern == value.bitPattern, "seed \(seed): \(value)")
        // Swift's own text is the shortest, too, though it may differ in exponent and zeros.
        #expect(digits(String(decoding: bytes, as: UTF8.self)) == digits(value.description), "seed \(seed): \(value)")
      }
    }
  }

  /// The significant digits of a number's text.
  private func digits(_ text: String) -> String {
    let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return String(String(digits.reversed()).drop { $0 == "0" }.reversed())
  }

  @Test("a writer can be drained and used again")
  func drained() {
    var writer = JSONWriter()
    for round in 0..<3 {
      writer.object { $0.field("round", round) }
      let line = writer.drain { String(decoding: $0, as: UTF8.self) }
      #expect(line == "{\"round\":\(round)}")
    }
  }

  @Test("writing a number that JSON lacks stops the process")
  func notFinite() async {
    await #expect(processExitsWith: .failure) { _ = Double.nan.jsonBytes() }
    await #expect(processExitsWith: .failure) { _ = Double.infinity.jsonBytes() }
  }

  @Test("writing two values where one belongs, or none, stops the process")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.null()
      writer.null()
    }
    await #expect(processExitsWith: .failure) { _ = JSONWriter().finish() }
  }
}

@Suite("Nearest names")
struct NearestNameTests {
  @Test(
    "one edit per three letters is close, more is not",
    arguments: [
      ("nigths", "nights"), ("night", "nights"), ("NIGHTS", "nights"), ("nme", "name"), ("startdate", "start_date"),
      ("strat_date", "start_date"), ("nam", "name"), ("", nil), ("x", nil), ("budget", nil), ("party_sizes", nil),
      ("né", nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    #expect(nearestName(to: name, among: ["name", "nights", "start_date"]) == expected)
  }

  @Test("a tie goes to the one listed first, and hostile lengths are not compared")
  func ties() {
    #expect(nearestName(to: "cat", among: ["car", "can"]) == "car")
    #expect(nearestName(to: String(repeating: "a", count: 1_000_000), among: ["a"]) == nil)
  }

  @Test("the distance counts insertions, deletions, replacements and swaps of neighbours")
  func distances() {
    func distance(_ left: String, _ right: String) -> Int {
      editDistance(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
    }
    #expect(distance("", "abc") == 3)
    #expect(distance("abc", "acb") == 1)
    #expect(distance("kitten", "sitting") == 3)
    #expect(distance("ca", "abc") == 3)
    #expect(distance("flaw", "lawn") == 2)
  }
}
