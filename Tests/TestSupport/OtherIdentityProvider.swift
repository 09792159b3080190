import Foundation

/// oidc-provider-mock, a provider of OpenID Connect that others have written, in a process of its own.
public final class OtherIdentityProvider: Sendable {
  /// Why it could not be started.
  public struct Missing: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  private let identifier: Int32
  /// Where it listens; its issuer is `http://127.0.0.1:PORT`.
  public let port: Int

  /// Its program, in a virtual environment beside the tests; nil where it cannot be had.
  ///
  /// Later versions want a Python that Debian 12 does not have.
  public static let program: String? = {
    let program = venv.appending(path: "bin/oidc-provider-mock").path
    if FileManager.default.isExecutableFile(atPath: program) { return program }
    for maker in ["/usr/bin/python3", "python3"] {
      guard run("/usr/bin/env", [maker, "-m", "venv", "--clear", venv.path]) == 0 else { continue }
      let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "oidc-provider-mock==0.3.4"]
      if run(venv.appending(path: "bin/python3").path, arguments) == 0 { return program }
    }
    print("SKIPPED: no oidc-provider-mock: let pip reach its index")
    return nil
  }()

  private static let venv = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "identity-venv")

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

  /// Starts it with one person, whose claims are JSON with `sub`; it may take a moment until it answers.
  ///
  /// - Throws: `Missing` when it is not there or does not start.
  public init(port: Int, claims: String) throws {
    guard let program = Self.program else { throw Missing(description: "oidc-provider-mock is not installed") }
    let process = Self.quiet(program, ["--port", "\(port)", "--require-nonce", "true", "--user-claims", claims])
    do { try process.run() } catch { throw Missing(description: "oidc-provider-mock did not start: \(error)") }
    identifier = process.processIdentifier
    self.port = port
  }

  /// Ends it; asked more politely it waits for connections that nobody closes.
  public func stop() { kill(identifier, SIGKILL) }
}
