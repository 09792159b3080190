import EventLoop
import Foundation
import HTTP
import JSON
import TestSupport

/// The real program in a process of its own, and what it has said on standard error.
final class ServerProcess {
  struct Failure: Error, CustomStringConvertible { let description: String }

  private let process = Process()
  private let log: URL
  private(set) var url = ""

  /// Where the program lies: beside the test program.
  static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "wayfare")

  /// Starts a server and waits until it listens.
  static func start(
    _ command: String = "serve", _ flags: [String], environment: [String: String] = [:]
  ) async throws -> ServerProcess {
    let all = [command, "--listen", "127.0.0.1:0", "--log-format", "json", "--shutdown-seconds", "2"] + flags
    let server = try ServerProcess(all, environment)
    try await server.waitUntilListening()
    return server
  }

  /// Starts a worker that may not live long.
  static func beginWorker(_ flags: [String], environment: [String: String] = [:]) throws -> ServerProcess {
    try ServerProcess(
      ["work", "--log-format", "json", "--shutdown-seconds", "5"] + flags, environment,
      isThroughEnv: environment["LD_PRELOAD"] != nil)
  }

  /// Starts a worker and waits until it has entered itself in the database.
  static func startWorker(_ flags: [String], environment: [String: String] = [:]) async throws -> ServerProcess {
    let worker = try beginWorker(flags, environment: environment)
    try await eventually("the worker has entered") {
      if !worker.process.isRunning { throw Failure(description: "it ended: \(worker.said)") }
      return worker.said.contains("worker entered")
    }
    return worker
  }

  /// Through `env`, a library that is preloaded sets itself up there first, and that process becomes the program.
  private init(_ arguments: [String], _ environment: [String: String], isThroughEnv: Bool = false) throws {
    log = URL(filePath: TestCluster.makeDirectory("log")).appending(path: "stderr")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.executableURL = isThroughEnv ? URL(filePath: "/usr/bin/env") : Self.program
    process.arguments = (isThroughEnv ? [Self.program.path] : []) + arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
      .merging(environment) { $1 }
    process.standardError = try FileHandle(forWritingTo: log)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// A test that failed leaves no server behind.
  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var isRunning: Bool { process.isRunning }
  var identifier: pid_t { process.processIdentifier }
  var said: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Whether it was killed by a signal, once it has ended.
  var wasKilled: Bool { process.terminationReason == .uncaughtSignal }

  /// Sends a signal and waits for the end.
  func end(_ signal: Int32 = SIGTERM) async throws -> Int32 {
    kill(process.processIdentifier, signal)
    try await eventually("the process ends") { !self.process.isRunning }
    return process.terminationStatus
  }

  private func waitUntilListening() async throws {
    try await eventually("the server listens") {
      if !self.process.isRunning { throw Failure(description: "it ended: \(self.said)") }
      for line in self.said.split(separator: "\n") {
        guard let root = try? JSONDocument(text: String(line)).root, try root.find("/message")?.string == "listening",
          let address = try root.find("/address")?.string
        else { continue }
        self.url = "http://\(address)"
        return true
      }
      return false
    }
  }

  /// Runs the program to its end, with something on its standard input where that is wanted, and gives what it printed.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
      .merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    if let input {
      let file = URL(filePath: TestCluster.makeDirectory("input")).appending(path: "stdin")
      try Data(input.utf8).write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
    }
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: printed, as: UTF8.self), String(decoding: complained, as: UTF8.self)
    )
  }
}

/// Waits for something to become true, twenty seconds at the most unless it is given longer.
func eventually(
  _ what: String, within limit: Duration = .seconds(20), _ isTrue: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !isTrue() {
    guard ContinuousClock.now < deadline else { throw ServerProcess.Failure(description: "in vain: \(what)") }
    try await Task.sleep(for: .milliseconds(10))
  }
}

/// Asks servers as a stranger would.
///
/// Each request has a client of its own: one that remembered the 503s it is here to see would give the server a rest.
struct Caller {
  static let token = "the-operators-token-of-the-tests"

  func status(_ url: String) async throws -> Int {
    try await send(ClientRequest(.get, url)).status
  }

  /// The status that JSON which is sent is answered with.
  func post(_ url: String, _ body: String) async throws -> Int {
    var request = ClientRequest(.post, url)
    request.fields.set("Content-Type", "application/json")
    request.body = Array(body.utf8)
    return try await send(request).status
  }

  func text(_ url: String) async throws -> String {
    String(decoding: try await send(ClientRequest(.get, url)).body, as: UTF8.self)
  }

  /// The settings, or the problem instead.
  func settings(_ server: ServerProcess) async throws -> (status: Int, tag: String?, body: JSONNode) {
    var request = ClientRequest(.get, server.url + "/v1/runtime-settings")
    request.fields.set("Authorization", "Bearer \(Self.token)")
    return try await answer(request)
  }

  func change(
    _ server: ServerProcess, from tag: String, _ body: String, fields: [(String, String)] = []
  ) async throws -> (status: Int, tag: String?, body: JSONNode) {
    var request = ClientRequest(.patch, server.url + "/v1/runtime-settings")
    request.fields.set("Authorization", "Bearer \(Self.token)")
    request.fields.set("Content-Type", "application/json")
    request.fields.set("If-Match", tag)
    for field in fields { request.fields.set(field.0, field.1) }
    request.body = Array(body.utf8)
    return try await answer(request)
  }

  private func answer(_ request: ClientRequest) async throws -> (status: Int, tag: String?, body: JSONNode) {
    let response = try await send(request)
    return (response.status, response.field("ETag"), try JSONDocument(bytes: response.body).root)
  }

  private func send(_ request: ClientRequest) async throws -> ClientResponse {
    var once = RetryRules()
    once.attemptsMax = 1
    let client = try HTTPClient(loop: TestCluster.loops.loops[0], retries: once)
    let result: Result<ClientResponse, any Error>
    do { result = .success(try await client.send(request)) } catch { result = .failure(error) }
    await client.close()
    return try result.get()
  }
}
