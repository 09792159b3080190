import Testing

@testable import Notification

/// What people write does not become a link in what others get.
@Suite("People's words in messages")
struct DefusingTests {
  @Test(
    "words that look like addresses lose what makes them some",
    arguments: [
      ("https://evil.example/win", "evil\u{2024}example/win"), ("HTTP://EVIL.EXAMPLE", "EVIL\u{2024}EXAMPLE"),
      ("Rome evil.example/x?y=1", "Rome evil\u{2024}example/x?y=1"), ("www.evil.com", "www\u{2024}evil\u{2024}com"),
      ("me@evil.com", "me@evil\u{2024}com"), ("mailto:me@evil.com", "mailto: me@evil\u{2024}com"),
      ("hxxps://x.y", "x\u{2024}y"), ("see:https:////a.b", "see:a\u{2024}b"), ("ev\u{200B}il.com", "evil\u{2024}com"),
      ("evil\u{3002}com", "evil\u{2024}com"), ("\u{202E}moc.live", "moc\u{2024}live"),
      ("a.b.c.d", "a\u{2024}b\u{2024}c\u{2024}d"),
      ("4.example", "4\u{2024}example"), ("javascript:alert(1)", "javascript: alert(1)"),
      ("xn--e1a.com", "xn--e1a\u{2024}com"),
      ("müller.de", "müller\u{2024}de"), ("https://1.2.3.4/x", "1.2.3.4/x"), ("git+ssh://h.io", "h\u{2024}io"),
    ])
  func lures(_ written: String, _ told: String) {
    #expect(written.defused == told)
  }

  @Test(
    "other words stay as they are",
    arguments: [
      "Rome, in June.", "J. R. R. Tolkien", "18.30 – 20.15", "12.06.2026", "3.50 €", "Day 1: Forum", "Rome: the plan",
      "yes/no", "Zürich", "旅行。東京", "👩‍👩‍👧 holiday", "a...", ".", "", "note: see below", "C++", "50% (or 1:2)",
    ])
  func plain(_ written: String) {
    #expect(written.defused == written)
  }

  @Test(
    "no channel tells an address that somebody has put into a title, a name or a comment", arguments: Language.allCases)
  func channels(_ language: Language) throws {
    let lure = "Win at https://evil.example/now"
    let facts: [Fact: String] = [
      .token: "wfm_token", .organisation: lure, .trip: lure, .author: lure, .text: lure, .count: "3",
      .price: "99.00 EUR",
      .address: "https://example.org/hook",
    ]
    for kind in MessageKind.allCases {
      let message = Message(kind, facts, name: lure, link: "https://site/x#token=1")
      let words = try #require(TemplateBook.standard.render(message, in: language))
      for channel in [words.subject, words.short, words.text, words.html] {
        #expect(!channel.contains("evil.example") && !channel.contains("https://evil"), "\(kind) \(language)")
      }
      let short = try #require(
        TemplateBook.standard.render(Message(.digest, facts, items: [words.short]), in: language))
      #expect(!short.html.contains("evil.example"))
    }
  }

  @Test("a title of any length takes its share of a subject and no more")
  func lengths() throws {
    let facts: [Fact: String] = [.trip: String(repeating: "long ", count: 400), .author: "Eve", .token: "t"]
    let words = try #require(TemplateBook.standard.render(Message(.tripInvited, facts), in: .english))
    #expect(words.subject.count < 200 && words.text.count < 2000)
  }
}
