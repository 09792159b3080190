import Accounts
import JSON

/// The providers that people may sign in by, from a file that only its owner reads: it holds our secrets there.
enum ProvidersFile {
  private static let providersMax = 50

  /// The providers; none where no file is set.
  ///
  /// - Throws: `UsageError` that names the file and the mend.
  static func read(_ settings: Settings) throws(UsageError) -> [IdentityProvider] {
    guard let path = settings.string(.providers) else { return [] }
    return try OwnerOnlyFile(path: path, contents: "providers").read { (root) throws(JSONError) in
      try providers(root)
    }
  }

  private static func providers(_ root: JSONNode) throws(JSONError) -> [IdentityProvider] {
    var providers: [IdentityProvider] = []
    for node in try root.array {
      let object = try node.object(
        fields: "name", "title", "issuer", "clientId", "clientSecret", "redirectUris", "linksByAddress")
      let name: String = try object.required("name", length: 1...40)
      let redirects = try [String](json: object.required("redirectUris", as: JSONNode.self))
      let provider = IdentityProvider(
        name: name, title: try object.optional("title", length: 1...100) ?? name,
        issuer: try object.required("issuer", length: 1...500),
        clientID: try object.required("clientId", length: 1...500),
        clientSecret: try object.optional("clientSecret", length: 1...1000), redirects: redirects,
        linksByAddress: try object.optional("linksByAddress") ?? true)
      guard let provider, !providers.contains(where: { $0.name == name || $0.issuer == provider.issuer }) else {
        throw node.invalid(
          "must have a name of its own of small letters, digits and \"-\", and https:// addresses without a query for \"issuer\" and \"redirectUris\""
        )
      }
      providers.append(provider)
    }
    guard providers.count <= providersMax else { throw root.invalid("has more than \(providersMax) providers") }
    return providers
  }
}
