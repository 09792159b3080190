/// The parameters of a query, read in the form that HTML forms use (`+` is a space): decoded when asked for, and
/// strictly, so that a request that was garbled on its way is refused rather than half understood.
public struct QueryParameters: Sendable {
  let head: RequestHead

  /// The decoded value of a parameter, or nil if it is not there.
  ///
  /// - Throws: a `Problem` with status 400 if it is there twice or cannot be decoded.
  /// - Complexity: O(length of the query).
  public func value(_ name: String) throws(Problem) -> String? {
    let values = try values(name)
    if values.count > 1 {
      throw .parameter(name, "The parameter '\(name)' is given \(values.count) times; give it once.")
    }
    return values.first
  }

  /// The decoded values of a parameter that may be there several times, in order.
  ///
  /// - Throws: a `Problem` with status 400 if one cannot be decoded.
  public func values(_ name: String) throws(Problem) -> [String] {
    var result: [String] = []
    for pair in pairs where try decodedName(pair.name) == name {
      guard let value = decoded(pair.value) else { throw Self.undecodable(name) }
      result.append(value)
    }
    return result
  }

  /// The decoded names, in order, repeated if they are.
  ///
  /// - Throws: a `Problem` with status 400 if one cannot be decoded.
  public func names() throws(Problem) -> [String] {
    var result: [String] = []
    for pair in pairs { result.append(try decodedName(pair.name)) }
    return result
  }

  /// Whether there is no parameter at all.
  public var isEmpty: Bool { head.facts.query.isEmpty }

  /// Where names and values lie; empty pieces (`a=1&&b=2`) are passed over.
  private var pairs: [(name: ByteRange, value: ByteRange)] {
    let range = head.facts.query
    return head.storage.withBytes(range) { bytes in
      var result: [(name: ByteRange, value: ByteRange)] = []
      let origin = Int(range.start)
      for piece in bytes.split(separator: Byte.ampersand) {
        let equals = piece.firstIndex(of: Byte.equals)
        let name = ByteRange(origin + piece.startIndex, origin + (equals ?? piece.endIndex))
        let value = ByteRange(origin + (equals.map { $0 + 1 } ?? piece.endIndex), origin + piece.endIndex)
        result.append((name, value))
      }
      return result
    }
  }

  private func decodedName(_ range: ByteRange) throws(Problem) -> String {
    guard let name = decoded(range) else {
      throw Self.undecodable(head.text(range))
    }
    return name
  }

  private func decoded(_ range: ByteRange) -> String? {
    head.storage.withBytes(range) { PercentCoding.decodedText($0, plusIsSpace: true) }
  }

  private static func undecodable(_ name: String) -> Problem {
    .parameter(name, "The query parameter '\(name)' is not valid percent-encoded UTF-8; encode it again.")
  }
}
