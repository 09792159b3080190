import Foundation
import Testing

@testable import API

/// What other people's readers make of our PDFs.
@Suite("PDF")
struct PDFDocumentTests {
  private static let reader = "/usr/bin/pdftotext"

  private func document() -> PDFDocument {
    var document = PDFDocument(title: "Invoice I-000001")
    for page in 1...2 {
      document.add([
        PDFDocument.Piece(text: "Page \(page): Zürich – Málaga (a \\ b) €", x: 60, y: 780, size: 12, isBold: true),
        PDFDocument.Piece(text: "123.45 EUR", x: 535, y: 760, isRight: true),
        PDFDocument.Piece(text: "Łódź", x: 60, y: 740),
      ])
    }
    return document
  }

  @Test(
    "its text is read by poppler, accents, brackets and all; what the font lacks is a question mark",
    .enabled(if: FileManager.default.isExecutableFile(atPath: reader), "poppler-utils is not installed"))
  func readable() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "wayfare-\(UUID().uuidString).pdf")
    try Data(document().bytes()).write(to: file)
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
    for page in 1...2 { #expect(text.contains("Page \(page): Zürich – Málaga (a \\ b) €"), "\(text)") }
    #expect(text.contains("123.45 EUR") && text.contains("?ód?"), "\(text)")
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
