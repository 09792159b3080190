internal import JSON

extension QueryParameters {
  /// The value of a parameter, or nil if it is not there.
  ///
  /// - Throws: a `Problem` with status 400 if it is there twice or is no such value.
  public func optional<Value: PathParameter>(
    _ name: String, as type: Value.Type = String.self
  ) throws(Problem) -> Value? {
    guard let text = try value(name) else { return nil }
    guard let value = Value(parameter: text) else {
      throw .parameter(name, "The query parameter '\(name)' must be \(Value.parameterExpectation).")
    }
    return value
  }

  /// The value of a parameter, or nil if it is not there; it must lie within the limits.
  ///
  /// - Throws: a `Problem` with status 400 if it is there twice, is no such value or lies beyond the limits.
  public func optional<Value: PathParameter & Comparable>(
    _ name: String, as type: Value.Type, in limits: ClosedRange<Value>
  ) throws(Problem) -> Value? {
    guard let value = try optional(name, as: type) else { return nil }
    guard limits.contains(value) else {
      throw .parameter(
        name, "The query parameter '\(name)' must lie between \(limits.lowerBound) and \(limits.upperBound).")
    }
    return value
  }

  /// The value of a parameter that must be there.
  ///
  /// - Throws: a `Problem` with status 400 if it is not there, or there twice, or is no such value.
  public func require<Value: PathParameter>(_ name: String, as type: Value.Type = String.self) throws(Problem) -> Value
  {
    guard let value = try optional(name, as: type) else {
      throw .parameter(name, "The query parameter '\(name)' is missing; it must be \(Value.parameterExpectation).")
    }
    return value
  }

  /// Refuses every parameter but these, so that a mistyped one is not silently without effect.
  ///
  /// - Throws: a `Problem` with status 400 that names the parameter and the one that was probably meant; or that a
  ///   name or value cannot be decoded.
  public func allow(_ names: String...) throws(Problem) { try allow(names) }

  /// The same of names in an array.
  func allow(_ names: [String]) throws(Problem) {
    for name in try self.names() {
      if names.contains(name) {
        _ = try values(name)
        continue
      }
      let shown = shortened(name, to: 64)
      throw .parameter(shown, "The query parameter '\(shown)' is unknown; \(Self.mend(for: name, known: names))")
    }
  }

  private static func mend(for name: String, known names: [String]) -> String {
    if let nearest = nearestName(to: name, among: names) { return "did you mean '\(nearest)'?" }
    if names.isEmpty { return "this address takes none." }
    return "this address takes \(names.map { "'\($0)'" }.joined(separator: ", "))."
  }
}
