import Foundation
import Kernel
import Testing

@testable import API

/// What other people's readers make of our PDFs.
@Suite("PDF")
struct PDFDocumentTests {
  private static let reader = "/usr/bin/pdftotext"

  private func document(_ fonts: [TrueTypeFont] = []) -> PDFDocument {
    var document = PDFDocument(title: "Invoice I-000001") { fonts }
    for page in 1...2 {
      document.add([
        PDFDocument.Piece(text: "Page \(page): Zürich – Málaga (a \\ b) €", x: 60, y: 780, size: 12, isBold: true),
        PDFDocument.Piece(text: "123.45 EUR", x: 535, y: 760, isRight: true),
        PDFDocument.Piece(text: "Łódź", x: 60, y: 740),
        PDFDocument.Piece(text: "For: Ελένη Παπαδοπούλου, 田中 花子, Ёлкин", x: 60, y: 720),
        PDFDocument.Piece(text: "12.00 zł", x: 535, y: 700, isRight: true),
      ])
    }
    return document
  }

  @Test(
    "its text is read by poppler, accents, brackets and all; what the font lacks is a question mark",
    .enabled(if: FileManager.default.isExecutableFile(atPath: reader), "poppler-utils is not installed"))
  func readable() throws {
    let text = try read(document())
    for page in 1...2 { #expect(text.contains("Page \(page): Zürich – Málaga (a \\ b) €"), "\(text)") }
    #expect(text.contains("123.45 EUR") && text.contains("?ód?"), "\(text)")
  }

  @Test(
    "letters that are not of western Europe are embedded, and other people's readers read them",
    .enabled(if: FileManager.default.isExecutableFile(atPath: reader), "poppler-utils is not installed"),
    .enabled(if: PDFFonts.installed.count >= 2, "fonts-dejavu-core and fonts-droid-fallback are not installed"))
  func otherLetters() throws {
    let bytes = document(PDFFonts.installed).bytes()
    // Letters of three fonts, not the fonts, one of which has four million bytes.
    #expect(bytes.count < 200_000, "\(bytes.count) bytes")
    let text = try read(document(PDFFonts.installed))
    for words in ["Łódź", "For: Ελένη Παπαδοπούλου, 田中 花子, Ёлкин", "12.00 zł"] {
      #expect(text.contains(words), "\(text)")
    }
  }

  @Test("what is no font, or a broken one, is none or lacks letters, and harms nobody")
  func brokenFonts() throws {
    #expect(TrueTypeFont([]) == nil && TrueTypeFont(Array("%!PS-AdobeFont".utf8)) == nil)
    #expect(TrueTypeFont(path: "/nowhere") == nil)
    let path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let whole = [UInt8](data)
    var random = SeededRandom(seed: 5)
    for _ in 0..<60 {
      var broken = whole
      // Mostly in the tables that say where everything is.
      for _ in 0..<20 {
        broken[Int.random(in: 0..<(Bool.random(using: &random) ? 400 : whole.count), using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { broken.removeLast(Int.random(in: 0..<whole.count, using: &random)) }
      guard let font = TrueTypeFont(broken) else { continue }
      #expect(!document([font]).bytes().isEmpty)
    }
  }

  /// What poppler reads.
  private func read(_ document: PDFDocument) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "wayfare-\(UUID().uuidString).pdf")
    try Data(document.bytes()).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: Self.reader)
    process.arguments = ["-layout", "-enc", "UTF-8", file.path, "-"]
    let (output, complaints) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complained = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && complained.isEmpty, "\(complained)")
    return text
  }

  @Test("its table of objects leads to each object")
  func table() throws {
    let bytes = document().bytes()
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    let tail = try #require(text.split(separator: "startxref\n").last)
    let start = try #require(tail.split(separator: "\n").first.flatMap { Int($0) })
    let lines = String(decoding: bytes[start...], as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines[0] == "xref" && lines[1] == "0 10")
    for number in 1..<10 {
      let place = try #require(Int(lines[2 + number].prefix(10)))
      #expect(String(decoding: bytes[place..<place + 7], as: UTF8.self) == "\(number) 0 obj")
    }
  }
}
