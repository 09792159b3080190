/// A document of text on A4 pages, as PDF 1.4.
///
/// The fonts are Helvetica and Helvetica-Bold, which every reader has; their text is in WinAnsiEncoding. Other letters are
/// written in fonts of the machine, of which the letters that are used are embedded; what none of these has is `?`. Letters
/// stand one after the other, from left to right: scripts that join them or run the other way are readable, and no more.
struct PDFDocument {
  /// A4, in points of 1/72 inch.
  static let (width, height) = (595, 842)
  private static let pagesMax = 200

  private var pages: [[UInt8]] = []
  private let title: String
  private let fonts: () -> [TrueTypeFont]
  /// Of the fonts that were needed, in the order of `fonts`; empty until one was.
  private var others: [PDFLetters] = []

  /// An empty document.
  ///
  /// - Parameters:
  ///   - title: what readers show above it.
  ///   - fonts: asked for once there is a letter that Helvetica lacks.
  init(title: String, fonts: @escaping () -> [TrueTypeFont] = { PDFFonts.installed }) {
    self.title = title
    self.fonts = fonts
  }

  /// A piece of text on a page.
  struct Piece {
    let text: String
    /// From the left; of the right end where `isRight`.
    let x: Int
    /// From the bottom.
    let y: Int
    var size = 10
    var isBold = false
    var isRight = false
  }

  /// Adds a page with pieces of text on it.
  mutating func add(_ pieces: [Piece]) {
    precondition(pages.count < PDFDocument.pagesMax, "a document has \(PDFDocument.pagesMax) pages at most")
    var content: [UInt8] = []
    for piece in pieces {
      let (shown, width) = runs(of: piece)
      // A thousandth of the size is the unit of widths; positions are written with two decimals.
      let left = piece.isRight ? piece.x * 100 - width * piece.size / 10 : piece.x * 100
      content += Array("BT \(PDFDocument.decimal(left)) \(piece.y) Td".utf8) + shown + Array(" ET\n".utf8)
    }
    pages.append(content)
  }

  /// A piece as a page shows it, each run of letters in a font that has them, and how wide it is.
  private mutating func runs(of piece: Piece) -> (shown: [UInt8], width: Int) {
    var (shown, width) = ([UInt8](), 0)
    let own = piece.isBold ? 2 : 1
    var plain: [UInt8] = []
    var embedded = (font: 0, digits: "")
    func end() {
      if !plain.isEmpty {
        width += Helvetica.width(plain, isBold: piece.isBold)
        shown += Array(" /F\(own) \(piece.size) Tf ".utf8) + PDFDocument.literal(plain) + Array(" Tj".utf8)
        plain = []
      }
      if !embedded.digits.isEmpty {
        shown += Array(" /F\(3 + embedded.font) \(piece.size) Tf <\(embedded.digits)> Tj".utf8)
        embedded.digits = ""
      }
    }
    for letter in piece.text.unicodeScalars {
      if let byte = WinAnsi.byte(letter) {
        if !embedded.digits.isEmpty { end() }
        plain.append(byte)
      } else if let (font, number, letterWidth) = embed(letter) {
        if !plain.isEmpty || embedded.font != font { end() }
        embedded.font = font
        embedded.digits += PDFDocument.fourDigits(number)
        width += letterWidth
      } else {
        if !embedded.digits.isEmpty { end() }
        plain.append(WinAnsi.question)
      }
    }
    end()
    return (shown, width)
  }

  private mutating func embed(_ letter: Unicode.Scalar) -> (font: Int, number: Int, width: Int)? {
    // What only directs how others are shown has no form.
    guard letter.value >= 0x20, letter.properties.generalCategory != .control else { return nil }
    if others.isEmpty { others = fonts().map { PDFLetters($0) } }
    for index in others.indices {
      if let (number, width) = others[index].number(of: letter) { return (index, number, width) }
    }
    return nil
  }

  /// The file.
  func bytes() -> [UInt8] {
    var file = PDFFile()
    let used = others.indices.filter { !others[$0].letters.isEmpty }
    let first = 6 + used.count * PDFLetters.objectCount
    let kids = pages.indices.map { "\(first + 2 * $0) 0 R" }.joined(separator: " ")
    file.object("<< /Type /Catalog /Pages 2 0 R >>")
    file.object("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
    for font in ["Helvetica", "Helvetica-Bold"] {
      file.object("<< /Type /Font /Subtype /Type1 /BaseFont /\(font) /Encoding /WinAnsiEncoding >>")
    }
    file.object(
      Array("<< /Producer (Wayfare) /Title ".utf8) + PDFDocument.literal(WinAnsi.bytes(title)) + Array(" >>".utf8))
    var names = ""
    for (place, index) in used.enumerated() {
      let number = 6 + place * PDFLetters.objectCount
      names += " /F\(3 + index) \(number) 0 R"
      // Six letters before a name say that it is a part of a font.
      let name = "WAYFA\(["R", "S", "T", "U"][index % 4])+Letters\(index)"
      for object in others[index].objects(named: name, from: number) { file.object(object) }
    }
    for (index, content) in pages.enumerated() {
      file.object(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(PDFDocument.width) \(PDFDocument.height)] /Contents \(first + 2 * index + 1) 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R\(names) >> >> >>"
      )
      file.object(PDFDocument.stream(content))
    }
    return file.finish(root: 1, info: 5)
  }

  /// A stream of bytes, as an object.
  static func stream(_ content: [UInt8], more: String = "") -> [UInt8] {
    Array("<< /Length \(content.count)\(more) >>\nstream\n".utf8) + content + Array("\nendstream".utf8)
  }

  /// A number as four hexadecimal digits.
  static func fourDigits(_ number: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  private static func literal(_ code: [UInt8]) -> [UInt8] {
    var text: [UInt8] = [0x28]
    for byte in code {
      if byte == 0x28 || byte == 0x29 || byte == 0x5C { text.append(0x5C) }
      text.append(byte)
    }
    return text + [0x29]
  }

  private static func decimal(_ hundredths: Int) -> String {
    let rest = abs(hundredths) % 100
    return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// The objects of a file with their places.
private struct PDFFile {
  private var bytes = Array("%PDF-1.4\n%\u{E2}\u{E3}\n".utf8)
  private var places: [Int] = []

  mutating func object(_ text: String) { object(Array(text.utf8)) }

  mutating func object(_ body: [UInt8]) {
    places.append(bytes.count)
    bytes += Array("\(places.count) 0 obj\n".utf8) + body + Array("\nendobj\n".utf8)
  }

  consuming func finish(root: Int, info: Int) -> [UInt8] {
    let start = bytes.count
    // Each line of the table has twenty bytes.
    var table = "xref\n0 \(places.count + 1)\n0000000000 65535 f \n"
    for place in places {
      let digits = "\(place)"
      table += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    table +=
      "trailer\n<< /Size \(places.count + 1) /Root \(root) 0 R /Info \(info) 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return bytes + Array(table.utf8)
  }
}
