import Glibc

/// The programs of one version of PostgreSQL.
struct Installation: Equatable {
  var directory: String
  var major: Int

  var postgres: String { directory + "/postgres" }
  var initdb: String { directory + "/initdb" }

  static let oldestMajor = 15

  /// Where servers are looked for: Debian's directories, what pg_config says, and PATH.
  static func places() -> [String] {
    var places = Directory.entries(of: "/usr/lib/postgresql").map { "/usr/lib/postgresql/\($0)/bin" }
    let config = try? Subprocess(program: "pg_config", arguments: ["--bindir"]).run(timeout: .seconds(5))
    if let config, config.status == 0 { places.append(oneLine(config.output)) }
    // This process's own PATH, because that is where a user would have put a server.
    if let path = getenv("PATH") {
      places += String(cString: path).split(separator: ":").map(String.init)
    }
    var seen: Set<String> = []
    return places.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  /// What is installed there, the newest first.
  static func found(in places: [String]) -> [Installation] {
    var installations: [Installation] = []
    for place in places {
      guard access(place + "/postgres", X_OK) == 0, access(place + "/initdb", X_OK) == 0,
        let major = majorVersion(of: place + "/postgres"), major >= oldestMajor,
        !installations.contains(where: { $0.major == major })
      else { continue }
      installations.append(Installation(directory: place, major: major))
    }
    return installations.sorted { $0.major > $1.major }
  }

  /// The one that fits the data: the same major version where there is data, the newest otherwise.
  static func choose(
    from installed: [Installation], dataVersion: String?, directory: String, lookedIn places: [String]
  ) throws(ClusterError) -> Installation {
    guard let newest = installed.first else { throw .noServer(lookedIn: places) }
    guard let dataVersion else { return newest }
    guard let fitting = installed.first(where: { String($0.major) == dataVersion }) else {
      throw .wrongVersion(data: dataVersion, installed: installed.map { String($0.major) }, directory: directory)
    }
    return fitting
  }

  /// The number in `postgres (PostgreSQL) 15.4 (Debian …)`.
  private static func majorVersion(of program: String) -> Int? {
    guard let outcome = try? Subprocess(program: program, arguments: ["--version"]).run(timeout: .seconds(5)),
      outcome.status == 0
    else { return nil }
    for word in outcome.output.split(separator: " ") {
      let digits = word.prefix { $0.isNumber }
      if !digits.isEmpty { return Int(digits) }
    }
    return nil
  }
}
