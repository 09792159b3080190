extension JSONObject {
  /// The value under a name that must be there.
  @inlinable
  public func required<Value: JSONReadable>(
    _ name: StaticString, as type: Value.Type = Value.self
  ) throws(JSONError) -> Value {
    try Value(json: requiredNode(name, Value.jsonExpectation))
  }

  /// The value under a name, or nil if the name is not there or its value is `null`.
  @inlinable
  public func optional<Value: JSONReadable>(
    _ name: StaticString, as type: Value.Type = Value.self
  ) throws(JSONError) -> Value? {
    guard let node = findValue(name) else { return nil }
    return try Value(json: node)
  }

  /// Text under a name that must be there, whose length in Unicode scalars is limited.
  public func required(_ name: StaticString, length: ClosedRange<Int>) throws(JSONError) -> String {
    try requiredNode(name, String.jsonExpectation).string(length: length)
  }

  /// Text whose length in Unicode scalars is limited, or nil if the name is not there or its value is `null`.
  public func optional(_ name: StaticString, length: ClosedRange<Int>) throws(JSONError) -> String? {
    guard let node = findValue(name) else { return nil }
    return try node.string(length: length)
  }

  /// A value within bounds under a name that must be there.
  @inlinable
  public func required<Value: JSONReadable & Comparable>(
    _ name: StaticString, in range: ClosedRange<Value>
  ) throws(JSONError) -> Value {
    try requiredNode(name, Value.jsonExpectation).value(in: range)
  }

  /// A value within bounds, or nil if the name is not there or its value is `null`.
  @inlinable
  public func optional<Value: JSONReadable & Comparable>(
    _ name: StaticString, in range: ClosedRange<Value>
  ) throws(JSONError) -> Value? {
    guard let node = findValue(name) else { return nil }
    return try node.value(in: range)
  }

  /// An array whose size is limited under a name that must be there.
  @inlinable
  public func required<Element: JSONReadable>(
    _ name: StaticString, count: ClosedRange<Int>, of type: Element.Type = Element.self
  ) throws(JSONError) -> [Element] {
    try requiredNode(name, [Element].jsonExpectation).elements(count: count)
  }

  /// An array whose size is limited, or nil if the name is not there or its value is `null`.
  @inlinable
  public func optional<Element: JSONReadable>(
    _ name: StaticString, count: ClosedRange<Int>, of type: Element.Type = Element.self
  ) throws(JSONError) -> [Element]? {
    guard let node = findValue(name) else { return nil }
    return try node.elements(count: count)
  }

  @inlinable
  @inline(__always)
  func requiredNode(
    _ name: StaticString, _ expectation: @autoclosure () -> String
  ) throws(JSONError) -> JSONNode {
    let index = findIndex(name)
    if index < 0 { throw JSONError(missing(name, expectation())) }
    return JSONNode(storage: node.storage, index: index)
  }

  /// The value under a name unless it is `null`.
  @inlinable
  @inline(__always)
  func findValue(_ name: StaticString) -> JSONNode? {
    let index = findIndex(name)
    if index < 0 || node.storage.tape.entries[index].kind == .null { return nil }
    return JSONNode(storage: node.storage, index: index)
  }
}

extension JSONNode {
  /// The value as text of limited length in Unicode scalars, which is how PostgreSQL counts characters.
  public func string(length: ClosedRange<Int>) throws(JSONError) -> String {
    let text = try string
    let bytes = text.utf8.count
    // A scalar has one to four bytes: most texts need no counting.
    if bytes <= length.upperBound, (bytes + 3) / 4 >= length.lowerBound { return text }
    let count = text.unicodeScalars.count
    guard length.contains(count) else { throw wrongSize(length, "characters", found: count) }
    return text
  }

  /// The value as a type with an order, within bounds.
  @inlinable
  public func value<Value: JSONReadable & Comparable>(in range: ClosedRange<Value>) throws(JSONError) -> Value {
    let value = try Value(json: self)
    guard range.contains(value) else { throw outOfRange(range.lowerBound, range.upperBound) }
    return value
  }

  /// The value as an array of limited size, checked before its elements are read.
  @inlinable
  public func elements<Element: JSONReadable>(
    count: ClosedRange<Int>, of type: Element.Type = Element.self
  ) throws(JSONError) -> [Element] {
    let found = try array.count
    guard count.contains(found) else { throw wrongSize(count, "elements", found: found) }
    return try [Element](json: self)
  }
}
