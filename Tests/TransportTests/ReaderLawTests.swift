import Foundation
import Testing

@testable import Transport

/// `Fuzz/corpus/READER/…`: inputs that fuzzing began with, and those that it has found something with.
private let corpus: [(laws: ReaderLaws, path: String)] = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/corpus")
  return ReaderLaws.allCases.flatMap { laws in
    let folder = root.appending(path: laws.rawValue).path
    return (FolderFile.names(in: folder) ?? []).sorted().map { (laws, folder + "/" + $0) }
  }
}()

@Suite("The kept corpus of the readers")
struct ReaderLawTests {
  @Test("breaks no law")
  func corpusHolds() throws {
    let folder = TemporaryFolder()
    for (laws, path) in corpus {
      laws.check(Array(try Data(contentsOf: URL(filePath: path))), in: folder.path)
    }
    #expect(Set(corpus.map(\.laws)) == Set(ReaderLaws.allCases))
  }

  @Test("has a timetable of this version: fuzzing begins with one that is opened")
  func timetableIsOpened() throws {
    let path = try #require(corpus.first { $0.laws == .timetable && $0.path.hasSuffix("small.bin") }?.path)
    #expect(try Timetable(path).patternCount == 2)
  }
}
