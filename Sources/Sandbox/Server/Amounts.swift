import JSON
import Kernel

extension Int64 {
  /// Cents as sellers write them: `12.50`.
  var amountText: String { Money(minorUnits: self, .euro).amountText }
}

/// Cents of an amount in text; nil for anything else.
func cents(_ text: String?) -> Int64? {
  text.flatMap { try? Money($0, .euro) }?.minorUnits
}

extension Duration {
  /// Whole minutes as ISO 8601 writes a duration.
  static func iso(minutes: Int64) -> String { "PT\(minutes / 60)H\(minutes % 60)M" }
}

/// A document that was sent, whatever type it is said to have.
func document(_ bytes: [UInt8]) throws(JSONError) -> JSONNode { try JSONDocument(bytes: bytes).root }
