/// Complaints about a value. None of this runs for a document that is right.
extension JSONNode {
  /// The place of this value as RFC 6901 spells it.
  ///
  /// - Complexity: O(values before this one).
  public var pointer: String { storage.tape.pointer(to: index) }

  /// The line of the text on which this value begins, counted from 1.
  ///
  /// - Complexity: O(bytes before this value).
  package var line: Int {
    let text = UnsafeBufferPointer(start: storage.tape.bytes, count: min(entry.offset, storage.tape.byteCount))
    return text.reduce(into: 1) { line, byte in if byte == UInt8(ascii: "\n") { line += 1 } }
  }

  /// An error that a reader throws for a value it refuses: `throw json.invalid("must be after the first day")`.
  ///
  /// The complaint goes on where the place stops: "must …".
  public func invalid(_ complaint: String) -> JSONError {
    self.complaint(.invalid, "\(complaint), found \(found)")
  }

  /// An error here, or at a path from here, whose complaint itself names what was found, if that matters.
  package func fault(_ complaint: String, at path: String = "") -> JSONError {
    let place = pointer + path
    return JSONError(
      JSONFieldError(
        pointer: place, kind: .invalid, detail: "\(place.isEmpty ? "the document" : place) \(complaint)"))
  }

  /// An error for a value of the wrong type: `throw json.wrongType("a name or an object")`.
  @inline(never)
  public func wrongType(_ expectation: String) -> JSONError {
    complaint(.wrongType, "must be \(expectation), found \(found)")
  }

  @inline(never)
  @usableFromInline
  func outOfRange<Bound>(_ least: Bound, _ greatest: Bound) -> JSONError {
    complaint(.outOfRange, "must be between \(least) and \(greatest), found \(found)")
  }

  @inline(never)
  @usableFromInline
  func wrongSize(_ sizes: ClosedRange<Int>, _ unit: String, found count: Int) -> JSONError {
    let wanted = sizes.lowerBound == sizes.upperBound ? "exactly \(sizes.lowerBound)" : words(sizes)
    return complaint(.outOfRange, "must have \(wanted) \(unit), found \(count)")
  }

  @inline(never)
  @usableFromInline
  func unknownName(_ name: String, among names: [String], _ expectation: String) -> JSONError {
    let mend = nearestName(to: name, among: names).map { ": did you mean \"\($0)\"?" } ?? ""
    return complaint(.invalid, "must be \(expectation), found \(found)\(mend)")
  }

  private func words(_ sizes: ClosedRange<Int>) -> String {
    if sizes.upperBound == .max { return "at least \(sizes.lowerBound)" }
    return sizes.lowerBound == 0 ? "at most \(sizes.upperBound)" : "\(sizes.lowerBound) to \(sizes.upperBound)"
  }

  @inline(never)
  func complaint(_ kind: JSONFieldError.Kind, _ complaint: String) -> JSONError {
    JSONError(pointer, kind, complaint)
  }

  /// What stands here, for a message.
  var found: String {
    let tape = storage.tape
    switch entry.kind {
    case .null: return "null"
    case .yes: return "true"
    case .no: return "false"
    case .integer, .decimal:
      return "the number \(printable(String(decoding: tape.text(entry), as: UTF8.self), lengthMax: 40))"
    case .string, .wideString, .escapedString: return "the string \"\(printable(tape.string(entry), lengthMax: 40))\""
    case .array: return "an array"
    case .object: return "an object"
    }
  }
}

extension JSONNode {
  /// The value at an RFC 6901 pointer relative to this node, or nil if there is none.
  ///
  /// - Complexity: O(entries of the containers passed through).
  public func find(_ pointer: String) -> JSONNode? {
    if pointer.isEmpty { return self }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var node = self
    for token in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let child = node.child(escapedToken: String(Substring(token))) else { return nil }
      node = child
    }
    return node
  }

  private func child(escapedToken: String) -> JSONNode? {
    switch kind {
    case .object:
      return JSONMembers(node: self).first { Array(escapedForPointer($0.name).utf8) == Array(escapedToken.utf8) }?.value
    case .array:
      guard let position = Int(escapedToken), String(position) == escapedToken, position >= 0 else { return nil }
      return JSONArray(node: self).dropFirst(position).first { _ in true }
    default:
      return nil
    }
  }
}
