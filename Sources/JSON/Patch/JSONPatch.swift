/// Why a patch cannot be applied.
package struct JSONPatchError: Error, Hashable, Sendable {
  /// The operation, counted from 0.
  package let index: Int
  /// Whether a `test` found something else.
  package let isFailedTest: Bool
  /// One sentence.
  package let detail: String
}

/// A JSON Patch (RFC 6902): all of its operations are applied in order, or none.
package struct JSONPatch: Sendable {
  /// The most operations of a patch.
  package static let operationsMax = 1000
  /// The most values that its `copy` operations may make: a few of them doubling each other would fill any memory.
  package static let copiedMax = 100_000

  enum Operation: Sendable {
    case add(JSONPointer, JSONValue)
    case remove(JSONPointer)
    case replace(JSONPointer, JSONValue)
    case move(from: JSONPointer, to: JSONPointer)
    case copy(from: JSONPointer, to: JSONPointer)
    case test(JSONPointer, JSONValue)
  }

  let operations: [Operation]

  /// The value after all operations.
  ///
  /// - Throws: what stood in the way of the first that cannot be applied.
  package func applied(to value: JSONValue) throws(JSONPatchError) -> JSONValue {
    var value = value
    var copied = 0
    for (index, operation) in operations.enumerated() {
      do throws(Obstacle) {
        try apply(operation, to: &value, &copied)
      } catch {
        throw JSONPatchError(index: index, isFailedTest: error == .differs, detail: error.sentence(index))
      }
    }
    return value
  }

  private func apply(_ operation: Operation, to value: inout JSONValue, _ copied: inout Int) throws(Obstacle) {
    switch operation {
    case .add(let path, let new): try value.add(new, at: path.tokens[...])
    case .remove(let path): _ = try value.remove(at: path.tokens[...])
    case .replace(let path, let new): try value.replace(new, at: path.tokens[...])
    case .move(let from, let to):
      if from == to {
        _ = try value.get(from.tokens[...])
        return
      }
      if from.isAbove(to) { throw .intoItself }
      let moved = try value.remove(at: from.tokens[...])
      try value.add(moved, at: to.tokens[...])
    case .copy(let from, let to):
      let original = try value.get(from.tokens[...])
      copied += original.count
      guard copied <= JSONPatch.copiedMax else { throw .tooMuch }
      try value.add(original, at: to.tokens[...])
    case .test(let path, let wanted):
      guard try value.get(path.tokens[...]) == wanted else { throw .differs }
    }
  }
}

/// What can stand in the way of an operation.
enum Obstacle: Error, Hashable {
  case missing(String)
  case badIndex(String, count: Int)
  case noContainer(String)
  case differs, intoItself, tooMuch, wholeRemoved

  func sentence(_ index: Int) -> String {
    let what =
      switch self {
      case .missing(let name): "there is no \"\(printable(name, lengthMax: 60))\" at its place; read the document again"
      case .badIndex(let token, let count):
        "\"\(printable(token, lengthMax: 60))\" is no index of an array of \(count); read the document again"
      case .noContainer(let token):
        "\"\(printable(token, lengthMax: 60))\" would lie in a value that is neither an object nor an array"
      case .differs: "the value at its place is another than the tested one"
      case .intoItself: "a value cannot be moved into itself; copy it instead"
      case .tooMuch: "the patch copies more than \(JSONPatch.copiedMax) values; send what you want instead"
      case .wholeRemoved: "the whole document cannot be taken away"
      }
    return "Operation \(index) of the patch cannot be applied: \(what)."
  }
}

extension JSONValue {
  func get(_ path: ArraySlice<String>) throws(Obstacle) -> JSONValue {
    guard let token = path.first else { return self }
    switch self {
    case .object(let map):
      guard let value = map[token] else { throw .missing(token) }
      return try value.get(path.dropFirst())
    case .array(let elements):
      guard let index = arrayIndex(token), index < elements.count else { throw .badIndex(token, count: elements.count) }
      return try elements[index].get(path.dropFirst())
    default: throw .noContainer(token)
    }
  }

  mutating func add(_ value: JSONValue, at path: ArraySlice<String>) throws(Obstacle) {
    guard let token = path.first else {
      self = value
      return
    }
    guard path.count == 1 else {
      try descend(token) { child throws(Obstacle) in try child.add(value, at: path.dropFirst()) }
      return
    }
    switch self {
    case .object(var map):
      map[token] = value
      self = .object(map)
    case .array(var elements):
      let index = token == "-" ? elements.count : arrayIndex(token)
      guard let index, index <= elements.count else { throw .badIndex(token, count: elements.count) }
      elements.insert(value, at: index)
      self = .array(elements)
    default: throw .noContainer(token)
    }
  }

  mutating func remove(at path: ArraySlice<String>) throws(Obstacle) -> JSONValue {
    guard let token = path.first else { throw .wholeRemoved }
    let removed = try get(path)
    guard path.count == 1 else {
      try descend(token) { child throws(Obstacle) in _ = try child.remove(at: path.dropFirst()) }
      return removed
    }
    switch self {
    case .object(var map):
      map[token] = nil
      self = .object(map)
    case .array(var elements):
      if let index = arrayIndex(token) { elements.remove(at: index) }
      self = .array(elements)
    default: throw .noContainer(token)
    }
    return removed
  }

  mutating func replace(_ value: JSONValue, at path: ArraySlice<String>) throws(Obstacle) {
    _ = try get(path)
    guard let token = path.first else {
      self = value
      return
    }
    try descend(token) { child throws(Obstacle) in try child.replace(value, at: path.dropFirst()) }
  }

  /// Changes a child in place.
  private mutating func descend(
    _ token: String, _ body: (inout JSONValue) throws(Obstacle) -> Void
  ) throws(Obstacle) {
    switch self {
    case .object(var map):
      guard var child = map[token] else { throw .missing(token) }
      try body(&child)
      map[token] = child
      self = .object(map)
    case .array(var elements):
      guard let index = arrayIndex(token), index < elements.count else { throw .badIndex(token, count: elements.count) }
      try body(&elements[index])
      self = .array(elements)
    default: throw .noContainer(token)
    }
  }

  /// The value after a merge patch (RFC 7396): what it names is replaced, objects are merged, null takes away.
  package func merged(with patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var map = if case .object(let map) = self { map } else { JSONMap() }
    for change in changes.members {
      if case .null = change.value {
        map[change.name] = nil
      } else {
        map[change.name] = (map[change.name] ?? .null).merged(with: change.value)
      }
    }
    return .object(map)
  }
}
