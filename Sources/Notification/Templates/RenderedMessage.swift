import Kernel

/// A message in words, for each way in which it can reach somebody.
package struct RenderedMessage: Sendable, Hashable {
  /// What a mail is headed with.
  package let subject: String
  /// One line, for feeds, telephones and digests.
  package let short: String
  /// A mail's plain part.
  package let text: String
  /// A mail's part of HTML.
  package let html: String

  /// A message in words.
  package init(subject: String, short: String, text: String, html: String) {
    self.subject = subject
    self.short = short
    self.text = text
    self.html = html
  }
}

/// What is told to whom.
package struct Message: Sendable, Hashable {
  /// What it is about.
  package var kind: MessageKind
  /// What its words have places for.
  package var facts: [Fact: String]
  /// Whom it greets.
  package var name: String?
  /// Where its page is; nil where there is none.
  package var link: String?
  /// One line each, for a digest.
  package var items: [String]

  /// A message.
  package init(
    _ kind: MessageKind, _ facts: [Fact: String] = [:], name: String? = nil, link: String? = nil, items: [String] = []
  ) {
    self.kind = kind
    self.facts = facts
    self.name = name
    self.link = link
    self.items = items
  }
}

extension TemplateBook {
  /// Items of a digest that are listed; the others are counted.
  package static let itemsMax = 50

  /// Puts a message into words.
  ///
  /// - Returns: the words; nil when a fact is missing that they have a place for.
  package func render(_ message: Message, in language: Language) -> RenderedMessage? {
    guard message.kind.facts.isSubset(of: message.facts.keys) else { return nil }
    let template = template(message.kind, language)
    let frame = frame(language)
    var blocks: [Block] = [.plain(Self.greeting(message.name, frame))]
    for paragraph in template.paragraphs {
      switch paragraph {
      case .plain(let pieces): blocks.append(.plain(fill(pieces, message.facts)))
      case .copied(let pieces): blocks.append(.copied(fill(pieces, message.facts)))
      case .link(let pieces):
        if let link = message.link { blocks.append(.link(fill(pieces, message.facts), link)) }
      }
    }
    if !message.items.isEmpty {
      blocks.append(.list(message.items.prefix(Self.itemsMax).map { String($0.prefix(300)) }))
    }
    let footer = message.kind.urgency == .security ? frame.footerSecurity : frame.footer
    return RenderedMessage(
      subject: fill(template.subject, message.facts).oneLine, short: fill(template.short, message.facts).oneLine,
      text: (blocks.map(\.text) + ["-- \n" + footer]).joined(separator: "\n\n") + "\n",
      html: Self.page(blocks, footer, language))
  }

  private static func greeting(_ name: String?, _ frame: Frame) -> String {
    // Anybody may register somebody else's address under any name: one that could carry a message is not repeated.
    guard let name = name?.oneLine, !name.isEmpty, name.count <= 60, !name.contains(where: { ":/@\\".contains($0) }),
      !name.split(separator: ".").dropFirst().contains(where: { $0.first?.isLetter == true })
    else { return frame.greetingPlain }
    return frame.greeting.replacing("{name}", with: name)
  }

  private func fill(_ pieces: [Template.Piece], _ facts: [Fact: String]) -> String {
    pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .fact(let fact):
        (fact.isPeoplesWords ? facts[fact]?.defused : facts[fact])?.clipped(to: fact.lengthMax) ?? ""
      }
    }.joined()
  }

  private enum Block {
    case plain(String)
    case copied(String)
    case link(String, String)
    case list([String])

    var text: String {
      switch self {
      case .plain(let text): text
      case .copied(let text): "    " + text
      case .link(let words, let link): words + "\n" + link
      case .list(let items): items.map { "* " + $0 }.joined(separator: "\n")
      }
    }

    var html: String {
      switch self {
      case .plain(let text): "<p>\(text.asMarkup.replacing("\n", with: "<br>\n"))</p>"
      case .copied(let text): "<p style=\"font-family:monospace;font-size:1.1em\">\(text.asMarkup)</p>"
      case .link(let words, let link): "<p><a href=\"\(link.asMarkup)\">\(words.asMarkup)</a></p>"
      case .list(let items): "<ul>\n" + items.map { "<li>\($0.asMarkup)</li>\n" }.joined() + "</ul>"
      }
    }
  }

  private static func page(_ blocks: [Block], _ footer: String, _ language: Language) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language.rawValue)">
    <head><meta charset="utf-8"></head>
    <body style="font-family:sans-serif;line-height:1.5;max-width:40em">
    \(blocks.map(\.html).joined(separator: "\n"))
    <hr>
    <p style="font-size:0.85em;color:#555">\(footer.asMarkup)</p>
    </body>
    </html>

    """
  }
}

extension String {
  /// On one line, without what controls a terminal.
  package var oneLine: String {
    let scalars = unicodeScalars.map { scalar -> Character in
      scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
        ? " " : Character(scalar)
    }
    return scalars.split(separator: " ").map { String($0) }.joined(separator: " ")
  }

  /// The first characters, and a sign where there were more.
  package func clipped(to most: Int) -> String { count <= most ? self : prefix(most - 1) + "…" }

  /// With every occurrence of a text put right.
  func replacing(_ old: String, with new: String) -> String {
    var out = ""
    var rest = self[...]
    while let range = rest.firstRange(of: old) {
      out += rest[..<range.lowerBound] + new
      rest = rest[range.upperBound...]
    }
    return out + rest
  }
}
