extension PrivateCluster {
  /// What a private server could be run with here.
  package struct Prospects: Sendable {
    /// The major versions found, the newest first.
    package let majors: [Int]
    /// Where was looked.
    package let places: [String]
    /// Whether the home has a cluster already.
    package let exists: Bool
    /// The free space at the home, in megabytes; nil where it cannot be told.
    package let freeMegabytes: Int?
  }

  /// Looks around without making or starting anything.
  package static func prospects(home: String) -> Prospects {
    let places = Installation.places()
    return Prospects(
      majors: Installation.found(in: places).map(\.major), places: places,
      exists: Directory.exists(home + "/cluster/data/PG_VERSION"), freeMegabytes: Directory.freeMegabytes(at: home))
  }
}
