/// An object whose names were checked against those that its reader knows.
///
/// ```swift
/// init(json: JSONNode) throws(JSONError) {
///   let object = try json.object(required: "name", optional: "nights", "party")
///   name = try object.required("name", length: 1...200)
///   nights = try object.optional("nights", in: 1...60) ?? 3
/// ```
public struct JSONObject: Sendable {
  @usableFromInline let node: JSONNode

  /// The value under a name, `null` included, or nil if the name is not there.
  ///
  /// - Complexity: O(names).
  public func find(_ name: StaticString) -> JSONNode? {
    let index = findIndex(name)
    return index < 0 ? nil : JSONNode(storage: node.storage, index: index)
  }

  /// The entry of the value under a name, or -1.
  @usableFromInline
  func findIndex(_ name: StaticString) -> Int {
    let tape = node.storage.tape
    let end = node.index &+ tape.entries[node.index].span
    let wanted = name.bytes
    var member = node.index &+ 1
    while member < end {
      let entry = tape.entries[member]
      // Mostly the length alone tells two names apart.
      if entry.payload == wanted.count || entry.kind == .escapedString, tape.entry(entry, spells: wanted) {
        return member &+ 1
      }
      member = member &+ 1 &+ tape.entries[member &+ 1].span
    }
    return -1
  }

  @inline(never)
  @usableFromInline
  func missing(_ name: StaticString, _ expectation: String) -> JSONFieldError {
    let pointer = "\(node.pointer)/\(escapedForPointer(name.description))"
    return JSONFieldError(pointer: pointer, kind: .missing, detail: "\(pointer) is missing: it must be \(expectation)")
  }
}

extension JSONNode {
  /// The object here, after refusing every name not in `fields` in one error.
  public func object(fields: StaticString...) throws(JSONError) -> JSONObject {
    let object = try uncheckedObject()
    if object.countKnown(fields, []) == nil { throw JSONError(object.unknownFields(fields)) }
    return object
  }

  /// The object here, after refusing in one error every unknown name and every required name that is not there.
  public func object(required: StaticString..., optional: StaticString...) throws(JSONError) -> JSONObject {
    let object = try uncheckedObject()
    // No name stands twice, so as many known ones as there are required ones are all of them.
    guard object.countKnown(required, optional) == required.count else {
      let missing = required.filter { object.findIndex($0) < 0 }.map { object.missing($0, "given") }
      throw JSONError(object.unknownFields(required + optional) + missing)
    }
    return object
  }

  func uncheckedObject() throws(JSONError) -> JSONObject {
    guard entry.kind == .object else { throw wrongType("an object") }
    return JSONObject(node: self)
  }
}

extension JSONObject {
  /// How many of the first names are there, or nil if any name is in neither list.
  ///
  /// A name is tried first where its predecessor's successor stands, as writers mostly keep an order.
  func countKnown(_ names: [StaticString], _ more: [StaticString]) -> Int? {
    var count = 0
    let tape = node.storage.tape
    let end = node.index &+ tape.entries[node.index].span
    var member = node.index &+ 1
    var guess = 0
    while member < end {
      let entry = tape.entries[member]
      if guess < names.count, tape.entry(entry, spells: names[guess].bytes) {
        guess &+= 1
        count &+= 1
      } else if let index = names.firstIndex(where: { tape.entry(entry, spells: $0.bytes) }) {
        guess = index &+ 1
        count &+= 1
      } else if !more.contains(where: { tape.entry(entry, spells: $0.bytes) }) {
        return nil
      }
      member = member &+ 1 &+ tape.entries[member &+ 1].span
    }
    return count
  }

  @inline(never)
  func unknownFields(_ names: [StaticString]) -> [JSONFieldError] {
    let known = names.map(\.description)
    let place = node.pointer
    var errors: [JSONFieldError] = []
    for (name, _) in JSONMembers(node: node) where errors.count < JSONError.errorsMax {
      // Byte for byte: two spellings of one character are two names.
      if known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { continue }
      let nearest = nearestName(to: name, among: known)
      let mend =
        nearest.map { "did you mean \"\($0)\"?" }
        ?? (known.isEmpty ? "the object has no fields" : "known are \(known.joined(separator: ", "))")
      let pointer = "\(place)/\(escapedForPointer(name))"
      let detail = "\(printable(pointer, lengthMax: 200)) is not a known field: \(mend)"
      errors.append(JSONFieldError(pointer: pointer, kind: .unknownField(nearest: nearest), detail: detail))
    }
    return errors
  }
}

extension StaticString {
  /// The literal's bytes.
  @inline(__always)
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
