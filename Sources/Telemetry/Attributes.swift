/// A value that a log line or span carries under a key.
public enum AttributeValue: Hashable, Sendable {
  /// Text.
  case string(String)
  /// A whole number.
  case int(Int)
  /// A number.
  case double(Double)
  /// True or false.
  case bool(Bool)
}

extension AttributeValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// Text, with or without interpolation.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Keys and values in the order given, every key once.
///
/// ```swift
/// logger.info("answered", ["status": 200, "route": "\(route)", "cached": .bool(isCached)])
/// ```
public struct Attributes: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One key and its value.
  public struct Pair: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: AttributeValue
  }

  /// The keys and values in order.
  public private(set) var pairs: [Pair] = []

  /// No attributes.
  public init() {}

  /// The pairs in order; of two with the same key the later value counts.
  public init(dictionaryLiteral elements: (String, AttributeValue)...) {
    pairs.reserveCapacity(elements.count)
    for (key, value) in elements { self[key] = value }
  }

  /// The value under a key.
  ///
  /// - Complexity: O(keys); there are few.
  public subscript(key: String) -> AttributeValue? {
    get { pairs.first { $0.key == key }?.value }
    set {
      let index = pairs.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): pairs[index].value = value
      case (let index?, nil): pairs.remove(at: index)
      case (nil, let value?): pairs.append(Pair(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// These with others added; of two with the same key the other's value counts.
  public func merging(_ others: Attributes) -> Attributes {
    if pairs.isEmpty { return others }
    var merged = self
    for pair in others.pairs { merged[pair.key] = pair.value }
    return merged
  }
}

/// Text of at most so many bytes, whole scalars only, which says how much was cut.
func cut(_ text: String, toBytes limit: Int) -> String {
  let bytes = text.utf8
  guard bytes.count > limit else { return text }
  var end = bytes.index(bytes.startIndex, offsetBy: limit)
  while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end = bytes.index(before: end) }
  let kept = text[..<end]
  return "\(kept)…(\(bytes.count - kept.utf8.count) bytes cut)"
}
