/// What the parameters of the route's pattern took from the path; decoded when asked for.
public struct PathParameters: Sendable {
  private let context: RequestContext

  init(_ context: RequestContext) {
    self.context = context
  }

  /// The value of a parameter of the route.
  ///
  /// Encoded slashes stay within a segment: `a%2Fb` is the value `a/b`.
  ///
  /// - Throws: a `Problem` with status 400 if the text is no such value, or if the parameter takes several segments
  ///   and one of them has an encoded slash, which could not be told from a real one.
  /// - Precondition: the route's pattern has a parameter of that name.
  @inlinable
  public func require<Value: PathParameter>(_ name: String, as type: Value.Type = String.self) throws(Problem) -> Value
  {
    guard let text = text(name), let value = Value(parameter: text) else {
      throw .parameter(name, "The '\(name)' in the path must be \(Value.parameterExpectation).")
    }
    return value
  }

  /// What a parameter took, decoded; nil where it cannot be.
  @usableFromInline
  func text(_ name: String) -> String? {
    guard let names = context.endpoint?.parameterNames, let index = names.all.firstIndex(of: name) else {
      preconditionFailure("the route's pattern has no parameter '\(name)'")
    }
    let takesRest = names.lastTakesRest && index == names.all.count - 1
    let head = context.head
    let pathStart = head.facts.path.start
    let capture = context.capture(index)
    let range = ByteRange(start: capture.start + pathStart, end: capture.end + pathStart)
    return head.storage.withBytes(range) { takesRest ? Self.decodedRest($0) : Self.decodedSegment($0) }
  }

  private static func decodedSegment(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    PercentCoding.decodedText(bytes, plusIsSpace: false)
  }

  private static func decodedRest(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var pieces: [String] = []
    for segment in bytes.split(separator: Byte.slash, omittingEmptySubsequences: false) {
      guard let text = decodedSegment(UnsafeBufferPointer(rebasing: segment)), !text.utf8.contains(Byte.slash) else {
        return nil
      }
      pieces.append(text)
    }
    return pieces.joined(separator: "/")
  }
}

/// The names of a route's parameters.
struct ParameterNames: Sendable {
  let all: [String]
  let lastTakesRest: Bool

  init(_ pattern: RoutePattern) {
    all = pattern.segments.compactMap(\.parameterName)
    lastTakesRest = if case .rest = pattern.segments.last { true } else { false }
  }
}
