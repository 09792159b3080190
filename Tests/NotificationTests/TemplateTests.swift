import Accounts
import Kernel
import Testing

@testable import Notification

@Suite("Words of messages")
struct TemplateTests {
  private let book = TemplateBook.standard

  private static let facts: [Fact: String] = [
    .token: "wfm_token", .organisation: "Org & <Co>", .trip: "Rome <1>", .author: "Eve \"x\"", .text: "see\n<b>",
    .count: "3", .address: "https://example.org/hook", .price: "90.00 EUR",
  ]

  @Test("every kind has words in every language, and all its facts are told", arguments: Language.allCases)
  func complete(_ language: Language) throws {
    for kind in MessageKind.allCases {
      let message = Message(kind, Self.facts, name: "Ada", link: "https://site/x?a=1&b=2")
      let words = try #require(book.render(message, in: language))
      #expect(!words.subject.isEmpty && !words.short.isEmpty && !words.subject.contains("\n"))
      for fact in kind.facts {
        let value = try #require(Self.facts[fact])
        #expect(words.text.contains(value), "\(kind) \(language) \(fact)")
        #expect(words.html.contains(value.asMarkup.replacing("\n", with: "<br>\n")), "\(kind) \(language) \(fact)")
      }
      #expect(!words.text.contains("{") && !words.html.contains("{") && !words.subject.contains("{"))
      #expect(!words.html.contains("<b>") && !words.html.contains("<1>") && !words.html.contains("<Co>"))
    }
  }

  @Test("every letter about accounts that the code sends has words")
  func letters() {
    let letters: [AccountLetter] = [
      .confirm(token: "t"), .alreadyRegistered, .reset(token: "t"), .resetWithoutAccount, .passwordChanged,
      .sessionReused, .secondFactor(isOn: true), .secondFactor(isOn: false),
      .invitation(organisation: "o", token: "t"),
    ]
    for letter in letters {
      var facts: [Fact: String] = [:]
      facts[.token] = letter.token
      facts[.organisation] = letter.organisation
      let kind = MessageKind(rawValue: letter.kind)
      #expect(kind?.isLetter == true, "\(letter.kind)")
      #expect(kind.flatMap { book.render(Message($0, facts), in: .english) } != nil, "\(letter.kind)")
    }
  }

  @Test("a fact that is missing makes no message; a page that is missing leaves out what leads to it")
  func missing() throws {
    #expect(book.render(Message(.accountConfirm, [:]), in: .english) == nil)
    let words = try #require(book.render(Message(.accountConfirm, [.token: "T"]), in: .english))
    #expect(words.text.contains("    T\n") && !words.html.contains("<a href"))
  }

  @Test("files with places, sections or lines too many or too few are refused, each with its fault")
  func faults() throws {
    func files(_ change: (String) -> String) -> [Language: [UInt8]] {
      let english = TemplateBook.files[.english] ?? []
      var files = Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, english) })
      files[.german] = Array(change(String(decoding: english, as: UTF8.self)).utf8)
      return files
    }
    func fault(_ change: (String) -> String) -> TemplateBook.Fault? {
      do throws(TemplateBook.Fault) {
        _ = try TemplateBook(files: files(change))
        return nil
      } catch { return error }
    }
    #expect(fault { $0 } == nil)
    #expect(fault { $0.replacing("== digest", with: "== digset") } == .missing(.german, "digest"))
    #expect(fault { $0 + "\n== more\nsubject: x\nshort: x\n" } == .surplus(.german, "more", what: "section"))
    #expect(fault { $0.replacing("({count}):", with: "({author}):") } == .surplus(.german, "digest", what: "{author}"))
    #expect(fault { $0.replacing("({count}):", with: ":") } == .untold(.german, .digest, .count))
    #expect(fault { $0.replacing("short: News: {count}", with: "") } == .missing(.german, "digest: subject: or short:"))
  }

  @Test(
    "a name that could carry a message is not greeted",
    arguments: [
      "Visit https://evil.example", "evil.example", "a/b", "x@y", String(repeating: "long ", count: 20),
    ])
  func greeting(_ name: String) throws {
    let words = try #require(book.render(Message(.accountAlreadyRegistered, [:], name: name), in: .english))
    #expect(words.text.hasPrefix("Hello,\n"))
    let plain = try #require(
      book.render(Message(.accountAlreadyRegistered, [:], name: "J. R. R. Tolkien"), in: .english))
    #expect(plain.text.hasPrefix("Hello J. R. R. Tolkien,\n"))
  }

  @Test("what a digest joins is listed; languages are found by their tags")
  func digest() throws {
    let austrian = try #require(Language(tag: "de-AT"))
    let words = try #require(book.render(Message(.digest, [.count: "2"], items: ["one <b>", "two"]), in: austrian))
    #expect(words.text.contains("* one <b>\n* two") && words.html.contains("<li>one &lt;b&gt;</li>"))
    #expect(words.subject == "Neuigkeiten: 2")
    #expect(Language(tag: "pt_BR") == .portuguese && Language(tag: "ja") == nil && Language(tag: nil) == nil)
  }
}
