public import JSON

extension Problem {
  /// The problem as it is sent: `application/problem+json` with the request's id, and the id again in `X-Request-Id`.
  ///
  /// - Parameters:
  ///   - requestID: what the request is called.
  ///   - instance: the path that was asked for, if it is known.
  /// - Returns: the response.
  public func response(requestID: RequestID, instance: String? = nil) -> Response {
    let id = requestID.description
    var all: HTTPFields = ["Content-Type": "application/problem+json", "X-Request-Id": id]
    all.append(contentsOf: fields)
    return Response(status: status, fields: all, body: .bytes(jsonBytes(requestID: id, instance: instance)))
  }

  /// The JSON object alone.
  func jsonBytes(requestID: String, instance: String?) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { object in
      object.field("type", type)
      object.field("title", title)
      object.field("status", status.code)
      object.field("detail", ifPresent: detail)
      object.field("instance", ifPresent: instance)
      object.field("requestId", requestID)
      if !errors.isEmpty { object.field("errors", errors) }
    }
    return writer.finish()
  }
}

extension FieldProblem: JSONWritable {
  /// Writes `{"pointer": …, "detail": …}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("pointer", pointer)
      object.field("detail", detail)
    }
  }
}

extension JSONError: ProblemConvertible {
  /// 400 if the bytes are no JSON, 422 if they are but not what was asked for; every fault with its place.
  public var problem: Problem {
    let isReadable = errors.allSatisfy(\.isAboutContent)
    return Problem(
      isReadable ? .unprocessableContent : .badRequest,
      detail: errors.count == 1 ? detail : "The body has \(errors.count) faults; each is listed with its place.",
      errors: errors.map { FieldProblem(pointer: $0.pointer, detail: $0.detail) })
  }
}

extension JSONFieldError {
  /// Whether the document could be read, and what it says is the trouble.
  fileprivate var isAboutContent: Bool {
    switch kind {
    case .syntax, .invalidUTF8, .duplicateKey, .tooDeep, .tooLarge: false
    case .wrongType, .missing, .unknownField, .outOfRange, .invalid: true
    }
  }
}

/// The beginning of a text from outside, for a message.
func shortened(_ text: String, to lengthMax: Int) -> String {
  text.unicodeScalars.count <= lengthMax ? text : String(text.unicodeScalars.prefix(lengthMax)) + "…"
}
