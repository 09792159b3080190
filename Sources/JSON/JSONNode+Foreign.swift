/// Documents of others, which may say more than is read.
extension JSONNode {
  /// The object here, whatever other names it has.
  package var foreignObject: JSONObject {
    get throws(JSONError) { try uncheckedObject() }
  }

  /// The value under a name; nil where this is no object, has no such name, or has `null` there.
  package func member(_ name: StaticString) -> JSONNode? {
    guard let node = try? uncheckedObject().find(name), !node.isNull else { return nil }
    return node
  }

  /// The text under a name; nil where there is none.
  package func text(_ name: StaticString) -> String? {
    member(name).flatMap { try? $0.string }
  }

  /// The whole number under a name; nil where there is none.
  package func count(_ name: StaticString) -> Int? { member(name).flatMap { try? $0.int } }

  /// Whether there is `true` under a name.
  package func isTrue(_ name: StaticString) -> Bool { member(name).flatMap { try? $0.bool } ?? false }

  /// The elements under a name; none where there is no array.
  package func list(_ name: StaticString) -> [JSONNode] {
    guard let node = member(name), let array = try? node.array else { return [] }
    return Array(array)
  }
}
