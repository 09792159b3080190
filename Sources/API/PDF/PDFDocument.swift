/// A document of text on A4 pages, as PDF 1.4.
///
/// The fonts are Helvetica and Helvetica-Bold, which every reader has, so that none is embedded; their text is in
/// WinAnsiEncoding. What that cannot write (letters that are not of western Europe) is written as `?`.
struct PDFDocument {
  /// A4, in points of 1/72 inch.
  static let (width, height) = (595, 842)
  private static let pagesMax = 200

  private var pages: [[UInt8]] = []
  private let title: String

  /// An empty document.
  init(title: String) { self.title = title }

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
      let code = WinAnsi.bytes(piece.text)
      let width = Helvetica.width(code, isBold: piece.isBold)
      // A thousandth of the size is the unit of widths; positions are written with two decimals.
      let left = piece.isRight ? piece.x * 100 - width * piece.size / 10 : piece.x * 100
      content += Array(
        "BT /F\(piece.isBold ? 2 : 1) \(piece.size) Tf \(PDFDocument.decimal(left)) \(piece.y) Td ".utf8)
      content += PDFDocument.literal(code) + Array(" Tj ET\n".utf8)
    }
    pages.append(content)
  }

  /// The file.
  func bytes() -> [UInt8] {
    var file = PDFFile()
    let first = 6
    let kids = pages.indices.map { "\(first + 2 * $0) 0 R" }.joined(separator: " ")
    file.object("<< /Type /Catalog /Pages 2 0 R >>")
    file.object("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
    for font in ["Helvetica", "Helvetica-Bold"] {
      file.object("<< /Type /Font /Subtype /Type1 /BaseFont /\(font) /Encoding /WinAnsiEncoding >>")
    }
    file.object(
      Array("<< /Producer (Wayfare) /Title ".utf8) + PDFDocument.literal(WinAnsi.bytes(title)) + Array(" >>".utf8))
    for (index, content) in pages.enumerated() {
      file.object(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(PDFDocument.width) \(PDFDocument.height)] /Contents \(first + 2 * index + 1) 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
      )
      file.object(
        Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + Array("endstream".utf8))
    }
    return file.finish(root: 1, info: 5)
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
