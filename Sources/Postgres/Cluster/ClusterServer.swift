import CPostgres
import Glibc

/// Brings the server of one place up; the caller holds the start lock.
struct ClusterServer {
  /// How it came to run.
  enum Beginning: String {
    case made = "made and started"
    case started
    case joined
  }

  let place: ClusterPlace
  let account: Account
  let settings: ClusterSettings
  private let deadline: ContinuousClock.Instant

  static let neededMegabytes = 200
  private static let logLimit = 10 * 1_048_576

  init(place: ClusterPlace, account: Account, settings: ClusterSettings) {
    self.place = place
    self.account = account
    self.settings = settings
    deadline = .now + settings.startTimeout
  }

  mutating func bringUp() throws(ClusterError) -> Beginning {
    let places = Installation.places()
    let version = Directory.read(place.data + "/PG_VERSION").map(oneLine)
    let installation = try Installation.choose(
      from: Installation.found(in: places), dataVersion: version, directory: place.data, lookedIn: places)
    if version == nil { try initialise(with: installation) }
    if try joins() { return .joined }
    try start(installation)
    if version == nil || !hasDatabase() { try makeDatabase() }
    return version == nil ? .made : .started
  }

  // MARK: Making

  /// Makes the data under another name first, so that half a cluster is never taken for a whole one.
  private func initialise(with installation: Installation) throws(ClusterError) {
    guard !Directory.exists(place.data) || Directory.entries(of: place.data).isEmpty else {
      throw .directory(path: place.data, reason: "it is not empty but holds no cluster; move what is in it away")
    }
    let free = Directory.freeMegabytes(at: place.directory) ?? 0
    guard free >= ClusterServer.neededMegabytes else {
      throw .diskFull(directory: place.directory, freeMegabytes: free, neededMegabytes: ClusterServer.neededMegabytes)
    }
    try remove(place.newData)
    var arguments = [
      "--pgdata=\(place.newData)", "--username=\(PrivateCluster.name)", "--auth=trust", "--encoding=UTF8",
      "--locale=C.UTF-8", "--data-checksums",
    ]
    if !settings.isDurable { arguments.append("--no-sync") }
    let outcome = try run(account.command(installation.initdb, arguments), within: .seconds(120))
    guard outcome.status == 0 else {
      throw .cannotInitialise(output: ClusterServer.ending(of: outcome.output))
    }
    let include = "\ninclude_if_exists = 'wayfare.conf'\n"
    let main = place.newData + "/postgresql.conf"
    try Directory.write((Directory.read(main) ?? "") + include, to: main, owner: account)
    guard rmdir(place.data) == 0 || errno == ENOENT, rename(place.newData, place.data) == 0 else {
      throw .directory(path: place.data, reason: Directory.systemReason())
    }
  }

  private func remove(_ path: String) throws(ClusterError) {
    guard Directory.exists(path) else { return }
    let outcome = try run(Subprocess(program: "rm", arguments: ["-rf", "--", path]), within: .seconds(60))
    guard outcome.status == 0 else { throw .directory(path: path, reason: oneLine(outcome.output)) }
  }

  private func run(_ process: Subprocess, within limit: Duration) throws(ClusterError) -> Subprocess.Outcome {
    do throws(Subprocess.Failure) {
      return try process.run(timeout: limit)
    } catch {
      switch error {
      case .cannotStart(let program, let code):
        throw .cannotStart(reason: "\(program) cannot be run (\(Directory.systemReason(code)))", log: "")
      case .timedOut(let program): throw .cannotStart(reason: "\(program) took longer than \(limit)", log: "")
      }
    }
  }

  // MARK: Joining

  /// Whether a server of this place runs already and answers; clears away what a dead one has left.
  private func joins() throws(ClusterError) -> Bool {
    guard let data = Directory.real(place.data) else { return false }
    while let file = PostmasterFile(data: data) {
      switch file.identify(data: data) {
      case .gone: return false
      case .stranger:
        // PostgreSQL would believe that this process, which only has the old number, is its server.
        try remove(data + "/postmaster.pid")
        return false
      case .server: if try joins(file, data) { return true }
      }
    }
    return false
  }

  private func joins(_ file: PostmasterFile, _ data: String) throws(ClusterError) -> Bool {
    if let status = Directory.status("/proc/\(file.pid)"), status.st_uid != account.uid {
      throw .foreignServer(pid: file.pid, directory: data, reason: "belongs to user \(status.st_uid)")
    }
    switch ping() {
    case PQPING_OK:
      let answer = ask("SHOW data_directory", database: "postgres")
      if answer.flatMap({ Directory.real($0) }) == data { return true }
      throw .foreignServer(pid: file.pid, directory: data, reason: "another one answers in \(place.socketDirectory)")
    case _ where ContinuousClock.now >= deadline:
      throw .foreignServer(pid: file.pid, directory: data, reason: "does not answer in \(place.socketDirectory)")
    default:
      // It may be starting, recovering, or on its way out.
      usleep(5_000)
      return false
    }
  }

  // MARK: Starting

  private func start(_ installation: Installation) throws(ClusterError) {
    try Directory.write(configuration(), to: place.data + "/wayfare.conf", owner: account)
    while true {
      let log = try openLog()
      defer { close(log) }
      let offset = lseek(log, 0, SEEK_END)
      let child: ChildProcess
      do {
        child = try account.command(installation.postgres, ["-D", place.data]).spawn(output: log)
      } catch {
        throw .cannotStart(reason: "\(installation.postgres) cannot be run", log: "")
      }
      child.reapWhenEnded()
      if waitUntilReady(child) { return }
      let tail = ClusterServer.ending(of: readLog(from: offset))
      if let _ = child.reap() ?? endedStatus(of: child) {
        // The workers of a killed server go within moments, and until then its memory is taken.
        if tail.contains("pre-existing shared memory block"), ContinuousClock.now < deadline {
          usleep(50_000)
          continue
        }
        if tail.contains("No space left on device") {
          let free = Directory.freeMegabytes(at: place.data) ?? 0
          throw .diskFull(directory: place.data, freeMegabytes: free, neededMegabytes: ClusterServer.neededMegabytes)
        }
        throw .cannotStart(reason: "it ended at once", log: tail)
      }
      _ = kill(child.pid, SIGQUIT)
      throw .cannotStart(reason: "it did not answer within \(settings.startTimeout)", log: tail)
    }
  }

  /// Polls the socket tightly; false when the server has ended or time has run out.
  private func waitUntilReady(_ child: ChildProcess) -> Bool {
    while ContinuousClock.now < deadline {
      if ping() == PQPING_OK { return true }
      if waitForEnd(ofProcess: child.pid, before: .now + .milliseconds(4)) { return false }
    }
    return false
  }

  private func endedStatus(of child: ChildProcess) -> Int32? {
    // Reaped already by whoever waits for all children: then the number is free.
    kill(child.pid, 0) != 0 && errno == ESRCH ? 0 : nil
  }

  private func ping() -> PGPing {
    PQping(
      "host='\(escaped(place.socketDirectory))' port=5432 dbname=postgres user=\(PrivateCluster.name) connect_timeout=2"
    )
  }

  private func hasDatabase() -> Bool {
    ask("SELECT 1 FROM pg_database WHERE datname = '\(PrivateCluster.name)'", database: "postgres") == "1"
  }

  private func makeDatabase() throws(ClusterError) {
    _ = ask("CREATE DATABASE \(PrivateCluster.name)", database: "postgres")
    guard hasDatabase() else {
      throw .cannotStart(reason: "the database \(PrivateCluster.name) cannot be made", log: readLogEnding())
    }
  }

  /// One value from the server, blocking; nil when there is none.
  private func ask(_ statement: String, database: String) -> String? {
    let address = "host='\(escaped(place.socketDirectory))' port=5432 user=\(PrivateCluster.name) connect_timeout=5"
    let connection = PQconnectdb("\(address) dbname=\(database)")
    defer { PQfinish(connection) }
    let result = PQexec(connection, statement)
    defer { PQclear(result) }
    guard PQntuples(result) > 0 else { return nil }
    return PQgetvalue(result, 0, 0).map { String(cString: $0) }
  }

  private func escaped(_ path: String) -> String {
    var text = ""
    for character in path {
      if character == "'" || character == "\\" { text += "\\" }
      text.append(character)
    }
    return text
  }

  // MARK: Configuration and log

  /// Modest in memory, safe on power loss, and deaf to the network.
  private func configuration() -> String {
    var parameters: [(name: String, value: String)] = [
      ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", place.socketDirectory),
      ("unix_socket_permissions", "0700"), ("max_connections", "100"), ("shared_buffers", "64MB"),
      ("dynamic_shared_memory_type", "posix"), ("wal_level", "minimal"), ("max_wal_senders", "0"),
      ("max_wal_size", "256MB"), ("min_wal_size", "32MB"), ("fsync", "on"), ("synchronous_commit", "on"),
      ("log_min_messages", "warning"), ("log_line_prefix", "%m [%p] "), ("log_timezone", "UTC"), ("timezone", "UTC"),
      ("jit", "off"), ("random_page_cost", "1.1"),
    ]
    for parameter in settings.parameters {
      parameters.removeAll { $0.name == parameter.name }
      parameters.append(parameter)
    }
    let lines = parameters.map { parameter in
      let value = parameter.value.map { $0 == "'" ? "''" : String($0) }.joined()
      return "\(parameter.name) = '\(value)'"
    }
    return "# Written anew at every start; put changes into postgresql.auto.conf with ALTER SYSTEM.\n"
      + lines.joined(separator: "\n") + "\n"
  }

  private func openLog() throws(ClusterError) -> Int32 {
    if let status = Directory.status(place.log), status.st_size > ClusterServer.logLimit {
      _ = rename(place.log, place.log + ".old")
    }
    let log = open(place.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard log >= 0 else { throw .directory(path: place.log, reason: Directory.systemReason()) }
    return log
  }

  private func readLog(from offset: off_t) -> String {
    let log = open(place.log, O_RDONLY | O_CLOEXEC)
    guard log >= 0 else { return "" }
    defer { close(log) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = pread(log, &bytes, bytes.count, offset)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
  }

  private func readLogEnding() -> String {
    let size = Directory.status(place.log)?.st_size ?? 0
    return ClusterServer.ending(of: readLog(from: max(0, size - 4096)))
  }

  /// The last lines of a program's output, on one line.
  private static func ending(of output: String) -> String {
    output.split(separator: "\n").suffix(6).joined(separator: " | ")
  }

  // MARK: Stopping

  /// Asks the server to end its sessions and stop, and makes it where it does not; whether it is gone.
  static func stop(data: String, timeout: Duration) -> Bool {
    guard let real = Directory.real(data), let file = PostmasterFile(data: real),
      file.identify(data: real) == .server
    else { return false }
    for (signal, limit) in [(SIGINT, timeout), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(5))] {
      guard kill(file.pid, signal) == 0 else { return errno == ESRCH }
      if waitForEnd(ofProcess: file.pid, before: .now + limit) {
        _ = ChildProcess(pid: file.pid).reap()
        return true
      }
    }
    return false
  }
}
