import HTTP

/// Stands before routes that answer everybody: whoever shows a key all the same must show a good one, for this route.
///
/// Routes that ask who it is anyway hear so from ``TokenCallerSource`` without it.
struct KeyGate: Middleware {
  let source: TokenCallerSource

  func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    if source.showsKey(request) { _ = try await source.claim(of: request, context) }
    return try await next(request, context)
  }
}
