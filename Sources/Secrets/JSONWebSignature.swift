package import Accounts
import JSON

/// Signatures in the compact form of RFC 7515, checked under the rules of RFC 8725.
///
/// The algorithm belongs to the key that is found, so that what is signed cannot choose it; `none` belongs to no key. What
/// is not understood is refused.
package enum JSONWebSignature {
  /// More characters than any token of ours, or of a provider, has.
  package static let bytesMax = 8192

  /// What was signed, of which nobody has looked at what it says yet.
  package struct Opened: Sendable {
    /// What it says.
    package let payload: [UInt8]
    /// The key that it names.
    package let keyID: String?
  }

  /// Finds the keys that something may be signed with: by the name in its header, or all there are.
  package typealias KeyFinder = (_ keyID: String?, _ algorithm: String) -> [VerifyingKey]

  /// Checks form, type and signature.
  ///
  /// - Parameters:
  ///   - text: header, payload and signature, with dots between them.
  ///   - types: what its header may say that it is, in lower case; nil where it need not say anything.
  ///   - keys: finds the keys.
  /// - Returns: what it says, and by which key.
  /// - Throws: why it is refused.
  package static func open(
    _ text: String, types: Set<String>?, keys: KeyFinder
  ) throws(TokenFault) -> Opened {
    guard text.utf8.count <= bytesMax else { throw .malformed }
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
      let signature = Base64URL.decode(parts[2])
    else { throw .malformed }
    let header = try self.header(headerBytes)
    if let types { guard let type = header.type, types.contains(type) else { throw .type } }
    // "none" and its spellings are no key's algorithm.
    guard ["EdDSA", "ES256", "HS256", "RS256"].contains(header.algorithm) else { throw .algorithm }
    let found = keys(header.keyID, header.algorithm)
    guard !found.isEmpty else { throw .key }
    let fitting = found.filter { $0.algorithm == header.algorithm }
    guard !fitting.isEmpty else { throw .algorithm }
    let message = Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1])
    guard fitting.contains(where: { $0.accepts(signature, of: message) }) else { throw .signature }
    return Opened(payload: payload, keyID: header.keyID)
  }

  // MARK: Reading

  private struct Header {
    let algorithm: String
    let type: String?
    let keyID: String?
  }

  private static func header(_ bytes: [UInt8]) throws(TokenFault) -> Header {
    let root = try object(bytes)
    if root.find("/crit") != nil || root.find("/b64") != nil { throw .critical }
    guard let algorithm = try text(root, "alg") else { throw .algorithm }
    let type = try text(root, "typ")?.lowercased()
    let short = type.map { $0.hasPrefix("application/") ? String($0.dropFirst(12)) : $0 }
    return Header(algorithm: algorithm, type: short, keyID: try text(root, "kid"))
  }

  static func object(_ bytes: [UInt8]) throws(TokenFault) -> JSONNode {
    guard let document = try? JSONDocument(bytes: bytes, limits: JSONLimits(bytesMax: bytesMax, depthMax: 8)),
      document.root.kind == .object
    else { throw .malformed }
    return document.root
  }

  static func text(_ root: JSONNode, _ name: String) throws(TokenFault) -> String? {
    guard let node = root.find("/" + name) else { return nil }
    guard let text = try? node.string else { throw .claim(name) }
    return text
  }
}
