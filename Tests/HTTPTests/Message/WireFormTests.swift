import Testing

@testable import HTTP

@Suite("Wire form of ids and fields")
struct WireFormTests {
  @Test("a word is written as sixteen lower-case hexadecimal digits, whatever its digits are")
  func writesHexadecimal() {
    var words: [UInt64] = [0, 1, 9, 10, 15, 16, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, .max]
    for shift in 0..<64 as Range<UInt64> { words.append(0xA5 << shift) }
    for word in words {
      let text = String(unsafeUninitializedCapacity: 16) { memory in
        var writer = ByteWriter(memory)
        RequestID.writeHexadecimal(word, to: &writer)
        return writer.count
      }
      let digits = String(word, radix: 16)
      #expect(text == String(repeating: "0", count: 16 - digits.count) + digits)
    }
  }

  @Test("fields are found under every name that was put in, in any way, and under no other")
  func findsFields() {
    var fields: HTTPFields = ["Content-Type": "a", "ETag": "b"]
    fields.appendPlain("X-Request-Id", roomBytes: 1) { $0.put(49) }
    var other = HTTPFields()
    other.append("Vary", "c")
    fields.append(contentsOf: other)
    for name in ["content-type", "ETAG", "x-request-ID", "vary"] { #expect(fields.contains(name), "\(name)") }
    for name in ["Content-Typo", "Etog", "Very", "Age"] { #expect(!fields.contains(name), "\(name)") }
    fields.remove("Vary")
    #expect(!fields.contains("Vary"))
    var same: HTTPFields = ["Content-Type": "a", "ETag": "b"]
    same.append("X-Request-Id", "1")
    #expect(fields == same)
  }
}
