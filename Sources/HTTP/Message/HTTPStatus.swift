/// A response status: a three-digit code and the phrase registered for it.
public struct HTTPStatus: Hashable, Sendable {
  private let number: UInt16

  /// The three digits.
  public var code: Int { Int(number) }

  /// A status by its code.
  ///
  /// - Precondition: `code` is between 100 and 599.
  public init(code: Int) {
    precondition((100...599).contains(code), "an HTTP status code lies between 100 and 599")
    number = UInt16(code)
  }

  private init(registered number: UInt16) {
    self.number = number
  }

  /// `2xx` is 2, and so on.
  public var classDigit: Int { Int(number / 100) }

  /// Whether a response with this status never has a body (1xx, 204, 304).
  public var forbidsBody: Bool { number < 200 || number == 204 || number == 304 }

  /// The status 100.
  public static let `continue` = HTTPStatus(registered: 100)
  /// The status 101.
  public static let switchingProtocols = HTTPStatus(registered: 101)
  /// The status 103.
  public static let earlyHints = HTTPStatus(registered: 103)
  /// The status 200.
  public static let ok = HTTPStatus(registered: 200)
  /// The status 201.
  public static let created = HTTPStatus(registered: 201)
  /// The status 202.
  public static let accepted = HTTPStatus(registered: 202)
  /// The status 203.
  public static let nonAuthoritativeInformation = HTTPStatus(registered: 203)
  /// The status 204.
  public static let noContent = HTTPStatus(registered: 204)
  /// The status 205.
  public static let resetContent = HTTPStatus(registered: 205)
  /// The status 206.
  public static let partialContent = HTTPStatus(registered: 206)
  /// The status 207.
  public static let multiStatus = HTTPStatus(registered: 207)
  /// The status 300.
  public static let multipleChoices = HTTPStatus(registered: 300)
  /// The status 301.
  public static let movedPermanently = HTTPStatus(registered: 301)
  /// The status 302.
  public static let found = HTTPStatus(registered: 302)
  /// The status 303.
  public static let seeOther = HTTPStatus(registered: 303)
  /// The status 304.
  public static let notModified = HTTPStatus(registered: 304)
  /// The status 307.
  public static let temporaryRedirect = HTTPStatus(registered: 307)
  /// The status 308.
  public static let permanentRedirect = HTTPStatus(registered: 308)
  /// The status 400.
  public static let badRequest = HTTPStatus(registered: 400)
  /// The status 401.
  public static let unauthorized = HTTPStatus(registered: 401)
  /// The status 402.
  public static let paymentRequired = HTTPStatus(registered: 402)
  /// The status 403.
  public static let forbidden = HTTPStatus(registered: 403)
  /// The status 404.
  public static let notFound = HTTPStatus(registered: 404)
  /// The status 405.
  public static let methodNotAllowed = HTTPStatus(registered: 405)
  /// The status 406.
  public static let notAcceptable = HTTPStatus(registered: 406)
  /// The status 408.
  public static let requestTimeout = HTTPStatus(registered: 408)
  /// The status 409.
  public static let conflict = HTTPStatus(registered: 409)
  /// The status 410.
  public static let gone = HTTPStatus(registered: 410)
  /// The status 411.
  public static let lengthRequired = HTTPStatus(registered: 411)
  /// The status 412.
  public static let preconditionFailed = HTTPStatus(registered: 412)
  /// The status 413.
  public static let contentTooLarge = HTTPStatus(registered: 413)
  /// The status 414.
  public static let uriTooLong = HTTPStatus(registered: 414)
  /// The status 415.
  public static let unsupportedMediaType = HTTPStatus(registered: 415)
  /// The status 416.
  public static let rangeNotSatisfiable = HTTPStatus(registered: 416)
  /// The status 417.
  public static let expectationFailed = HTTPStatus(registered: 417)
  /// The status 421.
  public static let misdirectedRequest = HTTPStatus(registered: 421)
  /// The status 422.
  public static let unprocessableContent = HTTPStatus(registered: 422)
  /// The status 423.
  public static let locked = HTTPStatus(registered: 423)
  /// The status 425.
  public static let tooEarly = HTTPStatus(registered: 425)
  /// The status 426.
  public static let upgradeRequired = HTTPStatus(registered: 426)
  /// The status 428.
  public static let preconditionRequired = HTTPStatus(registered: 428)
  /// The status 429.
  public static let tooManyRequests = HTTPStatus(registered: 429)
  /// The status 431.
  public static let requestHeaderFieldsTooLarge = HTTPStatus(registered: 431)
  /// The status 451.
  public static let unavailableForLegalReasons = HTTPStatus(registered: 451)
  /// The status 500.
  public static let internalServerError = HTTPStatus(registered: 500)
  /// The status 501.
  public static let notImplemented = HTTPStatus(registered: 501)
  /// The status 502.
  public static let badGateway = HTTPStatus(registered: 502)
  /// The status 503.
  public static let serviceUnavailable = HTTPStatus(registered: 503)
  /// The status 504.
  public static let gatewayTimeout = HTTPStatus(registered: 504)
  /// The status 505.
  public static let httpVersionNotSupported = HTTPStatus(registered: 505)
  /// The status 507.
  public static let insufficientStorage = HTTPStatus(registered: 507)
}

extension HTTPStatus: CustomStringConvertible {
  /// The code and its phrase.
  public var description: String { reason.isEmpty ? "\(code)" : "\(code) \(reason)" }

  /// The phrase registered for the code, or the empty string.
  public var reason: String { staticReason.description }

  var staticReason: StaticString {
    number < 400 ? reasonOfSuccess : number < 500 ? reasonOfRefusal : reasonOfFailure
  }

  private var reasonOfSuccess: StaticString {
    switch number {
    case 100: "Continue"
    case 101: "Switching Protocols"
    case 103: "Early Hints"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 203: "Non-Authoritative Information"
    case 204: "No Content"
    case 205: "Reset Content"
    case 206: "Partial Content"
    case 207: "Multi-Status"
    case 300: "Multiple Choices"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    default: ""
    }
  }

  private var reasonOfRefusal: StaticString {
    switch number {
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 417: "Expectation Failed"
    case 421: "Misdirected Request"
    case 422: "Unprocessable Content"
    case 423: "Locked"
    case 425: "Too Early"
    case 426: "Upgrade Required"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 451: "Unavailable For Legal Reasons"
    default: ""
    }
  }

  private var reasonOfFailure: StaticString {
    switch number {
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    default: ""
    }
  }
}
