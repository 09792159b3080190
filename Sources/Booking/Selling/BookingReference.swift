/// What we call an order towards whoever sells: the same however often it is tried.
///
/// `WF-` and thirteen letters and digits of Crockford's alphabet, 65 bits: nobody guesses one, and it can be read out
/// over the telephone.
public struct BookingReference: Hashable, Sendable, CustomStringConvertible {
  /// As it is written.
  public let text: String

  /// A new one by chance.
  public init(using generator: inout some RandomNumberGenerator) {
    var text = "WF-"
    for _ in 0..<13 { text.unicodeScalars.append(BookingReference.letters[Int(generator.next() & 31)]) }
    self.text = text
  }

  /// Reads one; nil for anything else.
  public init?(_ text: String) {
    guard text.hasPrefix("WF-"), text.utf8.count == 16 else { return nil }
    for scalar in text.unicodeScalars.dropFirst(3) where !BookingReference.letters.contains(scalar) { return nil }
    self.text = text
  }

  /// As it is written.
  public var description: String { text }

  private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".unicodeScalars)
}
