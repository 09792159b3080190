/// Why bytes are no HTTP/1.1 request.
///
/// After any of them the connection is closed, because what follows can no longer be told apart from the rest of a bad
/// request.
public enum HTTPParseError: Error, Hashable, Sendable {
  /// A CR that no LF follows.
  case bareCarriageReturn
  /// A LF that no CR precedes.
  case bareLineFeed
  /// The first byte cannot begin a method.
  case notARequest
  /// A byte of the method is not a token character.
  case methodNotAToken
  /// The method is longer than any that exists.
  case methodTooLong
  /// Two spaces after the method.
  case targetMissing
  /// The target holds `#` and what follows.
  case targetHasFragment
  /// The target holds a control character, a byte above 127, a quote, an angle bracket or a backslash.
  case targetCharacter
  /// The target has none of the four forms, or one that its method does not allow.
  case targetForm
  /// `CONNECT`.
  case connectUnsupported
  /// The request line does not end in `HTTP/1.1` or `HTTP/1.0`.
  case versionMalformed
  /// It ends in another version, among them HTTP/2 without TLS.
  case versionUnsupported
  /// The request line is longer than the limit.
  case requestLineTooLong(limit: Int)
  /// Request line and fields are longer than the limit.
  case headTooLarge(limit: Int)
  /// More fields than the limit.
  case tooManyFields(limit: Int)
  /// A field line that begins with a space or a tab.
  case foldedLine
  /// A field line that begins with its colon.
  case fieldNameEmpty
  /// A space or a tab between name and colon.
  case spaceBeforeColon
  /// A byte of a field name is not a token character, or the colon is missing.
  case fieldNameNotAToken
  /// A control character in a field value.
  case fieldValueControl
  /// No `Host` in HTTP/1.1.
  case hostMissing
  /// `Host` twice.
  case hostRepeated
  /// `Host` is not a name or address with an optional port.
  case hostMalformed
  /// The target names another host than `Host` does.
  case hostDisagrees
  /// `Content-Length` twice, be the numbers equal or not.
  case contentLengthRepeated
  /// `Content-Length` is not a row of digits.
  case contentLengthMalformed
  /// `Content-Length` is a number beyond all bounds.
  case contentLengthTooLarge
  /// `Content-Length` and `Transfer-Encoding` together.
  case lengthAndTransferEncoding
  /// `Transfer-Encoding` twice.
  case transferEncodingRepeated
  /// `Transfer-Encoding` is something else than `chunked`.
  case transferEncodingUnsupported
  /// `Transfer-Encoding` in HTTP/1.0.
  case transferEncodingInOldVersion
  /// `Expect` is something else than `100-continue`.
  case expectationUnsupported
  /// A chunk does not begin with hexadecimal digits.
  case chunkSizeMalformed
  /// A chunk size beyond all bounds.
  case chunkSizeTooLarge
  /// A control character in a chunk extension.
  case chunkExtensionCharacter
  /// A chunk-size line longer than the limit.
  case chunkLineTooLong(limit: Int)
  /// The data of a chunk is not followed by CRLF.
  case chunkEndMissing
  /// Trailer fields longer than the limit.
  case trailersTooLarge(limit: Int)
}

extension HTTPParseError {
  /// The status that the refusal is answered with.
  public var status: HTTPStatus {
    switch self {
    case .methodTooLong, .connectUnsupported, .transferEncodingUnsupported: .notImplemented
    case .versionUnsupported: .httpVersionNotSupported
    case .requestLineTooLong: .uriTooLong
    case .headTooLarge, .tooManyFields, .trailersTooLarge: .requestHeaderFieldsTooLarge
    case .contentLengthTooLarge, .chunkSizeTooLarge: .contentTooLarge
    case .expectationUnsupported: .expectationFailed
    default: .badRequest
    }
  }

  /// One sentence for the caller that names the place and the mend.
  public var detail: String {
    switch self {
    case .bareCarriageReturn: "A CR stands alone; end lines with CR LF."
    case .bareLineFeed: "A LF stands alone; end lines with CR LF."
    case .notARequest: "The connection does not begin with an HTTP request; TLS, if meant, ends at the gateway."
    case .methodNotAToken: "The method holds a character that no method has; write for example GET."
    case .methodTooLong: "The method is longer than \(HTTPMethod.nameLengthMax) characters, and none such is known."
    case .targetMissing: "The request line has no target; write one space, a path, one space after the method."
    case .targetHasFragment: "The target holds '#'; leave the fragment out or write %23."
    case .targetCharacter: "The target holds a character that must be percent-encoded."
    case .targetForm: "The target must begin with '/', or be an http URL; '*' is for OPTIONS alone."
    case .connectUnsupported: "CONNECT is not offered; this server is no proxy."
    case .versionMalformed: "The request line must end in HTTP/1.1 and nothing after it."
    case .versionUnsupported: "Only HTTP/1.1 and HTTP/1.0 are spoken on this port; HTTP/2 ends at the gateway."
    case .requestLineTooLong(let limit): "The request line is longer than \(limit) bytes; shorten the target."
    case .headTooLarge(let limit): "The request head is longer than \(limit) bytes; send fewer or shorter fields."
    case .tooManyFields(let limit): "There are more than \(limit) header fields; send fewer."
    default: fieldDetail
    }
  }

  private var fieldDetail: String {
    switch self {
    case .foldedLine: "A header line begins with a space; write each field on one line."
    case .fieldNameEmpty: "A header line has no name before its colon."
    case .spaceBeforeColon: "There is a space between a header name and its colon; remove it."
    case .fieldNameNotAToken: "A header name holds a character that no name has, or its colon is missing."
    case .fieldValueControl: "A header value holds a control character; remove it."
    case .hostMissing: "There is no Host field; HTTP/1.1 requires one."
    case .hostRepeated: "There are two Host fields; send one."
    case .hostMalformed: "The Host field is not a name or an address with an optional port."
    case .hostDisagrees: "The target and the Host field name different hosts; make them agree."
    case .contentLengthRepeated: "There are two Content-Length fields; send one."
    case .contentLengthMalformed: "Content-Length must be decimal digits and nothing else."
    case .contentLengthTooLarge: "Content-Length is larger than any body can be."
    case .lengthAndTransferEncoding: "Content-Length and Transfer-Encoding exclude each other; send one."
    case .transferEncodingRepeated: "There are two Transfer-Encoding fields; send one."
    case .transferEncodingUnsupported: "The only Transfer-Encoding understood is chunked, alone."
    case .transferEncodingInOldVersion: "HTTP/1.0 has no Transfer-Encoding; send Content-Length or HTTP/1.1."
    case .expectationUnsupported: "The only expectation understood is 100-continue."
    default: chunkDetail
    }
  }

  private var chunkDetail: String {
    switch self {
    case .chunkSizeMalformed: "A chunk must begin with its size in hexadecimal digits, then CR LF."
    case .chunkSizeTooLarge: "A chunk is larger than any body can be."
    case .chunkExtensionCharacter: "A chunk extension holds a control character; leave extensions out."
    case .chunkLineTooLong(let limit): "A chunk-size line is longer than \(limit) bytes; leave extensions out."
    case .chunkEndMissing: "The data of a chunk must be followed by CR LF; check its size."
    case .trailersTooLarge(let limit): "The trailer fields are longer than \(limit) bytes; send fewer."
    default: "The request is malformed."
    }
  }
}
