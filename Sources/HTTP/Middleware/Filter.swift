/// A middleware that never waits: what it does before and after the handler is plain code.
///
/// Neighbouring filters run as one row, so that any number of them costs a request one asynchronous call.
public protocol Filter: Middleware {
  /// Looks at a request before its handler does: lets it pass (nil), answers in the handler's place, or refuses it by
  /// throwing. What it notes comes back in `leave`.
  func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response?

  /// Looks at the answer to a request that it let pass: exactly once for each, however the handler ended.
  func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response)
}

/// What a filter keeps of one request between `enter` and `leave`.
public struct FilterNotes: Sendable {
  /// A number of the filter's own.
  public var number: UInt64 = 0
  /// Anything that is more than a number.
  public var object: (any AnyObject & Sendable)?

  /// Nothing noted.
  public init() {}
}

/// A value as an object, for notes.
final class Noted<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

extension Filter {
  /// Passes the request, looks at the answer.
  public func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    try await FilterRow([self]).handle(request, context, next: next)
  }
}

/// Filters that stand next to each other, the first outermost.
struct FilterRow: Middleware {
  private let filters: [any Filter]

  init(_ filters: [any Filter]) { self.filters = filters }

  func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    var context = context
    var notes = [FilterNotes](repeating: FilterNotes(), count: filters.count)
    var entered = 0
    var response: Response
    if let early = enter(request, &context, &notes, &entered) {
      response = early
    } else {
      do {
        response = try await next(request, context)
      } catch {
        response = answer(to: error, request, context)
      }
    }
    while entered > 0 {
      entered -= 1
      filters[entered].leave(request, context, notes[entered], &response)
    }
    return response
  }

  /// Enters one after the other; the answer of one that does not let the request pass, its refusal included.
  private func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout [FilterNotes], _ entered: inout Int
  ) -> Response? {
    do {
      while entered < filters.count {
        if let early = try filters[entered].enter(request, &context, &notes[entered]) { return early }
        entered += 1
      }
      return nil
    } catch {
      return answer(to: error, request, context)
    }
  }
}
