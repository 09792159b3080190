/// What is done around a handler.
///
/// A middleware either answers itself or passes on to `next` and may change what comes back.
public protocol Middleware: Sendable {
  /// Answers, usually by way of `next`.
  func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response
}

/// A handler with all that is around it; has an answer to everything.
///
/// Done once, when routes are frozen. Outermost stands a row of filters, which is plain code; only what is within it
/// may wait. Every asynchronous call between the server and the handler costs a request a frame and a look at the
/// executor, so that a route behind nothing but filters has a single one: the handler's own.
struct HandlerChain: Sendable {
  /// Those that enter first stand first.
  private let filters: [FilterSlot]
  /// The same without counting of references, which `filters` keep alive: each is called twice for every request.
  private let row: [Unmanaged<FilterSlot>]
  private let inner: Handler

  private init(filters: [FilterSlot], inner: @escaping Handler) {
    self.filters = filters
    row = filters.map(Unmanaged.passUnretained)
    self.inner = inner
  }

  /// The answer; errors become answers between all layers.
  @inline(__always)
  func callAsFunction(_ request: Request, _ context: consuming RequestContext) async -> Response {
    var notes = FilterNotes.Row()
    var entered = 0
    var response: Response
    let early = enter(request, &context, &notes, &entered)
    // From here on nobody changes it, so that it need not be copied for each who looks at it.
    let context = consume context
    if let early {
      response = early
    } else {
      do {
        response = try await inner(request, context)
      } catch {
        response = answer(to: error, request, context)
      }
    }
    leave(request, context, notes, entered, &response)
    return response
  }

  /// Enters one filter after the other; the answer of one that does not let the request pass, its refusal included.
  private func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes.Row, _ entered: inout Int
  ) -> Response? {
    do {
      while entered < row.count {
        let early = try row[entered]._withUnsafeGuaranteedRef { filter throws in
          try filter.enter(request, &context, &notes[entered])
        }
        if let early { return early }
        entered += 1
      }
      return nil
    } catch {
      return answer(to: error, request, context)
    }
  }

  /// Leaves those that were entered, the innermost first.
  private func leave(
    _ request: Request, _ context: RequestContext, _ notes: FilterNotes.Row, _ entered: Int,
    _ response: inout Response
  ) {
    var entered = entered
    while entered > 0 {
      entered -= 1
      row[entered]._withUnsafeGuaranteedRef { $0.leave(request, context, notes[entered], &response) }
    }
  }
}

extension HandlerChain {
  /// A handler with nothing around it.
  init(_ handler: @escaping Handler) {
    self.init(filters: [], inner: handler)
  }

  /// The same with a middleware around it.
  func within(_ middleware: any Middleware) -> HandlerChain {
    if let filter = middleware as? any Filter, filters.count < FilterNotes.rowMax {
      return HandlerChain(filters: [slot(for: filter)] + filters, inner: inner)
    }
    let next: Handler = { [self] request, context in await self(request, context) }
    if let filter = middleware as? any Filter { return HandlerChain(filters: [slot(for: filter)], inner: next) }
    return HandlerChain { request, context in try await middleware.handle(request, context, next: next) }
  }
}

/// One handler from middlewares and what they are around; the first is the outermost.
func composed(_ middlewares: [any Middleware], around handler: @escaping Handler) -> HandlerChain {
  middlewares.reversed().reduce(HandlerChain(handler)) { $0.within($1) }
}

/// A filter as an object: calling one out of an array of existentials would copy the filter each time.
///
/// `@unchecked Sendable` because only a class without subclasses may be checked; there is one, and it is immutable.
private class FilterSlot: @unchecked Sendable {
  func enter(_ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes) throws -> Response? {
    preconditionFailure("a slot without a filter")
  }

  func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    preconditionFailure("a slot without a filter")
  }
}

private final class FilledSlot<Content: Filter>: FilterSlot, @unchecked Sendable {
  private let filter: Content

  init(_ filter: Content) { self.filter = filter }

  override func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    try filter.enter(request, &context, &notes)
  }

  override func leave(
    _ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response
  ) {
    filter.leave(request, context, notes, &response)
  }
}

private func slot(for filter: some Filter) -> FilterSlot { FilledSlot(filter) }
