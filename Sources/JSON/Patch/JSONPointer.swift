/// A place in a value, as RFC 6901 spells it.
package struct JSONPointer: Hashable, Sendable {
  /// The names and numbers on the way, their escapes resolved.
  package let tokens: [String]

  package init(tokens: [String]) { self.tokens = tokens }

  /// Reads `/days/0/title`; nil for anything that is no pointer.
  package init?(_ text: String) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    var tokens: [String] = []
    var pieces = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
    guard pieces.popFirst()?.isEmpty == true else { return nil }
    for piece in pieces {
      guard let token = JSONPointer.unescaped(piece) else { return nil }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  /// `~1` is a slash and `~0` a tilde; a tilde before anything else is no pointer.
  private static func unescaped(_ piece: Substring.UTF8View.SubSequence) -> String? {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in piece {
      if isEscaped {
        guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else { return nil }
        bytes.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        isEscaped = false
      } else if byte == UInt8(ascii: "~") {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Whether another lies below it.
  func isAbove(_ other: JSONPointer) -> Bool {
    tokens.count < other.tokens.count && zip(tokens, other.tokens).allSatisfy(==)
  }
}

/// What a token says about an array of so many elements.
///
/// An index has no sign and no zeros before it.
func arrayIndex(_ token: String) -> Int? {
  let bytes = token.utf8
  guard (1...9).contains(bytes.count), bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
  if bytes.first == 48 && bytes.count > 1 { return nil }
  return bytes.reduce(0) { $0 * 10 + Int($1) - 48 }
}
