import Kernel
import Testing

@Suite("Text in other forms")
struct TextFormTests {
  @Test("markup is written out, and nothing else")
  func markup() {
    #expect(
      #"<a href="x">Tom & 'Jerry'</a>"#.asMarkup == "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;")
    #expect("Zürich – 東京".asMarkup == "Zürich – 東京")
  }

  @Test("all but letters, digits and four signs is percent-encoded, byte by byte")
  func percent() {
    #expect("AZaz09-._~".percentEncoded == "AZaz09-._~")
    #expect("a b+c&d=e/f?%".percentEncoded == "a%20b%2Bc%26d%3De%2Ff%3F%25")
    #expect("ü\u{0}".percentEncoded == "%C3%BC%00")
  }
}
