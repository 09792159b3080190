/// One thing wrong with one part of a request.
public struct FieldProblem: Sendable, Hashable {
  /// Where: a JSON Pointer into the body (`/days/2/from`), or the name of a parameter.
  public let pointer: String
  /// What, in one sentence, with the mend.
  public let detail: String

  /// What is wrong, and where.
  public init(pointer: String, detail: String) {
    self.pointer = pointer
    self.detail = detail
  }
}

/// A problem in the sense of RFC 9457: thrown by handlers and middlewares, sent as `application/problem+json`.
///
/// Everything in it reaches the caller, so nothing internal belongs in it.
public struct Problem: Error, Sendable, Hashable {
  /// The status.
  public var status: HTTPStatus
  /// What kind of problem: `about:blank` if the status says it all, else `/problems/NAME`.
  public var type: String
  /// The kind in words; the same for every problem of the type.
  public var title: String
  /// What happened this time, in one sentence, with the mend.
  public var detail: String?
  /// The parts of the request at fault.
  public var errors: [FieldProblem]
  /// Fields for the response, such as `Retry-After`.
  public var fields: HTTPFields

  /// A problem of a kind of its own, documented at `/problems/NAME`, or of the kind that its status names.
  public init(
    _ status: HTTPStatus, name: String? = nil, title: String? = nil, detail: String? = nil,
    errors: [FieldProblem] = [], fields: HTTPFields = HTTPFields()
  ) {
    self.status = status
    self.type = name.map { "/problems/" + $0 } ?? "about:blank"
    self.title = title ?? (status.reason.isEmpty ? "Status \(status.code)" : status.reason)
    self.detail = detail
    self.errors = errors
    self.fields = fields
  }
}

/// An error that knows what to tell the caller.
///
/// Each module's errors are given this in one file.
public protocol ProblemConvertible: Error {
  /// What the caller is told.
  var problem: Problem { get }
}

extension Problem: ProblemConvertible {
  /// Itself.
  public var problem: Problem { self }
}

extension HTTPParseError: ProblemConvertible {
  /// The refusal as a problem.
  public var problem: Problem { Problem(status, detail: detail) }
}

extension Problem {
  /// 413, naming the limit.
  public static func contentTooLarge(limit: Int) -> Problem {
    Problem(.contentTooLarge, detail: "The body is longer than the \(limit) bytes that are accepted here; send less.")
  }

  /// 400 for one parameter of path or query.
  public static func parameter(_ name: String, _ detail: String) -> Problem {
    Problem(.badRequest, detail: detail, errors: [FieldProblem(pointer: name, detail: detail)])
  }
}
