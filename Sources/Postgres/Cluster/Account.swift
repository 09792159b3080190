package import Glibc

/// Who the server runs as.
package struct Account: Equatable {
  package var name: String
  package var uid: uid_t
  package var gid: gid_t

  /// Oneself, or, because PostgreSQL refuses root, the user `postgres` or `nobody`.
  package static func forServer() throws(ClusterError) -> Account {
    let own = geteuid()
    if own != 0 { return Account(name: "user \(own)", uid: own, gid: getegid()) }
    for name in ["postgres", "nobody"] {
      if let entry = getpwnam(name) { return Account(name: name, uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid) }
    }
    throw .noAccount
  }

  /// The command that runs a program as this account.
  package func command(_ program: String, _ arguments: [String]) -> Subprocess {
    guard geteuid() == 0 && uid != 0 else { return Subprocess(program: program, arguments: arguments) }
    let identity = ["--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--", program]
    return Subprocess(program: "setpriv", arguments: identity + arguments)
  }

  /// Whether this account may pass through a directory and all those above it.
  func canReach(_ path: String) -> Bool {
    var current = path
    while true {
      guard let status = Directory.status(current) else { return false }
      let bit: mode_t = status.st_uid == uid ? 0o100 : status.st_gid == gid ? 0o010 : 0o001
      if status.st_mode & bit == 0 { return false }
      guard current != "/", let slash = current.lastIndex(of: "/") else { return true }
      current = slash == current.startIndex ? "/" : String(current[..<slash])
    }
  }
}
