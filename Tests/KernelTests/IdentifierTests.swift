import Testing

@testable import Kernel

@Suite("Identifiers")
struct IdentifierTests {
  @Test("text is read in either case, and nothing else is")
  func text() {
    #expect(TripID("0123ABCD-4567-89ab-cdef-0123456789ab")?.description == "0123abcd-4567-89ab-cdef-0123456789ab")
    for text in [
      "", "0123ABCD456789abcdef0123456789ab", "0123ABCD-4567-89ab-cdef-0123456789a",
      "0123ABCD-4567-89ab-cdef-0123456789abc", "g123ABCD-4567-89ab-cdef-0123456789ab",
    ] {
      #expect(TripID(text) == nil, "\(text)")
    }
  }

  @Test("one made by chance says so in its version and variant")
  func chance() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<100 {
      let text = UserID(using: &random).description
      #expect(text.dropFirst(14).first == "4")
      #expect(text.dropFirst(19).first.map { "89ab".contains($0) } == true)
      #expect(UserID(text)?.description == text)
    }
  }

  @Test("the order is that of the text")
  func order() {
    #expect(TripID(high: 1, low: 9) < TripID(high: 2, low: 0))
    #expect(TripID(high: 1, low: 8) < TripID(high: 1, low: 9))
  }
}
