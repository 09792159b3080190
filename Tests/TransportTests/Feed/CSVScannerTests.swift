import Kernel
import Testing

@testable import Transport

/// Bytes that come in pieces of a given size, as from a slow disk.
final class PiecewiseBytes: ByteStream {
  private var bytes: ArraySlice<UInt8>
  private let piece: Int

  init(_ bytes: [UInt8], piece: Int) {
    self.bytes = bytes[...]
    self.piece = piece
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
    let count = min(piece, room.count, bytes.count)
    room.copyBytes(from: bytes.prefix(count))
    bytes = bytes.dropFirst(count)
    return count
  }
}

/// What a scanner makes of a text: each record's line with its fields.
func records(_ text: String, piece: Int = 7) throws -> [String] {
  var scanner = CSVScanner(PiecewiseBytes(Array(text.utf8), piece: piece))
  var records: [String] = []
  while try scanner.advance() {
    let fields = (0..<scanner.fieldCount).map { scanner.field($0).text }
    let oddity = scanner.oddity == .none ? "" : " \(scanner.oddity)"
    records.append("\(scanner.line): \(fields.joined(separator: "|"))\(oddity)")
  }
  return records
}

@Suite("The CSV scanner")
struct CSVScannerTests {
  @Test(
    "records and fields are told apart by RFC 4180, and by what feeds do instead",
    arguments: [
      ("a,b\nc,d\n", ["1: a|b", "2: c|d"]),
      ("a,b\r\nc,d\r\n", ["1: a|b", "2: c|d"]),
      ("a,b\rc,d\r", ["1: a|b", "2: c|d"]),
      ("a,b\nc,d", ["1: a|b", "2: c|d"]),
      ("a,,\n,\n\n", ["1: a||", "2: |", "3: "]),
      (" a , b\t\n", ["1: a|b"]),
      ("\"a,b\",c\n", ["1: a,b|c"]),
      ("\"a\nb\",c\nd\n", ["1: a\nb|c", "3: d"]),
      ("\"a\r\nb\",c\r\nd\r\n", ["1: a\r\nb|c", "3: d"]),
      ("\"say \"\"hi\"\"\",x\n", ["1: say \"hi\"|x"]),
      ("\"\",\"\"\"\"\n", ["1: |\""]),
      ("5\" pipe,x\n", ["1: 5\" pipe|x"]),
      (" \"a\" ,b\n", ["1: a|b"]),
      ("\"a\"b,c\nd\n", ["1: a\"b|c textAfterQuote", "2: d"]),
      ("\"a,b\nc,d\ne\n", ["1:  unclosedQuote", "2: c|d", "3: e"]),
      ("a\n\"", ["1: a", "2:  unclosedQuote"]),
      ("", []), ("\n", ["1: "]), ("a", ["1: a"]), ("a,", ["1: a|"]), ("\"a\"", ["1: a"]),
    ])
  func knownTexts(_ text: String, _ expected: [String]) throws {
    for piece in 1...max(1, text.utf8.count) {
      #expect(try records(text, piece: piece) == expected, "pieces of \(piece)")
    }
  }

  @Test(
    "what is written by RFC 4180 is read as it was, in pieces of any size", arguments: 1...40 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let letters = ["a", "b", ",", "\"", "\n", "\r\n", "é", "", "0"]
    var (text, expected, line) = ("", [String](), 1)
    let ending = ["\n", "\r\n"].randomElement(using: &random) ?? "\n"
    for _ in 0..<Int.random(in: 1...30, using: &random) {
      var (written, fields, breaks) = ([String](), [String](), 0)
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        var field = ""
        for _ in 0..<Int.random(in: 0...6, using: &random) { field += letters.randomElement(using: &random) ?? "" }
        breaks += field.unicodeScalars.filter { $0 == "\n" }.count
        // White space at the ends of a field is not kept.
        while let last = field.unicodeScalars.last, last == "\n" || last == "\r" { field.unicodeScalars.removeLast() }
        while let first = field.unicodeScalars.first, first == "\n" || first == "\r" {
          field.unicodeScalars.removeFirst()
        }
        fields.append(field)
        written.append("\"" + field.replacing("\"", with: "\"\"") + "\"")
      }
      breaks = fields.reduce(0) { $0 + $1.unicodeScalars.filter { $0 == "\n" }.count }
      expected.append("\(line): \(fields.joined(separator: "|"))")
      text += written.joined(separator: ",") + ending
      line += 1 + breaks
    }
    let piece = Int.random(in: 1...64, using: &random)
    #expect(try records(text, piece: piece) == expected, "seed \(seed), pieces of \(piece)")
  }

  @Test("no bytes crash it, and the size of pieces changes nothing", arguments: 1...60 as ClosedRange<UInt64>)
  func anyBytes(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<200).map { _ in [44, 34, 10, 13, 32, 65, 0, 255].randomElement(using: &random) ?? 65 as UInt8 }
    func read(_ piece: Int) throws -> [[String]] {
      var scanner = CSVScanner(PiecewiseBytes(bytes, piece: piece))
      var result: [[String]] = []
      while try scanner.advance() {
        result.append(["\(scanner.line) \(scanner.oddity)"] + (0..<scanner.fieldCount).map { scanner.field($0).text })
      }
      return result
    }
    let whole = try read(200)
    for piece in [1, 2, 3, 17] { #expect(try read(piece) == whole, "seed \(seed), pieces of \(piece)") }
  }

  @Test("a quote that is never closed in a long file costs its line, not the file")
  func longUnclosedQuote() throws {
    let row = "id,name of some length,52.5,13.4\n"
    let text = "a\n\"b\n" + String(repeating: row, count: 50_000)
    let all = try records(text, piece: 65_536)
    #expect(all.count == 50_002)
    #expect(all.prefix(3) == ["1: a", "2:  tooLong", "3: id|name of some length|52.5|13.4"])
  }
}

@Suite("Fields")
struct FieldBytesTests {
  private func read<Value>(_ text: String, _ body: (FieldBytes) -> Value) -> Value { withBytes(of: text, body) }

  @Test("numbers are whole or refused")
  func integers() {
    for (text, value) in [("0", 0), ("007", 7), ("-3", -3), ("2147483647", 2_147_483_647)] {
      #expect(read(text, \.integer) == value)
    }
    for text in ["", "+3", "-", "1.0", "2147483648", "99999999999", "1e3", "٣", "1 2", "--1"] {
      #expect(read(text, \.integer) == nil, "\(text)")
    }
  }

  @Test("decimals are the nearest ones, to the last bit", arguments: [UInt64(11)])
  func reals(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<5000 {
      let digits = Int.random(in: 0...20, using: &random)
      let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
      let text = "\(Bool.random(using: &random) ? "-" : "")\(Int.random(in: 0...180, using: &random)).\(fraction)"
      #expect(read(text, \.real) == Double(digits == 0 ? text + "0" : text), "\(text), seed \(seed)")
    }
    for (text, value) in [("5.", 5), (".5", 0.5), ("+1.5", 1.5), ("1e2", 100), ("-1.5E-1", -0.15)] {
      #expect(read(text, \.real) == value)
    }
    for text in ["", ".", "-", "1,5", "0x10", "inf", "nan", "1e999", "1.2.3", "12a"] {
      #expect(read(text, \.real) == nil, "\(text)")
    }
  }

  @Test("times may pass 24:00 and 96:00")
  func times() {
    for (text, seconds) in [
      ("0:00:00", 0), ("08:03:07", 28_987), ("25:10:00", 90_600), ("96:00:01", 345_601), ("999:59:59", 3_599_999),
    ] {
      #expect(read(text, \.time) == Int32(seconds))
    }
    for text in ["", "8:00", "08:60:00", "08:00:60", "1000:00:00", "-1:00:00", "08-00-00", "08:0:00", "aa:00:00"] {
      #expect(read(text, \.time) == nil, "\(text)")
    }
    #expect(read("8:05", \.timeWithoutSeconds) == 29_100)
    for text in ["805", "8:5", "8:60", ":05", "8:", "x:05", "8: 5"] {
      #expect(read(text, \.timeWithoutSeconds) == nil, "\(text)")
    }
  }

  @Test("amounts are exact in the unit of their currency")
  func amounts() {
    func minor(_ text: String, _ currency: String) -> Int? {
      read(text) { CurrencyDigits.minorUnits($0, in: currency) }
    }
    #expect(minor("2.50", "EUR") == 250 && minor("2", "EUR") == 200 && minor(".5", "EUR") == 50)
    #expect(minor("-1.25", "EUR") == -125 && minor("2.500", "EUR") == 250)
    #expect(minor("100", "JPY") == 100 && minor("100.0", "JPY") == 100 && minor("1.234", "KWD") == 1234)
    for (text, currency) in [("2.505", "EUR"), ("1.5", "JPY"), ("", "EUR"), (".", "EUR"), ("1,5", "EUR"), ("-", "EUR")]
    {
      #expect(minor(text, currency) == nil, "\(text) \(currency)")
    }
  }
}
