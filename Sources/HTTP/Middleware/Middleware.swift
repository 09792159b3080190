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
///
/// An object, so that handing it on counts one reference rather than one for each of its parts.
public final class HandlerChain: Sendable {
  /// Those that enter first stand first.
  private let filters: [FilterSlot]
  /// The same without counting of references, which `filters` keep alive: each is called twice for every request.
  private let row: [Unmanaged<FilterSlot>]
  /// What stands within the filters.
  let inner: Handler

  private init(filters: [FilterSlot], inner: @escaping Handler) {
    self.filters = filters
    row = filters.map(Unmanaged.passUnretained)
    self.inner = inner
  }

  /// The answer; errors become answers between all layers.
  func callAsFunction(_ request: Request, _ context: consuming RequestContext) async -> Response {
    var passage = Passage()
    var response: Response
    if let early = enter(request, &context, &passage) {
      response = early
    } else {
      do { response = try await inner(request, context) } catch { response = answer(to: error, request, context) }
    }
    leave(request, context, &passage, &response)
    return response
  }

  /// How far a request has come among the filters, and what they noted.
  struct Passage {
    fileprivate var notes = FilterNotes.Row(repeating: FilterNotes())
    fileprivate var entered = 0
  }

  /// Enters one filter after the other; the answer of one that does not let the request pass, its refusal included.
  ///
  /// Never inlined, nor is `leave`: within an asynchronous function all that they work with would lie in its frame on
  /// the heap and be copied there and back.
  @inline(never)
  func enter(_ request: Request, _ context: inout RequestContext, _ passage: inout Passage) -> Response? {
    do {
      while passage.entered < row.count {
        let entered = passage.entered
        let early = try row[entered]._withUnsafeGuaranteedRef { filter throws in
          try filter.enter(request, &context, &passage.notes[entered])
        }
        if let early { return early }
        passage.entered += 1
      }
      return nil
    } catch {
      return answer(to: error, request, context)
    }
  }

  /// Leaves those that were entered, the innermost first.
  @inline(never)
  func leave(_ request: Request, _ context: RequestContext, _ passage: inout Passage, _ response: inout Response) {
    while passage.entered > 0 {
      passage.entered -= 1
      let notes = passage.notes[passage.entered]
      row[passage.entered]._withUnsafeGuaranteedRef { $0.leave(request, context, notes, &response) }
    }
  }
}

extension HandlerChain {
  /// A handler with nothing around it.
  public convenience init(_ handler: @escaping Handler) {
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
