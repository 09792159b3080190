/// Why a field is no structured field of the kind that is wanted.
public struct StructuredFieldError: Error, Hashable, Sendable {
  /// At which byte of the field's lines, joined by a comma and a space.
  public let offset: Int
  /// What should be there.
  public let expectation: String
}

/// Reads structured fields (RFC 9651) as strictly as it says: what is wrong anywhere makes all of the field wrong.
///
/// - Complexity: O(bytes), and O(n²) in the number of different keys, which a request's limits bound.
public enum StructuredField {
  /// Reads a field that is one item.
  ///
  /// - Throws: where it stops being one.
  public static func item(_ lines: [String]) throws(StructuredFieldError) -> StructuredItem {
    var parser = StructuredParser(lines)
    return try parser.whole { parser throws(StructuredFieldError) in try parser.item() }
  }

  /// Reads a field that is a list; no lines are an empty one.
  ///
  /// - Throws: where it stops being one.
  public static func list(_ lines: [String]) throws(StructuredFieldError) -> [StructuredMember] {
    var parser = StructuredParser(lines)
    return try parser.whole { parser throws(StructuredFieldError) in
      var members: [StructuredMember] = []
      try parser.separated { parser throws(StructuredFieldError) in members.append(try parser.member()) }
      return members
    }
  }

  /// Reads a field that is a dictionary; no lines are an empty one.
  ///
  /// - Throws: where it stops being one.
  public static func dictionary(_ lines: [String]) throws(StructuredFieldError) -> StructuredMap<StructuredMember> {
    var parser = StructuredParser(lines)
    return try parser.whole { parser throws(StructuredFieldError) in
      var map = StructuredMap<StructuredMember>()
      try parser.separated { parser throws(StructuredFieldError) in
        let key = try parser.key()
        if parser.skip("=") {
          map.set(key, try parser.member())
        } else {
          map.set(key, .item(StructuredItem(.boolean(true), try parser.parameters())))
        }
      }
      return map
    }
  }
}
