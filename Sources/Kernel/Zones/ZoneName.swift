/// The name of a time zone as the tz database spells it, such as `Europe/Berlin`.
///
/// A name that has this type is safe to look for below a directory: it has no dots, and no part of it is empty.
public struct ZoneName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The zone of UTC itself.
  public static let utc = ZoneName(checked: "UTC")

  private let text: String

  private init(checked text: String) {
    self.text = text
  }

  /// A name, or nil for text that no zone of the tz database could be called.
  ///
  /// Whether there is such a zone is known only to the files.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard (1...64).contains(bytes.count) else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 3, parts.allSatisfy(ZoneName.isPart) else { return nil }
    // These folders hold every zone once more, the latter counting leap seconds, as nothing here does.
    guard parts.count == 1 || !["posix", "right"].contains(String(decoding: parts[0], as: UTF8.self)) else {
      return nil
    }
    self.text = String(text)
  }

  /// As the tz database spells it.
  public var description: String { text }

  /// Whether one name comes before another in the order of their bytes.
  public static func < (left: ZoneName, right: ZoneName) -> Bool {
    left.text < right.text
  }

  private static func isPart(_ part: ArraySlice<UInt8>) -> Bool {
    guard let first = part.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return false }
    return part.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
      default: false
      }
    }
  }
}
