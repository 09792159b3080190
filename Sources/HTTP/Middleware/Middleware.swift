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
  middlewares.reversed().reduce(answering(handler)) { next, middleware in
    answering { request, context in try await middleware.handle(request, context, next: next) }
  }
}
