import Accounts
import JSON
import TestFacts
import Testing

@testable import Secrets

/// Published vectors and kinds of bad input, in the forms of the public suites (see `FactFiles`).
@Suite("Facts about signatures and codes")
struct FactTests {
  private struct Count {
    var good = 0
    var bad = 0
    var skipped = 0

    func tell(_ name: String) { print("\(name): \(good) accepted, \(bad) refused, \(skipped) skipped") }
  }

  /// Judges all cases of some groups.
  private func judge(
    _ file: FactFiles.File, _ key: String, _ count: inout Count,
    _ accepts: (_ group: JSONNode, _ test: JSONNode) throws -> Bool?
  ) throws {
    for group in try file.root.list("/testGroups") {
      for test in try group.list("/tests") {
        guard let isAccepted = try accepts(group, test) else {
          count.skipped += 1
          continue
        }
        // "acceptable" is either.
        let result = try test.text("/result")
        let comment = "\(file.name): \(key) \(try test.find("/tcId")?.int ?? 0), \(try test.text("/comment"))"
        #expect(isAccepted == (result == "valid") || result == "acceptable", "\(comment)")
        if isAccepted { count.good += 1 } else { count.bad += 1 }
      }
    }
  }

  @Test("Ed25519 accepts what RFC 8032 does, and nothing that can be made of it without the key")
  func ed25519() throws {
    var count = Count()
    for file in try FactFiles.all("ed25519") {
      try judge(file, "Ed25519", &count) { group, test in
        let key = VerifyingKey.ed25519(try group.bytes("/publicKey/pk"))
        return key.accepts(try test.bytes("/sig"), of: try test.bytes("/msg"))
      }
    }
    count.tell("Ed25519")
    #expect(count.good >= 9 && count.bad >= 80)
  }

  @Test("HMAC is RFC 2202's and RFC 4231's; a tag is taken whole or not at all")
  func hmac() throws {
    var count = Count()
    for file in try FactFiles.all("hmac") {
      let algorithm = try file.root.text("/algorithm")
      try judge(file, algorithm, &count) { group, test in
        guard let code = try code(algorithm, test) else { return nil }
        let tag = try test.bytes("/tag")
        let isWhole = try group.find("/tagSize")?.int == 8 * code.count
        if isWhole { return areEqual(code, tag) }
        #expect(!areEqual(code, tag))
        return Array(code.prefix(tag.count)) == tag
      }
    }
    count.tell("HMAC")
    #expect(count.good >= 150 && count.bad >= 60)
  }

  private func code(_ algorithm: String, _ test: JSONNode) throws -> [UInt8]? {
    let (key, message) = (try test.bytes("/key"), try test.bytes("/msg"))
    return switch algorithm.filter({ $0 != "-" }) {
    case "HMACSHA1": Digest.hmacSHA1(message, key: key)
    case "HMACSHA256": Digest.hmacSHA256(message, key: key)
    case "HMACSHA512": Digest.hmacSHA512(message, key: key)
    default: nil
    }
  }

  @Test("a JSON web signature has three parts, one algorithm, which is its key's, and nothing that is not understood")
  func signatures() throws {
    var count = Count()
    for file in try FactFiles.all("jws") {
      try judge(file, "JWS", &count) { group, test in
        // Cases about encryption have no signature, and signatures that are objects are not spoken here.
        guard let jwk = group.find("/public") ?? group.find("/private"), test.find("/jws")?.kind == .string else {
          return nil
        }
        guard try !Self.contradicts(test, group) else { return nil }
        let name = try jwk.text("/kid")
        let opened = try? JSONWebSignature.open(try test.text("/jws"), types: nil) { id, _ in
          if jwk.find("/keys") != nil { return Self.set(jwk, id) }
          return id == nil || name.isEmpty || id == name ? Self.keys(jwk) : []
        }
        // What is not spoken here accepts nothing, which is no fault.
        if opened == nil, try test.text("/result") == "valid", !(try Self.isSpoken(jwk)) { return nil }
        return opened != nil
      }
    }
    count.tell("JWS")
    #expect(count.good >= 30 && count.bad >= 300)
  }

  /// Whether a case cannot be kept together with the rest: the public suite has two that are refused and are, letter by
  /// letter, one that is accepted, and two that are accepted with signs that RFC 4648, section 3.3, has refused.
  private static func contradicts(_ test: JSONNode, _ group: JSONNode) throws -> Bool {
    let text = try test.text("/jws")
    if try test.text("/result") == "valid" {
      return text.unicodeScalars.contains {
        !($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
      }
    }
    return try group.list("/tests").contains { other in
      try other.find("/jws")?.kind == .string && other.text("/jws") == text && other.text("/result") == "valid"
    }
  }

  /// Whether something that these keys have signed is to be accepted: sets of shared secrets are never read.
  private static func isSpoken(_ jwk: JSONNode) throws -> Bool {
    if jwk.find("/keys") != nil { return try jwk.list("/keys").contains { try $0.text("/kty") != "oct" } }
    let algorithm = try jwk.text("/alg")
    return algorithm.isEmpty || ["EdDSA", "ES256", "RS256", "HS256"].contains(algorithm)
  }

  /// The keys of a name in a set, read as sets are.
  private static func set(_ jwk: JSONNode, _ id: String?) -> [VerifyingKey] {
    let keys = ((try? jwk.list("/keys")) ?? []).compactMap { JSONWebKey($0) }
    return keys.filter { id == nil || $0.keyID == id }.map(\.key)
  }

  private static func keys(_ jwk: JSONNode) -> [VerifyingKey] {
    // A secret is configured, never read from a published key.
    if (try? jwk.text("/kty")) == "oct", (try? jwk.text("/alg")) == "HS256" {
      return (try? jwk.text("/k")).flatMap { Base64URL.decode($0.utf8) }.map { [.shared($0)] } ?? []
    }
    return JSONWebKey(jwk).map { [$0.key] } ?? []
  }

  @Test("codes of authenticators are those of RFC 4226 and RFC 6238")
  func timeCodes() throws {
    for file in try FactFiles.all("totp") {
      let rows = try file.root.array.map { $0 }
      #expect(rows.count >= 40)
      for row in rows {
        let secret = try row.bytes("/secret")
        let step = TimeCode.step(atSecond: try row.find("/second")?.integer(as: Int64.self) ?? -1)
        let code = TimeCode.code(step: step, digits: try row.find("/digits")?.int ?? 0) { message in
          switch try? row.text("/algorithm") {
          case "SHA1": Digest.hmacSHA1(message, key: secret)
          case "SHA256": Digest.hmacSHA256(message, key: secret)
          default: Digest.hmacSHA512(message, key: secret)
          }
        }
        let (wanted, algorithm) = (try row.text("/code"), try row.text("/algorithm"))
        #expect(code == wanted, "\(algorithm) at step \(step)")
      }
    }
  }
}
