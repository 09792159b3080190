/// A value that can be changed: what JSON Patch and merge patch work on.
///
/// Numbers keep their spelling, and objects the order of their names; neither counts when values are compared.
package indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// As it was spelt.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONMap)

  /// How many values it is made of.
  var count: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.count }
    case .object(let map): map.members.reduce(1) { $0 + $1.value.count }
    default: 1
    }
  }
}

/// The names and values of an object, in the order in which they came.
package struct JSONMap: Sendable {
  package struct Member: Sendable {
    package let name: String
    package var value: JSONValue
  }

  package private(set) var members: [Member] = []

  package init() {}

  /// The value under a name; setting nil takes it away.
  package subscript(name: String) -> JSONValue? {
    get { index(of: name).map { members[$0].value } }
    set {
      switch (index(of: name), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// By bytes: names that Unicode holds for the same text are two names to JSON.
  private func index(of name: String) -> Int? { members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) } }
}

extension JSONValue: Equatable {
  package static func == (one: JSONValue, other: JSONValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): JSONNumber(one) == JSONNumber(other)
    case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)):
      one.members.count == other.members.count && one.members.allSatisfy { other[$0.name] == $0.value }
    default: false
    }
  }
}

/// What a number is, however it is spelt: 1, 1.0 and 10e-1 are one number.
private struct JSONNumber: Equatable {
  private var isNegative = false
  private var digits: [UInt8] = []
  /// The power of ten of the last digit.
  private var exponent = 0

  init(_ text: String) {
    var sawPoint = false
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest = rest.dropFirst()
    }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: ".") {
        sawPoint = true
      } else if byte | 0x20 == UInt8(ascii: "e") {
        // An exponent beyond all numbers is kept as far as it goes.
        let isDown = rest.first == UInt8(ascii: "-")
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let size = rest.reduce(0) { $0 < 1 << 40 ? $0 * 10 + Int($1) - 48 : $0 }
        exponent += isDown ? -size : size
        break
      } else {
        digits.append(byte)
        if sawPoint { exponent -= 1 }
      }
    }
    digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { (isNegative, exponent) = (false, 0) }
  }
}

extension JSONValue: JSONReadable, JSONWritable {
  /// Copies a value out of its document.
  package init(json: JSONNode) throws(JSONError) {
    switch json.kind {
    case .null: self = .null
    case .bool: self = .bool(try json.bool)
    case .number: self = .number(try json.decimalText)
    case .string: self = .string(try json.string)
    case .array: self = .array(try [JSONValue](json: json))
    case .object:
      var map = JSONMap()
      // The document has seen to it that no name stands twice.
      for (name, value) in try json.members { map.append(name, try JSONValue(json: value)) }
      self = .object(map)
    }
  }

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .number(let text): withBytes(of: text) { writer.spelt($0) }
    case .string(let text): writer.string(text)
    case .array(let elements): writer.array { array in for element in elements { array.element(element) } }
    case .object(let map):
      writer.object { object in for member in map.members { object.field(named: member.name, member.value) } }
    }
  }
}

extension JSONMap {
  fileprivate mutating func append(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }
}
