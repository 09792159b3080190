import CEmbedded

/// The words of every kind of message in every language, as they stand in the files beside this one.
///
/// A file has sections `== kind`; in it `subject:`, `short:` (one line, for feeds, telephones and digests), then paragraphs, a
/// line each. One that begins with `#` is shown as it is, to be copied; one that begins with `>` leads to a page, and is left out
/// where there is no such page. `{fact}` is filled in.
package struct TemplateBook: Sendable {
  /// What is wrong with a file; a fault of whoever wrote it.
  package enum Fault: Error, Sendable, Hashable {
    /// A kind without words.
    case missing(Language, String)
    /// A section, line or place that nothing fills.
    case surplus(Language, String, what: String)
    /// A fact that the words do not tell.
    case untold(Language, MessageKind, Fact)
  }

  private let templates: [Language: [MessageKind: Template]]
  private let frames: [Language: Frame]

  /// What stands around every mail.
  struct Frame: Sendable {
    var greeting = ""
    var greetingPlain = ""
    var footer = ""
    var footerSecurity = ""
  }

  /// The files, as they are inside the program.
  static var files: [Language: [UInt8]] {
    let file = wayfare_templates()
    let texts = UnsafeBufferPointer(start: file.start, count: file.count).split(separator: 0)
    let languages: [Language] = [.english, .german, .french, .spanish, .portuguese, .italian]
    return Dictionary(uniqueKeysWithValues: zip(languages, texts.map { Array($0) }))
  }

  /// The words that the program has.
  package static let standard: TemplateBook = {
    do {
      return try TemplateBook(files: files)
    } catch {
      preconditionFailure("the program's own words cannot be read: \(error)")
    }
  }()

  /// Reads files and holds them against what there is to say.
  ///
  /// - Throws: the first fault.
  package init(files: [Language: [UInt8]]) throws(Fault) {
    var templates: [Language: [MessageKind: Template]] = [:]
    var frames: [Language: Frame] = [:]
    for language in Language.allCases {
      guard let bytes = files[language] else { throw .missing(language, "the file") }
      var sections = try Sections(String(decoding: bytes, as: UTF8.self), language)
      frames[language] = try sections.takeFrame(language)
      for kind in MessageKind.allCases {
        guard let section = sections.byName.removeValue(forKey: kind.rawValue) else {
          throw .missing(language, kind.rawValue)
        }
        templates[language, default: [:]][kind] = try Template(section, kind, language)
      }
      if let name = sections.byName.keys.min() { throw .surplus(language, name, what: "section") }
    }
    self.templates = templates
    self.frames = frames
  }

  func template(_ kind: MessageKind, _ language: Language) -> Template {
    guard let found = templates[language]?[kind] else { preconditionFailure("\(kind) has no words in \(language)") }
    return found
  }

  func frame(_ language: Language) -> Frame {
    guard let found = frames[language] else { preconditionFailure("\(language) has no frame") }
    return found
  }
}

/// The words of one kind in one language.
struct Template: Sendable {
  enum Paragraph: Sendable, Hashable {
    case plain([Piece])
    /// To be copied as it is.
    case copied([Piece])
    /// Leads to a page.
    case link([Piece])
  }

  enum Piece: Sendable, Hashable {
    case words(String)
    case fact(Fact)
  }

  let subject: [Piece]
  let short: [Piece]
  let paragraphs: [Paragraph]

  init(_ section: Sections.Section, _ kind: MessageKind, _ language: Language) throws(TemplateBook.Fault) {
    let name = kind.rawValue
    guard let subject = section.fields["subject"], let short = section.fields["short"] else {
      throw .missing(language, name + ": subject: or short:")
    }
    if let other = section.fields.keys.first(where: { $0 != "subject" && $0 != "short" }) {
      throw .surplus(language, name, what: other)
    }
    self.subject = try Template.pieces(subject, kind, language)
    self.short = try Template.pieces(short, kind, language)
    var paragraphs: [Paragraph] = []
    for text in section.paragraphs {
      let rest = String(text.dropFirst()).trimmed
      switch text.first {
      case "#": paragraphs.append(.copied(try Template.pieces(rest, kind, language)))
      case ">": paragraphs.append(.link(try Template.pieces(rest, kind, language)))
      default: paragraphs.append(.plain(try Template.pieces(text, kind, language)))
      }
    }
    self.paragraphs = paragraphs
    let told = Set(
      paragraphs.flatMap { paragraph in
        switch paragraph {
        case .plain(let pieces), .copied(let pieces), .link(let pieces): pieces
        }
      }.compactMap { if case .fact(let fact) = $0 { fact } else { nil } })
    if let untold = kind.facts.subtracting(told).first { throw .untold(language, kind, untold) }
  }

  private static func pieces(
    _ text: String, _ kind: MessageKind, _ language: Language
  ) throws(TemplateBook.Fault) -> [Piece] {
    var pieces: [Piece] = []
    for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
      if index == 0 {
        if !part.isEmpty { pieces.append(.words(String(part))) }
        continue
      }
      let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let fact = Fact(rawValue: String(halves[0])), kind.facts.contains(fact) else {
        throw .surplus(language, kind.rawValue, what: "{\(halves.first ?? "")}")
      }
      pieces.append(.fact(fact))
      if !halves[1].isEmpty { pieces.append(.words(String(halves[1]))) }
    }
    return pieces
  }
}

/// A file taken apart.
struct Sections {
  struct Section {
    var fields: [String: String] = [:]
    var paragraphs: [String] = []
  }

  var byName: [String: Section] = [:]

  init(_ text: String, _ language: Language) throws(TemplateBook.Fault) {
    var name: String?
    var section = Section()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({ String($0).trimmed }) {
      if line.hasPrefix("== ") {
        if let name { byName[name] = section }
        let next = String(line.dropFirst(3)).trimmed
        guard byName[next] == nil, next != name else { throw .surplus(language, next, what: "second section") }
        (name, section) = (next, Section())
      } else if line.isEmpty {
        continue
      } else if section.paragraphs.isEmpty, let (field, value) = Sections.field(line) {
        section.fields[field] = value
      } else {
        section.paragraphs.append(line)
      }
    }
    if let name { byName[name] = section }
  }

  private static func field(_ line: String) -> (String, String)? {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let isName = parts[0].utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
    return parts.count == 2 && isName ? (String(parts[0]), String(parts[1]).trimmed) : nil
  }

  mutating func takeFrame(_ language: Language) throws(TemplateBook.Fault) -> TemplateBook.Frame {
    guard let fields = byName.removeValue(forKey: "frame")?.fields else { throw .missing(language, "frame") }
    var frame = TemplateBook.Frame()
    for (path, name) in [
      (\TemplateBook.Frame.greeting, "greeting"), (\.greetingPlain, "greeting-plain"), (\.footer, "footer"),
      (\.footerSecurity, "footer-security"),
    ] {
      guard let value = fields[name], !value.isEmpty else { throw .missing(language, "frame: " + name) }
      frame[keyPath: path] = value
    }
    guard frame.greeting.contains("{name}") else { throw .missing(language, "frame: {name}") }
    return frame
  }
}
