package import Kernel

/// Something that was done to an account or an organisation, as it is kept for good.
package struct AuditEntry: Sendable, Hashable {
  /// Its place in the chain, from 1.
  package var number: Int64
  /// When, in microseconds since 1970.
  package var microseconds: Int64
  /// Who did it; nil for nobody known.
  package var actor: UserID?
  /// To whom or what.
  package var subject: String
  /// What, in a word such as `session.revoked`.
  package var action: String
  /// From which network, if that is known: never a whole address.
  package var network: String?
  /// More about it: JSON text.
  package var details: String

  /// An entry.
  package init(
    number: Int64, microseconds: Int64, actor: UserID?, subject: String, action: String, network: String?,
    details: String
  ) {
    self.number = number
    self.microseconds = microseconds
    self.actor = actor
    self.subject = subject
    self.action = action
    self.network = network
    self.details = details
  }

  /// What its digest is of, behind the digest before it: each field with its length, so that no two entries look alike.
  package func content(after previous: [UInt8]) -> [UInt8] {
    var bytes = previous
    for field in [
      "\(number)", "\(microseconds)", actor.map { "\($0)" } ?? "", subject, action, network ?? "", details,
    ] {
      bytes += Array("\(field.utf8.count):".utf8)
      bytes += Array(field.utf8)
    }
    return bytes
  }
}

/// A run through the chain, which stops at the first entry that does not fit.
package struct AuditChain: Sendable {
  /// What is wrong.
  package enum Fault: Error, Sendable, Hashable {
    /// After so many entries comes one of another number: something was taken out or put in.
    case gap(after: Int64, found: Int64)
    /// An entry does not fit its digest: it, or what is before it, was changed.
    case changed(Int64)
    /// The chain ends before the entry that was told as the last: the end was cut off.
    case cut(last: Int64, expected: Int64)
    /// The last entry's digest is not the one that was told.
    case head
  }

  /// The digest before the first entry.
  package static let origin = [UInt8](repeating: 0, count: 32)

  /// How many entries fit so far.
  package private(set) var count: Int64 = 0
  /// The digest of the last of them.
  package private(set) var digest = AuditChain.origin
  private let hash: @Sendable ([UInt8]) -> [UInt8]

  /// A run from the start.
  ///
  /// - Parameter hash: SHA-256.
  package init(hash: @escaping @Sendable ([UInt8]) -> [UInt8]) { self.hash = hash }

  /// Takes the next entry with the digest that is kept of it.
  ///
  /// - Throws: what does not fit.
  package mutating func take(_ entry: AuditEntry, _ kept: [UInt8]) throws(Fault) {
    guard entry.number == count + 1 else { throw .gap(after: count, found: entry.number) }
    let expected = hash(entry.content(after: digest))
    guard expected == kept else { throw .changed(entry.number) }
    count = entry.number
    digest = expected
  }

  /// Compares the end with what is told of it.
  ///
  /// - Throws: what does not fit.
  package func finish(count told: Int64, digest toldDigest: [UInt8]) throws(Fault) {
    guard count == told else { throw .cut(last: count, expected: told) }
    guard digest == toldDigest else { throw .head }
  }
}
