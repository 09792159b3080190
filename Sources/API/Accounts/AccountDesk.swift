package import Accounts
package import EventLoop
import Glibc
package import HTTP
import Kernel
package import Secrets
package import Store
import Synchronization
import Telemetry

/// What an installation says about its accounts.
package struct AccountSettings: Sendable {
  /// What secrets are sealed under.
  package var masterKey: MasterKey
  /// Who else may say who people are; nil for nobody.
  package var providers: ProviderDesk?
  /// Who makes tokens.
  package var issuer = "wayfare"
  /// For whom tokens are made.
  package var audience = "wayfare-api"
  /// What authenticators show.
  package var displayName = "Wayfare"
  /// How long sessions and tokens last.
  package var limits = SessionLimits()
  /// What may be a password.
  package var passwords = PasswordPolicy()
  /// What hashing a password costs.
  package var cost = PasswordHash.Cost.standard
  /// After how long another key signs.
  package var rotateSeconds: Int64 = 30 * 86_400
  /// Seconds since 1970.
  package var now: @Sendable () -> Int64 = { Int64(time(nil)) }

  /// The settings that the program has.
  package init(masterKey: MasterKey) { self.masterKey = masterKey }
}

/// What all routes about accounts need, and who asks.
package final class AccountDesk: Sendable {
  let store: AccountStore
  let settings: AccountSettings
  let ring: KeyRing
  private let proxies: TrustedProxies
  private let work: WorkDesk
  /// What a password is compared with where there is no account; made once.
  private let dummy = Mutex<PasswordHash?>(nil)

  /// A desk.
  package init(_ store: AccountStore, _ settings: AccountSettings, pool: WorkPool, proxies: TrustedProxies) {
    self.store = store
    self.settings = settings
    self.proxies = proxies
    ring = KeyRing(store, settings)
    work = WorkDesk(pool, busy: "Too many people are signing in")
  }

  // MARK: Passwords

  /// What was found out about a password.
  struct Verdict: Sendable {
    let isRight: Bool
    /// Its hash at the present cost, if the kept one was made at another.
    let renewed: String?
  }

  /// Compares a password with a hash, or with one that fits nothing, which takes as long.
  func judge(_ password: String, _ hash: String?) async throws -> Verdict {
    let cost = settings.cost
    return try await work.work { [self] in
      let dummy = try dummyHash(cost)
      guard let hash else {
        _ = dummy.matches(password)
        return Verdict(isRight: false, renewed: nil)
      }
      let kept = PasswordHash(text: hash)
      let isRight = kept.matches(password)
      guard isRight, kept.needsRenewal(for: cost) else { return Verdict(isRight: isRight, renewed: nil) }
      return Verdict(isRight: true, renewed: try PasswordHash(of: password, cost: cost).text)
    }
  }

  /// The hash of a new password.
  func hash(_ password: String) async throws -> String {
    let cost = settings.cost
    return try await work.work { try PasswordHash(of: password, cost: cost).text }
  }

  private func dummyHash(_ cost: PasswordHash.Cost) throws -> PasswordHash {
    if let made = dummy.withLock({ $0 }) { return made }
    let made = try PasswordHash(of: Base64URL.encode(RandomBytes.make(24)), cost: cost)
    dummy.withLock { $0 = made }
    return made
  }

  // MARK: Who it is

  /// Where a request comes from.
  func peer(of request: Request, _ context: RequestContext) -> PeerAddress {
    proxies.client(of: request, peer: context.peer)
  }

  func actor(_ user: UserID?, _ request: Request, _ context: RequestContext) -> AccountStore.Actor {
    AccountStore.Actor(
      user, network: peer(of: request, context).coarseNetwork, trace: context.trace?.traceparent)
  }

  /// What attempts are counted under.
  func attempts(_ email: EmailAddress?, _ kind: AttemptName.Kind, from peer: PeerAddress) -> [AttemptName] {
    var names = [AttemptName(.network, digest: Digest.sha256(Array(peer.network.host.utf8)))]
    if let email { names.append(AttemptName(kind, digest: Digest.sha256(Array(email.key.utf8)))) }
    return names
  }

  /// Under which names texts to a number are counted.
  func attempts(texting number: String, from peer: PeerAddress) -> [AttemptName] {
    attempts(nil, .mail, from: peer) + [AttemptName(.mail, digest: Digest.sha256(Array(number.utf8)))]
  }

  /// Counts attempts, and refuses when there were too many.
  func admit(_ names: [AttemptName]) async throws {
    guard let seconds = try await store.admit(names) else { return }
    throw Problem(
      .tooManyRequests, name: "too-many-attempts", title: "Too many attempts",
      detail: "That was tried too often; wait \(seconds) seconds.", fields: ["Retry-After": "\(seconds)"])
  }

  // MARK: Tokens

  /// The answer to who has signed in.
  func tokens(
    _ session: SessionID, _ user: UserID, _ refresh: String, inCookies: Bool
  ) async throws -> Response {
    let limits = settings.limits
    let access = try await ring.issue(to: "\(user)", session: "\(session)")
    var fields: HTTPFields = ["Cache-Control": "no-store"]
    if inCookies {
      fields.append(
        contentsOf: SessionCookies.fields(
          access: access, accessSeconds: limits.accessSeconds, refresh: refresh, refreshSeconds: limits.idleSeconds))
    }
    let given = GivenTokens(
      user: user, session: session, expiresIn: limits.accessSeconds,
      tokens: inCookies ? nil : (access: access, refresh: refresh))
    return .json(given, fields: fields)
  }

  var seal: AccountStore.LetterSeal {
    let key = settings.masterKey
    return AccountStore.LetterSeal { LetterBox.seal($0, key) }
  }

  /// The codes of an authenticator, judged; nil when its secret cannot be opened.
  func codeJudge(_ sealed: [UInt8], _ typed: String) throws -> @Sendable (Int64?) -> Int64? {
    guard let secret = SealedBox.open(sealed, key: settings.masterKey.key(for: .secondFactor)) else {
      throw MasterKeyMismatch()
    }
    let now = settings.now()
    return { last in
      TimeCode.acceptedStep(typed, atSecond: now, after: last) { Digest.hmacSHA1($0, key: secret) }
    }
  }
}

/// What is in the database was sealed under another master key.
struct MasterKeyMismatch: Error, CustomStringConvertible {
  var description: String {
    "what the database has was sealed under another master key: give every server of the installation the same one, in the file master-key or WAYFARE_MASTER_KEY"
  }
}

extension PeerAddress {
  /// The network that it belongs to, coarse enough to tell nobody: 24 bits of IPv4, 48 of IPv6.
  var coarseNetwork: String {
    switch network {
    case .unix: "unix"
    case .ipv4(let address, _): PeerAddress.ipv4(address & 0xFFFF_FF00, port: 0).host + "/24"
    case .ipv6(let high, _, _): PeerAddress.ipv6(high: high & ~0xFFFF, low: 0, port: 0).host + "/48"
    }
  }
}
