import Foundation
public import JSON

/// What others have found out and written down: published vectors and kinds of bad input, as files of JSON.
///
/// Ours lie below `Vectors`, a folder for each family, in the forms that the public suites use. Where `WAYFARE_FACTS` names
/// a folder with folders of the same names, their files are read too, so that a public suite can be run as it comes.
public enum FactFiles {
  /// A file and what it says.
  public struct File {
    /// Its name, for messages.
    public let name: String
    /// What it says.
    public let root: JSONNode
  }

  /// All files of a family; never none.
  public static func all(_ family: String) throws -> [File] {
    var files: [File] = []
    for folder in folders {
      let place = "\(folder)/\(family)"
      guard FileManager.default.fileExists(atPath: place) else { continue }
      for name in try FileManager.default.contentsOfDirectory(atPath: place).sorted() where name.hasSuffix(".json") {
        let text = try String(contentsOfFile: "\(place)/\(name)", encoding: .utf8)
        let limits = JSONLimits(bytesMax: 16 << 20, depthMax: 64)
        files.append(File(name: name, root: try JSONDocument(text: text, limits: limits).root))
      }
    }
    guard !files.isEmpty else { throw NoFacts(family: family) }
    return files
  }

  private static var folders: [String] {
    let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors").path
    return [own] + (ProcessInfo.processInfo.environment["WAYFARE_FACTS"].map { [$0] } ?? [])
  }

  private struct NoFacts: Error { let family: String }
}

extension JSONNode {
  /// The text at a pointer, empty where there is none.
  public func text(_ pointer: String) throws -> String { try find(pointer)?.string ?? "" }

  /// The bytes that hexadecimal digits at a pointer stand for.
  public func bytes(_ pointer: String) throws -> [UInt8] {
    let digits = Array(try text(pointer).utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
  }

  /// The elements of the list at a pointer, none where there is no list.
  public func list(_ pointer: String) throws -> [JSONNode] { try find(pointer)?.array.map { $0 } ?? [] }
}
