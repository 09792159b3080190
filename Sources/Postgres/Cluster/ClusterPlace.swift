import Glibc

/// Where a home's cluster lies.
///
/// Usually HOME/cluster. As root, where the server's user cannot reach HOME, it lies under /var/lib/wayfare and
/// HOME/cluster is a symbolic link to it.
struct ClusterPlace {
  var home: String
  /// The private directory that holds everything below.
  var directory: String
  /// Where the server listens; elsewhere when the path is too long for a socket.
  var socketDirectory: String
  /// Whether HOME/cluster is only a link.
  var isElsewhere: Bool

  var data: String { directory + "/data" }
  var newData: String { directory + "/data.new" }
  var log: String { directory + "/log" }

  static let shelter = "/var/lib/wayfare"
  /// `sun_path` has 108 bytes with the final zero.
  static let socketPathLimit = 107

  init(home given: String, account: Account) throws(ClusterError) {
    try Directory.make(given, mode: 0o700)
    guard let home = Directory.real(given) else { throw .directory(path: given, reason: Directory.systemReason()) }
    self.home = home
    let link = home + "/cluster"
    let status = Directory.status(link, following: false)
    let isLink = status.map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
    isElsewhere = isLink || (geteuid() == 0 && !account.canReach(home))
    if isElsewhere {
      directory = "\(ClusterPlace.shelter)/\(ClusterPlace.hash(home))"
      try ClusterPlace.makeShelter(directory, linkedFrom: link, isLink: isLink, isFree: status == nil, account: account)
    } else {
      directory = link
      try Directory.makePrivate(directory, owner: account)
    }
    socketDirectory = directory + "/socket"
    if (socketDirectory + "/.s.PGSQL.5432").utf8.count > ClusterPlace.socketPathLimit {
      socketDirectory = "/tmp/wayfare-\(account.uid)-\(ClusterPlace.hash(home))"
    }
    try Directory.makePrivate(socketDirectory, owner: account)
  }

  private static func makeShelter(
    _ directory: String, linkedFrom link: String, isLink: Bool, isFree: Bool, account: Account
  ) throws(ClusterError) {
    guard isLink || isFree else {
      throw .directory(
        path: link, reason: "\(account.name) cannot reach it (chmod o+x its home, or choose another WAYFARE_HOME)")
    }
    try Directory.make(shelter, mode: 0o755)
    guard let status = Directory.status(shelter, following: false), status.st_mode & S_IFMT == S_IFDIR,
      status.st_uid == 0, status.st_mode & 0o022 == 0
    else { throw .directory(path: shelter, reason: "it must be a directory of root's that nobody else may write to") }
    try Directory.makePrivate(directory, owner: account)
    if isLink {
      guard Directory.real(link) == directory else {
        throw .directory(path: link, reason: "it links to somewhere other than \(directory); remove the link")
      }
    } else if symlink(directory, link) != 0 {
      throw .directory(path: link, reason: Directory.systemReason())
    }
  }

  /// FNV-1a with 64 bits: a name that is short and the same every time.
  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
