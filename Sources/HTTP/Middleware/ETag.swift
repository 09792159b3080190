/// The name of one version of a resource, for conditional requests.
///
/// Comparing looks at the text alone, also where RFC 9110 asks for a strong comparison (`If-Match`): our tags name
/// versions of what is stored, not bytes, and the compression in front of the caller weakens every tag it touches.
/// Without this a caller who accepts gzip could never send back the tag it was given.
public struct ETag: Hashable, Sendable {
  /// The text between the quotes.
  public let text: String
  /// Whether it is written with `W/`.
  public let isWeak: Bool

  /// A tag.
  ///
  /// - Precondition: `text` has no quotes, spaces or control characters.
  public init(_ text: String, isWeak: Bool = false) {
    precondition(text.utf8.allSatisfy(Self.isTagByte), "an entity tag holds visible characters without quotes")
    self.text = text
    self.isWeak = isWeak
  }

  /// The tag of a row's version number.
  public init(version: some FixedWidthInteger) {
    self.init("v\(version)")
  }

  /// Whether both name the same version.
  public func matches(_ other: ETag) -> Bool { text == other.text }

  static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || (byte >= 0x23 && byte != Byte.delete) }
}

extension ETag: CustomStringConvertible {
  /// The tag as it is written: `"v17"` or `W/"v17"`.
  public var description: String { (isWeak ? "W/\"" : "\"") + text + "\"" }
}

/// What `If-Match` and `If-None-Match` say.
enum ETagCondition: Hashable, Sendable {
  /// `*`: any version, if there is one.
  case any
  /// One of these.
  case oneOf([ETag])

  /// Whether the condition holds for what is there now.
  func holds(for current: ETag?) -> Bool {
    guard let current else { return false }
    return switch self {
    case .any: true
    case .oneOf(let tags): tags.contains { $0.matches(current) }
    }
  }

  /// Reads the field; nil if it is malformed.
  init?(_ text: String) {
    var rest = Substring(text).utf8
    Self.skipSpaces(&rest)
    if rest.elementsEqual([Byte.asterisk]) {
      self = .any
      return
    }
    var tags: [ETag] = []
    while true {
      guard let tag = Self.tag(&rest) else { return nil }
      tags.append(tag)
      Self.skipSpaces(&rest)
      guard let separator = rest.popFirst() else { break }
      guard separator == Byte.comma else { return nil }
      Self.skipSpaces(&rest)
    }
    self = .oneOf(tags)
  }

  private static func tag(_ rest: inout Substring.UTF8View) -> ETag? {
    let isWeak = rest.starts(with: "W/".utf8)
    if isWeak { rest.removeFirst(2) }
    guard rest.popFirst() == 0x22 else { return nil }
    let text = rest.prefix(while: ETag.isTagByte)
    rest.removeFirst(text.count)
    guard rest.popFirst() == 0x22 else { return nil }
    return ETag(String(Substring(text)), isWeak: isWeak)
  }

  private static func skipSpaces(_ rest: inout Substring.UTF8View) {
    while rest.first == Byte.space || rest.first == Byte.tab { rest.removeFirst() }
  }
}

extension Request {
  /// Lets the request pass if it has no `If-Match`, or one that names the current version; nil means that there is
  /// nothing yet.
  ///
  /// - Throws: a `Problem` with status 412 if the version is another, 400 if the field is malformed.
  public func checkIfMatch(_ current: ETag?) throws(Problem) {
    guard let condition = try condition("If-Match") else { return }
    guard condition.holds(for: current) else { throw .versionChanged }
  }

  /// Lets the request pass only if its `If-Match` names the current version: for changes that must not be made blindly.
  ///
  /// - Throws: a `Problem` with status 428 if there is no `If-Match`, else as `checkIfMatch`.
  public func requireIfMatch(_ current: ETag?) throws(Problem) {
    guard head.hasHeader("if-match") else {
      throw Problem(
        .preconditionRequired,
        detail: "Say which version the change is for: send the ETag you were given in 'If-Match'.")
    }
    try checkIfMatch(current)
  }

  /// Whether the caller has the current version already, and `Response.notModified` is the answer.
  ///
  /// For requests that change something, `If-None-Match` is a condition instead: use `checkIfNoneMatch`.
  ///
  /// - Throws: a `Problem` with status 400 if the field is malformed.
  public func isNotModified(_ current: ETag) throws(Problem) -> Bool {
    guard method == .get || method == .head else { return false }
    return try condition("If-None-Match")?.holds(for: current) ?? false
  }

  /// Lets the request pass unless its `If-None-Match` names what is there: `If-None-Match: *` creates but never
  /// replaces.
  ///
  /// - Throws: a `Problem` with status 412 if it does, 400 if the field is malformed.
  public func checkIfNoneMatch(_ current: ETag?) throws(Problem) {
    guard let condition = try condition("If-None-Match") else { return }
    guard !condition.holds(for: current) else { throw .versionChanged }
  }

  private func condition(_ name: String) throws(Problem) -> ETagCondition? {
    guard let text = head.header(name) else { return nil }
    guard let condition = ETagCondition(text) else {
      throw Problem(.badRequest, detail: "'\(name)' must be '*' or entity tags in quotes, separated by commas.")
    }
    return condition
  }
}

extension Response {
  /// 304 for a version that the caller has.
  public static func notModified(_ tag: ETag) -> Response {
    Response(status: .notModified, fields: ["ETag": tag.description])
  }

  /// The same answer with its version.
  public func with(_ tag: ETag) -> Response {
    var response = self
    response.fields.set("ETag", tag.description)
    return response
  }
}

extension Problem {
  /// 412 for a change to a version that is no longer the current one.
  public static var versionChanged: Problem {
    Problem(
      .preconditionFailed, detail: "This is no longer the version you named; read it again and repeat the change.")
  }
}
