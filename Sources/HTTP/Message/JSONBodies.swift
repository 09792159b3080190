public import JSON

extension Request {
  /// The body, read as JSON.
  ///
  /// - Parameters:
  ///   - type: what to read.
  ///   - limit: the most bytes that are collected.
  /// - Returns: the value read.
  /// - Throws: a `Problem`: 415 if the body is said to be something else, 413 if it is too long; a `JSONError`, which
  ///   is told as 400 or 422, if it is not what is wanted.
  public func json<Value: JSONReadable>(
    as type: Value.Type = Value.self, limit: Int = HTTPLimits().bodyBytes
  ) async throws -> Value {
    try requireJSONContentType()
    return try Value(jsonBytes: try await body.collect(upTo: limit))
  }

  /// The body as a JSON document, for who reads it in a way that its type alone does not tell.
  ///
  /// - Parameter limit: the most bytes that are collected.
  /// - Returns: the document.
  /// - Throws: as `json(as:limit:)` does.
  public func jsonDocument(limit: Int = HTTPLimits().bodyBytes) async throws -> JSONDocument {
    try requireJSONContentType()
    return try JSONDocument(bytes: try await body.collect(upTo: limit))
  }

  /// The body as a document, or nil where there is no body, whatever it is said to be.
  ///
  /// - Throws: a problem when there is one that is too large or no JSON.
  public func optionalJSONDocument(limit: Int = HTTPLimits().bodyBytes) async throws -> JSONDocument? {
    let bytes = try await body.collect(upTo: limit)
    if bytes.isEmpty { return nil }
    try requireJSONContentType()
    return try JSONDocument(bytes: bytes)
  }

  private func requireJSONContentType() throws(Problem) {
    guard hasJSONContentType else {
      throw Problem(
        .unsupportedMediaType, detail: "The body must be JSON; send it with 'Content-Type: application/json'.",
        fields: ["Accept": "application/json"])
    }
  }

  /// Whether the body is said to be `application/json`; a parameter `charset=utf-8` is put up with.
  var hasJSONContentType: Bool {
    guard let range = head.firstValue("content-type") else { return false }
    return head.storage.withBytes(range) { value in
      let type = trimmed(UnsafeBufferPointer(rebasing: value.prefix { $0 != Byte.semicolon }))
      guard equalIgnoringCase(type, "application/json") else { return false }
      let rest = value.dropFirst(type.count).drop { $0 == Byte.semicolon || $0 == Byte.space || $0 == Byte.tab }
      let parameter = trimmed(UnsafeBufferPointer(rebasing: rest))
      return parameter.isEmpty || equalIgnoringCase(parameter, "charset=utf-8")
        || equalIgnoringCase(parameter, "charset=\"utf-8\"")
    }
  }
}

extension Response {
  /// An answer in JSON.
  public static func json(
    _ value: some JSONWritable, status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields()
  ) -> Response {
    var all = jsonFields
    all.append(contentsOf: fields)
    return Response(status: status, fields: all, body: .bytes(value.jsonBytes()))
  }

  private static let jsonFields: HTTPFields = ["Content-Type": "application/json"]
}
