import Foundation
import Testing

@testable import Transport

@Suite("docs/feeds.md")
struct FeedDocumentTests {
  private func lines() throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/feeds.md"), encoding: .utf8)
    return Set(text.split(separator: "\n").map(String.init))
  }

  @Test("has a line for every notice, with the words of the program")
  func notices() throws {
    let lines = try lines()
    for code in NoticeCode.allCases {
      let line = "| `\(code.rawValue)` | \(code.text.problem) | \(code.text.mend) |"
      #expect(lines.contains(line), "missing: \(line)")
    }
  }

  @Test("has a line for every reason why real-time data are not used")
  func reasons() throws {
    let lines = try lines()
    for reason in RealtimeReport.Reason.allCases {
      #expect(lines.contains("| `\(reason.rawValue)` | \(reason.text) |"), "missing: \(reason.rawValue)")
    }
  }
}
