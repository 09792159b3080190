/// A type that writes itself as one JSON value.
public protocol JSONWritable {
  /// Writes exactly one value.
  func write(to writer: inout JSONWriter)
}

extension JSONWritable {
  /// The value as a whole document.
  @inlinable
  public func jsonBytes(isPretty: Bool = false) -> [UInt8] {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.smallCount) { memory in
      var writer = JSONWriter(isPretty: isPretty, in: memory)
      writer.value(self)
      return writer.finish()
    }
  }

  /// Bytes up to which a document is written on the stack, and copied once it is known how many it has.
  @usableFromInline static var smallCount: Int { 896 }
}

extension String: JSONWritable {
  /// Writes text, escaping only what must be.
  @inlinable
  public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONWritable {
  /// Writes true or false.
  @inlinable
  public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Double: JSONWritable {
  /// Writes the shortest number that reads back as this one; it must be finite.
  @inlinable
  public func write(to writer: inout JSONWriter) { writer.double(self) }
}

extension JSONWritable where Self: FixedWidthInteger {
  /// Writes a whole number.
  @inlinable
  public func write(to writer: inout JSONWriter) {
    writer.integer(isNegative: self < 0, magnitude: UInt64(magnitude))
  }
}

extension Int: JSONWritable {}
extension Int8: JSONWritable {}
extension Int16: JSONWritable {}
extension Int32: JSONWritable {}
extension Int64: JSONWritable {}
extension UInt: JSONWritable {}
extension UInt8: JSONWritable {}
extension UInt16: JSONWritable {}
extension UInt32: JSONWritable {}
extension UInt64: JSONWritable {}

extension Optional: JSONWritable where Wrapped: JSONWritable {
  /// Writes nil as `null`.
  @inlinable
  public func write(to writer: inout JSONWriter) {
    if let self { self.write(to: &writer) } else { writer.null() }
  }
}

extension Array: JSONWritable where Element: JSONWritable {
  /// Writes an array.
  @inlinable
  public func write(to writer: inout JSONWriter) {
    writer.array { array in
      for element in self { array.element(element) }
    }
  }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
  /// Writes an object, its names sorted, so that equal dictionaries give equal bytes.
  public func write(to writer: inout JSONWriter) {
    writer.object { object in
      for (name, value) in self.sorted(by: { $0.key < $1.key }) { object.field(named: name, value) }
    }
  }
}

extension JSONWritable where Self: RawRepresentable, RawValue: JSONWritable {
  /// Writes the raw value.
  @inlinable
  public func write(to writer: inout JSONWriter) { rawValue.write(to: &writer) }
}

extension JSONNode: JSONWritable {
  /// Writes what was read, numbers as they were spelt.
  public func write(to writer: inout JSONWriter) {
    switch entry.kind {
    case .null: writer.null()
    case .yes: writer.bool(true)
    case .no: writer.bool(false)
    case .integer, .decimal: writer.spelt(storage.tape.text(entry))
    case .string, .wideString, .escapedString: writer.string(storage.tape.string(entry))
    case .array:
      writer.array { array in
        for element in JSONArray(node: self) { array.element(element) }
      }
    case .object:
      writer.object { object in
        for (name, value) in JSONMembers(node: self) { object.field(named: name, value) }
      }
    }
  }
}
