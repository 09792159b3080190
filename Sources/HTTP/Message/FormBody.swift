extension Request {
  /// The fields of a form that a browser has sent; the last value of a name counts.
  ///
  /// - Parameter limit: the most bytes that are collected.
  /// - Returns: values by their names.
  /// - Throws: a `Problem`: 415 for a body that is no form, 413 for one that is too long, 400 for one that cannot be read.
  public func form(limit: Int) async throws -> [String: String] {
    let type = header("Content-Type")?.split(separator: ";").first?.lowercased()
    guard type == "application/x-www-form-urlencoded" else {
      throw Problem(
        .unsupportedMediaType, detail: "The body must be a form, as browsers send it.",
        fields: ["Accept": "application/x-www-form-urlencoded"])
    }
    var fields: [String: String] = [:]
    for pair in try await body.collect(upTo: limit).split(separator: UInt8(ascii: "&")) {
      let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let texts = halves.map { half in
        Array(half).withUnsafeBufferPointer { PercentCoding.decodedText($0, plusIsSpace: true) }
      }
      guard let name = texts[0], let value = texts.count > 1 ? texts[1] : "" else {
        throw Problem(.badRequest, detail: "The form cannot be read; send it as browsers do.")
      }
      fields[name] = value
    }
    return fields
  }
}
