import TestFacts
import Testing

@testable import JSON

/// Patches in the form of the public suite: a document, a patch, and what becomes of it or that it is refused.
@Suite("Facts about patches")
struct PatchFactTests {
  @Test("every patch gives what RFC 6902 says, or nothing")
  func patches() throws {
    var (good, bad, skipped) = (0, 0, 0)
    for file in try FactFiles.all("json-patch") {
      for (index, one) in try file.root.array.enumerated() {
        guard let document = one.find("/doc"), let patch = one.find("/patch"),
          try one.find("/disabled")?.bool != true
        else {
          // A heading, or a case that the suite itself has switched off.
          skipped += 1
          continue
        }
        let name = "\(file.name): \(index), \(try one.text("/comment"))"
        let result = try? JSONPatch(json: patch).applied(to: try JSONValue(json: document))
        if let expected = one.find("/expected") {
          #expect(result == (try JSONValue(json: expected)), "\(name)")
          good += 1
        } else if one.find("/error") != nil {
          #expect(result == nil, "\(name)")
          bad += 1
        } else {
          // Nothing is said of the result: it is enough that there is one.
          #expect(result != nil, "\(name)")
          good += 1
        }
      }
    }
    print("JSON Patch: \(good) applied, \(bad) refused, \(skipped) skipped")
    #expect(good >= 110 && bad >= 90, "\(good), \(bad)")
  }
}
