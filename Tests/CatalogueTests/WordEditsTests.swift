import Testing

@testable import Catalogue

@Suite("Edits of words")
struct WordEditsTests {
  @Test(
    "one letter left out, put in, taken for another or swapped with the next is an edit; two are none",
    arguments: [
      ("luvre", "louvre", true), ("louuvre", "louvre", true), ("louvee", "louvre", true), ("luovre", "louvre", true),
      ("louvr", "louvre", true), ("ouvre", "louvre", true), ("lvre", "louvre", false), ("louvre", "louvre", false),
      ("акрплис", "акрополис", false), ("акроплис", "акрополис", true), ("pier38", "pier39", true),
    ])
  func finds(_ typed: String, _ meant: String, _ isEdit: Bool) {
    #expect(WordEdits(of: typed).words.contains(meant) == isEdit)
  }

  @Test("each edit comes once, and there are as many as there can be")
  func counts() {
    let words = WordEdits(of: "abc").words
    #expect(Set(words).count == words.count)
    // Three left out, two swapped, 3 x 25 taken for others, 4 x 26 put in less three that come twice.
    #expect(words.count == 3 + 2 + 75 + 101)
    #expect(WordEdits(of: String(repeating: "a", count: 41)).words.isEmpty)
    #expect(WordEdits(of: "").words.isEmpty)
  }
}
