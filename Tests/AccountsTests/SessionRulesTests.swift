import Kernel
import Testing

@testable import Accounts

@Suite("Refresh tokens")
struct SessionRulesTests {
  private let limits = SessionLimits()

  private func at(_ second: Int64) -> Instant { Instant(secondsSinceEpoch: second) }

  private func standing(
    _ number: Int64, spent: Int64? = nil, present: Int64, used: Int64 = 1000, now: Int64 = 1010, isRevoked: Bool = false
  ) -> RefreshStanding {
    RefreshStanding(
      of: RefreshStanding.Token(number: number, spentAt: spent.map(at)),
      in: RefreshStanding.Session(presentNumber: present, usedAt: at(used), createdAt: at(0), isRevoked: isRevoked),
      at: at(now), limits)
  }

  @Test("the present token is rotated")
  func rotates() { #expect(standing(4, present: 4) == .rotate) }

  @Test("the one before is answered again within the grace, and is reuse after it")
  func repeats() {
    #expect(standing(3, spent: 1000, present: 4, now: 1030) == .repeat)
    #expect(standing(3, spent: 1000, present: 4, now: 1031) == .reused)
  }

  @Test("older ones are reuse at once, however short ago they were spent: their next token has been used")
  func older() { #expect(standing(2, spent: 1009, present: 4) == .reused) }

  @Test("a session that was ended, is idle for too long or too old is over, whatever is shown")
  func over() {
    #expect(standing(4, present: 4, isRevoked: true) == .over)
    #expect(standing(2, present: 4, isRevoked: true) == .over)
    #expect(standing(4, present: 4, used: 0, now: limits.idleSeconds) == .over)
    #expect(standing(4, present: 4, used: limits.wholeSeconds - 5, now: limits.wholeSeconds) == .over)
    #expect(standing(4, present: 4, used: limits.wholeSeconds - 5, now: limits.wholeSeconds - 1) == .rotate)
  }
}

@Suite("Claims")
struct ClaimRulesTests {
  private let rules = ClaimRules(issuer: "wayfare", audience: "api", lifeSecondsMax: 600)

  private func claims(_ change: (inout TokenClaims) -> Void = { _ in }) -> TokenClaims {
    var claims = TokenClaims(issuer: "wayfare", audiences: ["api"], subject: "x", issuedAt: 1000, expiresAt: 1600)
    change(&claims)
    return claims
  }

  private func fault(_ claims: TokenClaims, at second: Int64 = 1100) -> TokenFault? {
    do throws(TokenFault) {
      try rules.check(claims, atSecond: second)
      return nil
    } catch {
      return error
    }
  }

  @Test("claims hold for whom and as long as they say")
  func holds() {
    #expect(fault(claims()) == nil)
    #expect(fault(claims { $0.audiences = ["other", "api"] }) == nil)
    #expect(fault(claims { $0.issuer = "wayfare/" }) == .issuer)
    #expect(fault(claims { $0.audiences = ["ap"] }) == .audience)
    #expect(fault(claims { $0.audiences = [] }) == .audience)
    #expect(fault(claims { $0.subject = "" }) == .claim("sub"))
    #expect(fault(claims(), at: 1629) == nil)
    #expect(fault(claims(), at: 1630) == .expired)
    #expect(fault(claims(), at: 969) == .early)
    #expect(fault(claims { $0.notBefore = 1131 }) == .early)
  }

  @Test("times that no calendar knows, and tokens that live longer than any of ours, are refused")
  func times() {
    #expect(fault(claims { $0.expiresAt = .max }) == .claim("exp"))
    #expect(fault(claims { $0.issuedAt = .min }) == .claim("iat"))
    #expect(fault(claims { $0.notBefore = .min }) == .claim("nbf"))
    #expect(fault(claims { $0.expiresAt = 1601 }) == .claim("exp"))
  }

  @Test("a token of another sign-in is refused")
  func nonce() throws {
    var rules = rules
    rules.nonce = "n"
    #expect(throws: TokenFault.nonce) { try rules.check(claims(), atSecond: 1100) }
    try rules.check(claims { $0.nonce = "n" }, atSecond: 1100)
  }
}
