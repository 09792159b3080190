/// What is done around a handler.
///
/// A middleware either answers itself or passes on to `next` and may change what comes back.
public protocol Middleware: Sendable {
  /// Answers, usually by way of `next`.
  func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response
}

/// One handler from middlewares and what they are around; the first is the outermost.
///
/// Done once, when routes are frozen.
///
/// Errors become answers between all layers: `next` never throws.
func composed(_ middlewares: [any Middleware], around handler: @escaping Handler) -> Handler {
  // A plain loop: passed through a generic such as `reduce`, every closure would be wrapped in a thunk, which costs
  // each request one more asynchronous call per layer.
  var chain = answering(handler)
  for middleware in middlewares.reversed() { chain = around(chain, middleware) }
  return chain
}

private func around(_ next: @escaping Handler, _ middleware: any Middleware) -> Handler {
  { request, context in
    do {
      return try await middleware.handle(request, context, next: next)
    } catch {
      return answer(to: error, request, context)
    }
  }
}
