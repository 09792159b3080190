import Foundation
import Testing

/// The checkout that these tests were compiled from.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

private func swiftFiles(below folder: String) throws -> [ImportTable.SourceFile] {
  let base = root.appending(path: folder)
  let names = try FileManager.default.subpathsOfDirectory(atPath: base.path).filter { $0.hasSuffix(".swift") }.sorted()
  return try names.map { name in
    let text = try String(contentsOf: base.appending(path: name), encoding: .utf8)
    return ImportTable.SourceFile(path: "\(folder)/\(name)", text: text)
  }
}

@Suite("Layers")
struct LayerTests {
  @Test("every import in Sources is one that the table of layers allows")
  func layersHold() throws {
    let files = try swiftFiles(below: "Sources")
    #expect(files.count > 20, "the sources were found")
    let violations = ImportTable.wayfare.violations(in: files)
    #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
  }

  @Test("a forbidden import is found, however it is written")
  func findsForbiddenImports() {
    let files = [
      ImportTable.SourceFile(path: "Sources/Budget/Estimate.swift", text: "import Kernel\npublic import Planner\n"),
      ImportTable.SourceFile(
        path: "Sources/Kernel/Money.swift", text: "// import JSON\n@preconcurrency import Foundation"),
      ImportTable.SourceFile(path: "Sources/Kernel/ZoneFiles/ZoneFiles.swift", text: "import Glibc\nimport JSON\n"),
      ImportTable.SourceFile(path: "Sources/Kernel/Zones/ZoneRules.swift", text: "import Glibc\n"),
      ImportTable.SourceFile(path: "Sources/HTTP/Server/Listener.swift", text: "import struct Postgres.Row\n"),
      ImportTable.SourceFile(path: "Sources/Transport/Graph/Rows.swift", text: "import CSQLite\n"),
      ImportTable.SourceFile(path: "Sources/Transport/Search/Rounds.swift", text: "import Kernel\nimport CSQLite\n"),
      ImportTable.SourceFile(path: "Sources/Helpers/Things.swift", text: "import Kernel\n"),
      ImportTable.SourceFile(path: "Tests/KernelTests/A.swift", text: "import Anything\n"),
    ]
    let found = ImportTable.wayfare.violations(in: files).map { "\($0.path):\($0.line) \($0.module)" }
    #expect(
      found == [
        "Sources/Budget/Estimate.swift:2 Planner",
        "Sources/Kernel/Money.swift:2 Foundation",
        "Sources/Kernel/ZoneFiles/ZoneFiles.swift:2 JSON",
        "Sources/Kernel/Zones/ZoneRules.swift:1 Glibc",
        "Sources/HTTP/Server/Listener.swift:1 Postgres",
        "Sources/Transport/Search/Rounds.swift:2 CSQLite",
        "Sources/Helpers/Things.swift:1 Kernel",
      ])
  }

  @Test("each module opens with a paragraph that says what it is")
  func modulesIntroduceThemselves() throws {
    let files = try swiftFiles(below: "Sources")
    let modules = Set(files.compactMap { $0.path.split(separator: "/").dropFirst().first.map(String.init) })
    for module in modules.sorted() {
      let opening = files.first { $0.path == "Sources/\(module)/Module.swift" }?.text ?? ""
      #expect(opening.hasPrefix("/// `\(module)`"), "Sources/\(module)/Module.swift")
      #expect(opening.count > 200, "Sources/\(module)/Module.swift says too little")
    }
  }
}
