/// How large a document may be; every limit is checked before it can cost memory or stack.
public struct JSONLimits: Sendable {
  /// Bytes of text.
  public let bytesMax: Int
  /// Containers inside one another.
  public let depthMax: Int
  /// Values: every string, number, literal, array and object counts as one; names do not.
  public let valuesMax: Int

  /// Limits for a request body: 16 MiB, 64 deep, a million values, unless said otherwise.
  public init(bytesMax: Int = 16 << 20, depthMax: Int = 64, valuesMax: Int = 1_000_000) {
    precondition((0...JSONEntry.payloadMax).contains(bytesMax), "a document may have at most 256 MiB")
    precondition((1...1024).contains(depthMax), "the depth limit lies between 1 and 1024")
    precondition(valuesMax > 0, "a document has at least one value")
    self.bytesMax = bytesMax
    self.depthMax = depthMax
    self.valuesMax = valuesMax
  }
}

/// A text that was checked from end to end to be JSON (RFC 8259) in UTF-8, within limits, and without duplicate names.
///
/// It keeps a copy of the text and one tape entry of eight bytes per value and name; strings and numbers are decoded
/// when they are read. Every ``JSONNode`` keeps its document alive.
public struct JSONDocument: Sendable {
  /// The outermost value.
  public let root: JSONNode

  /// Parses text.
  ///
  /// - Complexity: O(bytes), plus O(n log n) for an object with many names.
  public init(bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    var parser = try JSONParser(copying: bytes, limits: limits)
    root = JSONNode(storage: try parser.parse(), index: 0)
  }

  /// Parses text.
  public init(bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    self = try bytes.bytes.withUnsafeBytes { buffer throws(JSONError) in
      try JSONDocument(bytes: buffer, limits: limits)
    }
  }

  /// Parses text.
  public init(bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(bytes: bytes.span, limits: limits)
  }

  /// Parses text.
  public init(text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(bytes: Array(text.utf8), limits: limits)
  }
}

extension JSONReadable {
  /// Parses a whole document and reads it as this type.
  @inlinable
  public init(jsonBytes bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(json: JSONDocument(bytes: bytes, limits: limits).root)
  }
}
