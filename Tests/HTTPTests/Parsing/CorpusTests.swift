import Foundation
import Testing

@testable import HTTP

@Suite("The kept corpus")
struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Fuzz/corpus/http").standardizedFileURL

  private static func files() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  @Test(
    "of the fuzzer comes to the same outcomes however its bytes are cut", arguments: [UInt64.random(in: 0...UInt64.max)]
  )
  func replay(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let files = try Self.files()
    try #require(files.count > 50, "the corpus is not where it should be: \(Self.folder.path)")
    for file in files {
      var bytes = [UInt8](try Data(contentsOf: file))
      checkBody(bytes, file, &random)
      while case .parsed(_, let consumed) = checkHead(bytes, file, &random), consumed < bytes.count {
        try #require(consumed > 0)
        bytes.removeFirst(consumed)
        checkBody(bytes, file, &random)
      }
    }
  }

  private func checkHead(_ bytes: [UInt8], _ file: URL, _ random: inout SeededGenerator) -> HeadOutcome {
    let whole = HeadOutcome.parsing(bytes)
    for cuts in [Cuts.everywhere(bytes.count), Cuts.random(bytes.count, using: &random)] {
      #expect(HeadOutcome.parsing(bytes, cuts: cuts) == whole, "\(file.lastPathComponent), cuts \(cuts)")
    }
    return whole
  }

  private func checkBody(_ bytes: [UInt8], _ file: URL, _ random: inout SeededGenerator) {
    let whole = BodyOutcome.decoding(bytes)
    for cuts in [Cuts.everywhere(bytes.count), Cuts.random(bytes.count, using: &random)] {
      #expect(BodyOutcome.decoding(bytes, cuts: cuts) == whole, "\(file.lastPathComponent), cuts \(cuts)")
    }
  }
}
