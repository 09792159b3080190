/// What a feed is called in an installation: `stop:NAME:STOP_ID` names its stops.
package struct FeedName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let description: String

  /// A name of up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.
  ///
  /// - Throws: `FeedError.badName` for any other text.
  package init(_ text: String) throws(FeedError) {
    let bytes = Array(text.utf8)
    let isFine = bytes.allSatisfy { byte in
      byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || [45, 46, 95].contains(byte)
    }
    guard (1...64).contains(bytes.count), isFine, let first = bytes.first, ![45, 46, 95].contains(first) else {
      throw .badName(text)
    }
    description = text
  }

  package static func < (left: FeedName, right: FeedName) -> Bool { left.description < right.description }
}
