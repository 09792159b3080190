import Secrets

/// The master key of an installation: from the settings, else made on first use in the data directory.
enum MasterKeyFile {
  /// The key.
  ///
  /// - Throws: `UsageError` when it can neither be read nor made, or when others can read it.
  static func key(_ settings: Settings, home: String) throws(UsageError) -> MasterKey {
    if let text = settings.string(.masterKey) {
      guard let key = MasterKey(hexadecimal: text) else {
        throw settings.wrong(.masterKey, "write 64 hexadecimal digits, as `openssl rand -hex 32` gives them")
      }
      return key
    }
    let file = SecretFile(path: home + "/master-key", mend: "make its directory writable or set WAYFARE_MASTER_KEY")
    let text = try file.read { MasterKey.random().hexadecimal }
    guard !file.isOpenToOthers else {
      throw UsageError("\(file.path) can be read by others; have it for its owner alone: chmod 600 \(file.path)")
    }
    guard let key = MasterKey(hexadecimal: text) else {
      throw UsageError(
        "\(file.path) holds no key of 64 hexadecimal digits; put back the one that the database was sealed under")
    }
    return key
  }
}
