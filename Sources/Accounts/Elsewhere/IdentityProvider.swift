/// Somebody else who says who people are: a provider of OpenID Connect that an operator has set up.
package struct IdentityProvider: Sendable, Hashable {
  /// What it is called in addresses: letters, digits and `-`.
  package let name: String
  /// What people read on the button.
  package let title: String
  /// Its issuer, under which its metadata is found, and which its tokens name.
  package let issuer: String
  /// What we are called there.
  package let clientID: String
  /// What we show there; nil for a client without a secret, which PKCE alone protects.
  package let clientSecret: String?
  /// Where the provider may send people back to, whole; the first unless another is asked for.
  package let redirects: [String]
  /// Whether an account with an address that the provider has verified may be signed in to by it from then on.
  package let linksByAddress: Bool

  /// A provider; nil when what it is told cannot be.
  package init?(
    name: String, title: String, issuer: String, clientID: String, clientSecret: String?, redirects: [String],
    linksByAddress: Bool = true
  ) {
    guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy(IdentityProvider.isOfName),
      IdentityProvider.isSafe(issuer), !issuer.hasSuffix("/.well-known/openid-configuration"),
      !clientID.isEmpty, !redirects.isEmpty, redirects.allSatisfy(IdentityProvider.isSafe)
    else { return nil }
    self.name = name
    self.title = title
    self.issuer = issuer
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.redirects = redirects
    self.linksByAddress = linksByAddress
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
  }

  /// An address to which secrets may go: by TLS, or on this machine alone; without a query or fragment.
  package static func isSafe(_ address: String) -> Bool {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
    let isLocal = local.contains { start in
      address.hasPrefix(start) && [nil, ":", "/"].contains(address.dropFirst(start.count).first)
    }
    return (isLocal || (address.hasPrefix("https://") && address.utf8.count > 8)) && address.utf8.count <= 500
      && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x22 && $0 != 0x3F && $0 != 0x40 }
  }
}
