/// Shows of a name that this installation gave it out: behind it stands a mark that nobody else can make.
package struct NameSeal: Sendable {
  private static let markBytes = 16
  /// How much longer a name is with its mark.
  package static let overhead = 1 + (4 * markBytes + 2) / 3

  private let key: [UInt8]

  /// The seal of an installation for names of one kind.
  package init(_ key: MasterKey, for purpose: MasterKey.Purpose) { self.key = key.key(for: purpose) }

  /// A name with its mark.
  package func sealed(_ name: String) -> String { name + "~" + Base64URL.encode(mark(of: name)) }

  /// The name before a mark; nil where the mark is not this name's.
  package func name(in text: String) -> String? {
    guard let tilde = text.utf8.lastIndex(of: UInt8(ascii: "~")) else { return nil }
    let name = String(text[..<tilde])
    return areEqual(Array(sealed(name).utf8), Array(text.utf8)) ? name : nil
  }

  private func mark(of name: String) -> [UInt8] {
    Array(Digest.hmacSHA256(Array(name.utf8), key: key).prefix(NameSeal.markBytes))
  }
}
