import Foundation

/// A folder of a test's own, removed when the test ends; what lives as long as the process goes with it.
final class TemporaryFolder: Sendable {
  /// Where all folders of the process lie.
  private static let root: String = {
    let path = FileManager.default.temporaryDirectory.path + "/wayfare-transport-\(getpid())-\(UUID().uuidString)"
    // Nobody is there any more to hear of what could not be removed.
    atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.root) }
    return path
  }()

  let path: String

  init() {
    path = TemporaryFolder.root + "/" + UUID().uuidString
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      preconditionFailure("no folder for a test at \(path): \(error)")
    }
  }

  deinit {
    // A folder that stays harms no test, and goes with the process.
    try? FileManager.default.removeItem(atPath: path)
  }

  func path(_ name: String) -> String { path + "/" + name }
}
