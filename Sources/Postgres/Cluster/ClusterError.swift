/// Why a private server could not be had; each says what to do.
public enum ClusterError: Error, Sendable, Hashable {
  /// PostgreSQL is not installed, or too old.
  case noServer(lookedIn: [String])
  /// The data was made by another major version than any that is installed.
  case wrongVersion(data: String, installed: [String], directory: String)
  /// There is no room for a new cluster.
  case diskFull(directory: String, freeMegabytes: Int, neededMegabytes: Int)
  /// A directory cannot be made or used.
  case directory(path: String, reason: String)
  /// Another server runs on the data and does not answer where ours would.
  case foreignServer(pid: Int32, directory: String, reason: String)
  /// Another process has held the start lock for too long.
  case startLockBusy(path: String, waited: Duration)
  /// `initdb` failed.
  case cannotInitialise(output: String)
  /// The server did not start; with the end of its log.
  case cannotStart(reason: String, log: String)
  /// There is no unprivileged user to run it as.
  case noAccount
}

extension ClusterError: CustomStringConvertible {
  /// One sentence that names the place and the mend, and the server's own words where there are some.
  public var description: String {
    switch self {
    case .noServer(let places):
      "no PostgreSQL 15 or later was found in \(places.joined(separator: ", ")); install it"
        + " (apt-get install postgresql-15) or set WAYFARE_DATABASE_URL to a server that runs elsewhere"
    case .wrongVersion(let data, let installed, let directory):
      "the data in \(directory) belongs to PostgreSQL \(data) but only \(installed.joined(separator: ", ")) is"
        + " installed; install postgresql-\(data), or move the data over with pg_upgrade"
    case .diskFull(let directory, let free, let needed):
      "\(directory) has \(free) MB free where a database needs \(needed) MB; make room or choose another WAYFARE_HOME"
    case .directory(let path, let reason): "\(path) cannot be used: \(reason)"
    case .foreignServer(let pid, let directory, let reason):
      "process \(pid) runs a server on \(directory) but \(reason); stop it, or choose another WAYFARE_HOME"
    case .startLockBusy(let path, let waited):
      "another process has been starting the database for \(waited); see who holds \(path) (fuser \(path))"
    case .cannotInitialise(let output): "initdb could not make a database: \(output)"
    case .cannotStart(let reason, let log):
      "PostgreSQL did not start: \(reason)\(log.isEmpty ? "" : "; its log ends with: \(log)")"
    case .noAccount:
      "PostgreSQL refuses to run as root and there is neither a user postgres nor nobody; add one (adduser --system postgres)"
    }
  }
}
