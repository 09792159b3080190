/// Somewhere that mail goes or comes from; nothing in it can end a line of a header or a command.
package struct Mailbox: Sendable, Hashable {
  /// Why something is no mailbox.
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address is not of the shape `name@host`, or has signs that headers give a meaning.
    case address(String)
    /// The name has more bytes than are taken.
    case name(count: Int)

    /// One sentence with the mend.
    package var description: String {
      switch self {
      case .address(let text):
        "\"\(text.filter { !$0.isNewline })\" is not an address; write one such as trips@example.org, or Name <trips@example.org>"
      case .name(let count): "a name of \(count) bytes is too long for a mail; write at most \(Mailbox.nameMax)"
      }
    }
  }

  /// Bytes of a name.
  package static let nameMax = 300

  /// What is shown beside the address.
  package let name: String?
  /// The address.
  package let address: String

  /// A mailbox.
  ///
  /// Quoted local parts, comments and address literals are refused: nobody has them, and what reads them differs.
  /// - Throws: why it is none.
  package init(_ address: String, name: String? = nil) throws(Fault) {
    let bytes = Array(address.utf8)
    let signs = Set("()<>[]:;,\\\"".utf8)
    let isPlain = bytes.allSatisfy { $0 > 32 && $0 != 127 && !signs.contains($0) }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard isPlain, (3...254).contains(bytes.count), parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw .address(address)
    }
    if let name, name.utf8.count > Mailbox.nameMax { throw .name(count: name.utf8.count) }
    self.address = address
    self.name = name.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Reads `address` or `Name <address>`.
  ///
  /// - Throws: why it is neither.
  package init(written text: String) throws(Fault) {
    guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
      try self.init(text)
      return
    }
    let name = String(text[..<start]).trimmed
    let isQuoted = name.count >= 2 && name.hasPrefix("\"") && name.hasSuffix("\"")
    try self.init(
      String(text[text.index(after: start)...].dropLast()), name: isQuoted ? String(name.dropFirst().dropLast()) : name)
  }

  /// The part after the sign.
  package var host: String { address.split(separator: "@").last.map(String.init) ?? address }

  /// What two spellings of one address have in common.
  package var key: String { address.lowercased() }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    var bytes = utf8[...]
    while let first = bytes.first, first <= 32 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last <= 32 { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}
