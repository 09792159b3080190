import Foundation

/// localstripe, a server in Stripe's shape that others have written, in a process of its own on the loopback.
///
/// It heeds no idempotency keys: what is asked twice is done twice.
public final class OtherCollector: Sendable {
  /// Why it could not be started.
  public struct Missing: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  private let identifier: Int32
  /// Where it listens.
  public let port: Int
  /// Where it is reached.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// A Python that has it, in a virtual environment beside the tests; nil where it cannot be had.
  public static let python: String? = {
    let python = venv.appending(path: "bin/python3").path
    if has(python) { return python }
    for maker in ["python3", "/usr/bin/python3"] {
      guard run("/usr/bin/env", [maker, "-m", "venv", "--clear", venv.path]) == 0 else { continue }
      let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "localstripe==1.15.10"]
      if run(python, arguments) == 0, has(python) { return python }
    }
    print("SKIPPED: no localstripe: let pip reach its index")
    return nil
  }()

  private static let venv = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "collector-venv")

  private static func has(_ python: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: python) && run(python, ["-c", "import localstripe.resources"]) == 0
  }

  private static func run(_ program: String, _ arguments: [String]) -> Int32 {
    let process = quiet(program, arguments)
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func quiet(_ program: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Starts one on a free port.
  ///
  /// - Throws: `Missing` when it is not there or does not start.
  public init() throws {
    guard let python = Self.python else { throw Missing(description: "localstripe is not installed") }
    let process = Self.quiet(python, ["-c", Self.program])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    identifier = process.processIdentifier
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let number = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Missing(description: "localstripe did not start")
    }
    port = number
  }

  deinit { kill(identifier, SIGKILL) }

  /// Its own command listens on every interface and keeps its data in a file that all share.
  private static let program = """
    import socket
    from aiohttp import web
    from localstripe import resources, server

    resources.store.dump_to_disk = lambda: None
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    print(listening.getsockname()[1], flush=True)
    web.run_app(server.app, sock=listening, print=None, access_log=None)
    """
}
