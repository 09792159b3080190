import Accounts
import HTTP
import JSON
import Kernel
import Secrets

/// Turns the code that a provider has sent back into who it is.
struct CodeExchange: Sendable {
  let desk: ProviderDesk
  let provider: IdentityProvider

  /// Where people sign in, with everything that binds their answer to them.
  func authorizationURL(_ flow: SignInFlow) async throws -> String {
    let metadata = try await desk.metadata(of: provider)
    let query = Self.form([
      ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", flow.redirect),
      ("scope", "openid email profile"), ("state", flow.state), ("nonce", flow.nonce),
      ("code_challenge", flow.challenge), ("code_challenge_method", "S256"),
    ])
    return metadata.authorization + (metadata.authorization.contains("?") ? "&" : "?") + query
  }

  /// Refuses an answer that names another provider, or none where this one always names itself (RFC 9207).
  func check(issuer: String?) async throws {
    let metadata = try await desk.metadata(of: provider)
    guard issuer == provider.issuer || (issuer == nil && !metadata.namesItself) else { throw TokenFault.issuer }
  }

  /// Who it is.
  ///
  /// - Throws: `TokenFault` when the token is not what was asked for; `ProviderFault`.
  func identity(_ code: String, _ flow: SignInFlow) async throws -> ShownIdentity {
    let metadata = try await desk.metadata(of: provider)
    var fields = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", flow.redirect),
      ("code_verifier", flow.verifier),
    ]
    var authorization: String?
    if let secret = provider.clientSecret, !metadata.wantsSecretInBody {
      let pair = provider.clientID.percentEncoded + ":" + secret.percentEncoded
      authorization = "Basic " + Base64URL.encodePadded(Array(pair.utf8))
    } else {
      fields.append(("client_id", provider.clientID))
      if let secret = provider.clientSecret { fields.append(("client_secret", secret)) }
    }
    let given = try await desk.post(Self.form(fields), to: metadata.token, authorization: authorization)
    guard let token = given.text("id_token") else { throw ProviderFault.metadata("id_token") }
    let claims = try await desk.verify(token, of: provider, nonce: flow.nonce)
    var identity = ShownIdentity(
      issuer: claims.issuer, subject: claims.subject, email: claims.email, isVerified: claims.isEmailVerified,
      name: claims.name)
    if identity.email == nil, let address = metadata.userInfo, let access = given.text("access_token") {
      let more = try await desk.userInfo(address, of: provider, token: access)
      // What is told of somebody else is of no account (OpenID Connect Core, section 5.3.2).
      guard more.text("sub") == claims.subject else { throw TokenFault.claim("sub") }
      identity.email = more.text("email")
      identity.isVerified = more.isTrue("email_verified")
      identity.name = identity.name ?? more.text("name")
    }
    return identity
  }

  private static func form(_ fields: [(String, String)]) -> String {
    fields.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
  }
}

/// Somebody as a provider tells of them.
struct ShownIdentity: Sendable {
  let issuer: String
  let subject: String
  var email: String?
  var isVerified: Bool
  var name: String?
}
