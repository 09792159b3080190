/// Writes one JSON value into memory of its own, compactly or indented by two spaces.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object {
///   $0.field("name", "Alps")
///   $0.array("nights") { for night in nights { $0.element(night) } }
/// }
/// let bytes = writer.finish()
/// ```
/// Names belong in objects and elements in arrays by type; that exactly one value is written where one belongs is a
/// precondition.
public struct JSONWriter: ~Copyable {
  @usableFromInline var memory: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var count = 0
  /// Whether the memory is freed with the writer.
  @usableFromInline var ownsMemory: Bool
  /// Whether a value belongs here next.
  @usableFromInline var expectsValue = true
  /// Whether the innermost container has something already.
  @usableFromInline var needsComma = false
  let isPretty: Bool
  var depth = 0

  /// A writer with room for some bytes; it grows as needed.
  public init(isPretty: Bool = false, capacity: Int = 256) {
    self.isPretty = isPretty
    self.capacity = max(capacity, 64)
    memory = .allocate(capacity: self.capacity)
    ownsMemory = true
  }

  /// A writer that begins in memory of somebody else's, who keeps it for as long; it goes on in its own if need be.
  @usableFromInline
  init(isPretty: Bool, in lent: UnsafeMutableBufferPointer<UInt8>) {
    self.isPretty = isPretty
    capacity = lent.count
    guard let start = lent.baseAddress else { preconditionFailure("nothing can be written into no memory") }
    memory = start
    ownsMemory = false
  }

  deinit {
    if ownsMemory { memory.deallocate() }
  }

  /// The document.
  public consuming func finish() -> [UInt8] {
    precondition(!expectsValue, "no value was written")
    // An array made of a buffer at once would ask the runtime for its type each time; one that grows knows it.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    bytes.append(contentsOf: UnsafeBufferPointer(start: memory, count: count))
    return bytes
  }

  /// Hands the document to a closure without a copy, then empties the writer for the next one.
  public mutating func drain<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    precondition(!expectsValue, "no value was written")
    let result = body(UnsafeBufferPointer(start: memory, count: count))
    count = 0
    expectsValue = true
    needsComma = false
    return result
  }

  /// Writes any writable value.
  @inlinable
  public mutating func value(_ value: some JSONWritable) {
    value.write(to: &self)
    checkWritten()
  }

  /// Writes `null`.
  public mutating func null() {
    literal("null")
  }

  /// Writes true or false.
  public mutating func bool(_ value: Bool) {
    literal(value ? "true" : "false")
  }

  /// Writes an object.
  @inlinable
  public mutating func object(_ body: (inout JSONObjectWriter) -> Void) {
    beginContainer(UInt8(ascii: "{"))
    var object = JSONObjectWriter(self)
    body(&object)
    self = object.writer
    endContainer(UInt8(ascii: "}"))
  }

  /// Writes an array.
  @inlinable
  public mutating func array(_ body: (inout JSONArrayWriter) -> Void) {
    beginContainer(UInt8(ascii: "["))
    var array = JSONArrayWriter(self)
    body(&array)
    self = array.writer
    endContainer(UInt8(ascii: "]"))
  }
}

/// Where an object's fields are written.
public struct JSONObjectWriter: ~Copyable {
  @usableFromInline var writer: JSONWriter

  @inlinable
  init(_ writer: consuming JSONWriter) {
    self.writer = writer
  }

  /// Writes a name and its value.
  @inlinable
  public mutating func field(_ name: StaticString, _ value: some JSONWritable) {
    writer.name(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    writer.value(value)
  }

  /// Writes a name and its value unless that is nil.
  @inlinable
  public mutating func field(_ name: StaticString, ifPresent value: (some JSONWritable)?) {
    if let value { field(name, value) }
  }

  /// Writes a name that is data and its value.
  @inlinable
  public mutating func field(named name: String, _ value: some JSONWritable) {
    self.name(name)
    writer.value(value)
  }

  /// Writes a name and an object.
  @inlinable
  public mutating func object(_ name: StaticString, _ body: (inout JSONObjectWriter) -> Void) {
    writer.name(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    writer.object(body)
  }

  /// Writes a name that is data and an object.
  @inlinable
  public mutating func object(named name: String, _ body: (inout JSONObjectWriter) -> Void) {
    self.name(name)
    writer.object(body)
  }

  /// Writes a name and an array.
  @inlinable
  public mutating func array(_ name: StaticString, _ body: (inout JSONArrayWriter) -> Void) {
    writer.name(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    writer.array(body)
  }

  @usableFromInline
  mutating func name(_ name: String) {
    withBytes(of: name) { writer.name($0) }
  }
}

/// Where an array's elements are written.
public struct JSONArrayWriter: ~Copyable {
  @usableFromInline var writer: JSONWriter

  @inlinable
  init(_ writer: consuming JSONWriter) {
    self.writer = writer
  }

  /// Writes an element.
  @inlinable
  public mutating func element(_ value: some JSONWritable) {
    writer.beginElement()
    writer.value(value)
  }

  /// Writes an object as an element.
  @inlinable
  public mutating func object(_ body: (inout JSONObjectWriter) -> Void) {
    writer.beginElement()
    writer.object(body)
  }

  /// Writes an array as an element.
  @inlinable
  public mutating func array(_ body: (inout JSONArrayWriter) -> Void) {
    writer.beginElement()
    writer.array(body)
  }
}
