import CLinux

/// The token that lets operators in, made on first use and kept where only its owner reads it.
enum OperatorToken {
  private static let length = 43

  /// The token of a data directory.
  ///
  /// - Throws: `UsageError` when the file can neither be read nor made.
  static func read(home: String) throws(UsageError) -> String {
    let file = SecretFile(
      path: home + "/operator-token", mend: "make its directory writable or give --operator-token")
    let token = try file.read(orMake: make)
    guard token.utf8.count >= 16 else {
      throw UsageError("\(file.path) holds no token; delete it and a new one is made")
    }
    return token
  }

  private static func make() throws(UsageError) -> String {
    var bytes = [UInt8](repeating: 0, count: length)
    guard getrandom(&bytes, length, 0) == length else { throw UsageError("the system gives no randomness") }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    return String(decoding: bytes.map { alphabet[Int($0 & 63)] }, as: UTF8.self)
  }
}
