/// Where somebody gets mail, as they wrote it; addresses that differ in case alone are one.
package struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is no address.
  package enum Fault: Error, Sendable, Hashable {
    /// It has so many bytes; 3 to 254 are possible.
    case length(Int)
    /// There is not exactly one sign "@" with something on both sides.
    case shape
    /// What stands before the sign is not what mail servers take.
    case local
    /// What stands after the sign is not a domain's name.
    case domain

    /// The mend, as words that follow "it".
    package var mend: String {
      switch self {
      case .length(let count): "has \(count) bytes; an address has 3 to 254"
      case .shape: "must have one @ with something on both sides, as in ada@example.org"
      case .local: "must have up to 64 letters, digits and signs without spaces before the @"
      case .domain: "must have a domain such as example.org after the @"
      }
    }
  }

  /// As it was written.
  package let text: String

  /// What two spellings of one address have in common.
  package var key: String { text.lowercased() }

  /// As it was written.
  package var description: String { text }

  /// Reads an address.
  ///
  /// Quoted local parts and address literals are refused: nobody has them, and what reads them differs.
  /// - Throws: what is wrong with it.
  package init(_ text: String) throws(Fault) {
    let bytes = Array(text.utf8)
    guard (3...254).contains(bytes.count) else { throw .length(bytes.count) }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .shape }
    guard EmailAddress.isLocal(parts[0]) else { throw .local }
    guard EmailAddress.isDomain(parts[1]) else { throw .domain }
    self.text = text
  }

  private static func isLocal(_ bytes: ArraySlice<UInt8>) -> Bool {
    let signs = Set("!#$%&'*+-/=?^_`{|}~.".utf8)
    let dot = UInt8(ascii: ".")
    guard bytes.count <= 64, bytes.first != dot, bytes.last != dot else { return false }
    var previous: UInt8 = 0
    for byte in bytes {
      guard isLetterOrDigit(byte) || signs.contains(byte) || byte >= 0x80 else { return false }
      if byte == dot, previous == dot { return false }
      previous = byte
    }
    return true
  }

  private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
          && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
      }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
