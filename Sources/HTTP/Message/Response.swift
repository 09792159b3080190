/// An answer.
public struct Response: Sendable {
  /// The status.
  public var status: HTTPStatus
  /// The header fields, without those that the server writes itself.
  public var fields: HTTPFields
  /// The body.
  public var body: ResponseBody

  /// An answer from its parts.
  public init(status: HTTPStatus, fields: HTTPFields = HTTPFields(), body: ResponseBody = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// An answer in plain text.
  public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
    Response(status: status, fields: plainTextFields, body: .bytes(Array(text.utf8)))
  }

  private static let plainTextFields: HTTPFields = ["Content-Type": "text/plain; charset=utf-8"]
}

/// The bytes of a response after its head.
public enum ResponseBody: Sendable {
  /// None.
  case empty
  /// These.
  case bytes([UInt8])
  /// What the closure writes, until it returns; chunked if the length is nil.
  ///
  /// If it throws, the connection is cut, because the status is long gone.
  case stream(length: Int?, @Sendable (ResponseWriter) async throws -> Void)

  /// The length, if it is known before the body is written.
  public var length: Int? {
    switch self {
    case .empty: 0
    case .bytes(let bytes): bytes.count
    case .stream(let length, _): length
    }
  }
}

/// Where a streaming body goes.
public struct ResponseWriter: Sendable {
  /// Hands over bytes, and returns when there is room for more; throws when the peer is gone or too slow.
  public let write: @Sendable ([UInt8]) async throws -> Void

  /// A writer that hands over bytes by `write`.
  public init(write: @escaping @Sendable ([UInt8]) async throws -> Void) {
    self.write = write
  }
}
