package import Kernel

/// What stands in the address by which a mail's reader has no more of its kind: sealed, so that nobody can make one for
/// another, and nothing in it tells whose it is.
package struct MailPass: Sendable, Hashable {
  /// Whose mails.
  package let user: UserID
  /// Of which kind, in a word such as `trip.mentioned`.
  package let kind: String

  /// A pass.
  package init(user: UserID, kind: String) {
    self.user = user
    self.kind = kind
  }

  /// As it stands in an address.
  package func text(_ key: MasterKey) -> String {
    Base64URL.encode(SealedBox.seal(Array("\(user) \(kind)".utf8), key: key.key(for: .mailPasses)))
  }

  /// Reads what stands in an address; nil for what was not made under this key.
  package init?(_ text: String, _ key: MasterKey) {
    guard text.utf8.count <= 400, let sealed = Base64URL.decode(text.utf8),
      let bytes = SealedBox.open(sealed, key: key.key(for: .mailPasses))
    else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 2, let user = UserID(String(words[0])) else { return nil }
    self.init(user: user, kind: String(words[1]))
  }
}
