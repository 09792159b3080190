import HTTP

/// Sessions of web pages: tokens in cookies that no script reads and no other host sets.
enum SessionCookies {
  static let access = "__Host-wayfare-access"
  static let refresh = "__Host-wayfare-refresh"

  /// The fields that set both.
  static func fields(access token: String, accessSeconds: Int64, refresh: String, refreshSeconds: Int64) -> HTTPFields {
    var fields = HTTPFields()
    fields.append("Set-Cookie", cookie(Self.access, token, accessSeconds))
    fields.append("Set-Cookie", cookie(Self.refresh, refresh, refreshSeconds))
    return fields
  }

  /// The fields that take both away.
  static var clearing: HTTPFields {
    var fields: HTTPFields = ["Cache-Control": "no-store"]
    fields.append("Set-Cookie", cookie(access, "", 0))
    fields.append("Set-Cookie", cookie(refresh, "", 0))
    return fields
  }

  private static func cookie(_ name: String, _ value: String, _ seconds: Int64) -> String {
    "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; Secure; SameSite=Lax"
  }

  /// A cookie that a request has once; a name that comes twice is worth nothing.
  static func find(_ name: String, in request: Request) -> String? {
    var found: String?
    for header in request.headers where header.name.lowercased() == "cookie" {
      for pair in header.value.split(separator: ";") {
        let trimmed = pair.drop { $0 == " " }
        guard trimmed.hasPrefix(name + "=") else { continue }
        if found != nil { return nil }
        found = String(trimmed.dropFirst(name.utf8.count + 1))
      }
    }
    return found
  }

  /// Refuses what another site's page has a browser send.
  ///
  /// A cookie comes along whoever asks, so that what changes something must show that a page of ours asked: by
  /// `Sec-Fetch-Site`, which browsers alone write, or by `Origin`. Who shows neither sends a token instead of a cookie.
  static func requireOwnPage(_ request: Request) throws(Problem) {
    if [.get, .head, .options].contains(request.method) { return }
    if let site = request.header("Sec-Fetch-Site") {
      if site == "same-origin" { return }
    } else if let origin = request.header("Origin"), let host = request.header("Host") {
      if origin == "https://\(host)" || origin == "http://\(host)" { return }
    }
    throw Problem(
      .forbidden, name: "cross-site", title: "Not from a page of this site",
      detail: "With a cookie, changes are taken from pages of this site only; send \"Authorization: Bearer TOKEN\".")
  }
}
