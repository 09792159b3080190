/// A route's pattern: `/v1/trips/{id}/days`, or `/files/{path*}` for everything below.
struct RoutePattern: Sendable, Hashable {
  enum Segment: Sendable, Hashable {
    /// This text, compared with the decoded segment.
    case literal(String)
    /// One segment that is not empty.
    case parameter(String)
    /// All that remains, perhaps nothing; always last.
    case rest(String)
  }

  let text: String
  let segments: [Segment]
  /// Whether it is `/health`, below it, or `/metrics`.
  let isMonitoring: Bool

  /// More parameters than any route should have; lookups keep them in place.
  static let parameterCountMax = 8

  /// Reads a pattern.
  ///
  /// - Precondition: it begins with `/`, does not end in one, and its braces are in order: patterns are written by us.
  init(_ text: String) {
    precondition(text.hasPrefix("/"), "the route '\(text)' must begin with '/'")
    self.text = text
    isMonitoring = text == "/metrics" || text == "/health" || text.hasPrefix("/health/")
    guard text != "/" else {
      segments = []
      return
    }
    segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { piece in
      Self.segment(String(piece), of: text)
    }
    let names = segments.compactMap(\.parameterName)
    precondition(Set(names).count == names.count, "the route '\(text)' has a parameter twice")
    precondition(names.count <= Self.parameterCountMax, "the route '\(text)' has too many parameters")
    let restIndex = segments.firstIndex { if case .rest = $0 { true } else { false } }
    precondition(restIndex.map { $0 == segments.count - 1 } ?? true, "in '\(text)', '{…*}' must come last")
  }

  private static func segment(_ piece: String, of pattern: String) -> Segment {
    precondition(!piece.isEmpty, "the route '\(pattern)' has an empty segment or ends in '/'")
    guard piece.hasPrefix("{") else {
      precondition(!piece.contains { "{}*%".contains($0) }, "the route '\(pattern)' has a malformed segment '\(piece)'")
      precondition(piece != "." && piece != "..", "the route '\(pattern)' has a dot segment, which nothing matches")
      return .literal(piece)
    }
    precondition(piece.hasSuffix("}"), "in the route '\(pattern)', '\(piece)' lacks its closing brace")
    let name = piece.dropFirst().dropLast()
    let isRest = name.hasSuffix("*")
    let bareName = String(isRest ? name.dropLast() : name)
    precondition(
      !bareName.isEmpty && bareName.utf8.allSatisfy { ByteSet.token.contains($0) && $0 != Byte.asterisk },
      "in the route '\(pattern)', '\(piece)' is not '{name}' or '{name*}'")
    return isRest ? .rest(bareName) : .parameter(bareName)
  }
}

extension RoutePattern.Segment {
  var parameterName: String? {
    switch self {
    case .literal: nil
    case .parameter(let name), .rest(let name): name
    }
  }
}
