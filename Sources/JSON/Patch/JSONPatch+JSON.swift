extension JSONPatch: JSONReadable {
  /// Reads a patch; members that an operation does not know are ignored, as RFC 6902 asks.
  package init(json: JSONNode) throws(JSONError) {
    let nodes = try json.array
    guard nodes.count <= JSONPatch.operationsMax else {
      throw json.invalid("must have \(JSONPatch.operationsMax) operations at most")
    }
    var operations: [Operation] = []
    for node in nodes { operations.append(try Operation(json: node)) }
    self.operations = operations
  }
}

extension JSONPatch.Operation {
  private enum Word: String, CaseIterable, JSONReadable {
    case add, remove, replace, move, copy, test
  }

  init(json: JSONNode) throws(JSONError) {
    var members: [String: JSONNode] = [:]
    for (name, node) in try json.members where ["op", "path", "from", "value"].contains(name) { members[name] = node }
    func pointer(_ name: String) throws(JSONError) -> JSONPointer {
      guard let node = members[name] else { throw json.fault("must have \"\(name)\"") }
      guard let pointer = JSONPointer(try node.string) else {
        throw node.invalid("must be a JSON Pointer, as in \"/days/0/title\"")
      }
      return pointer
    }
    func value() throws(JSONError) -> JSONValue {
      guard let node = members["value"] else { throw json.fault("must have \"value\"") }
      return try JSONValue(json: node)
    }
    guard let word = members["op"] else { throw json.fault("must have \"op\"") }
    let path = try pointer("path")
    switch try Word(json: word) {
    case .add: self = .add(path, try value())
    case .remove: self = .remove(path)
    case .replace: self = .replace(path, try value())
    case .move: self = .move(from: try pointer("from"), to: path)
    case .copy: self = .copy(from: try pointer("from"), to: path)
    case .test: self = .test(path, try value())
    }
  }
}
