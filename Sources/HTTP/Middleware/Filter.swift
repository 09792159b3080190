/// A middleware that never waits: what it does before and after the handler is plain code.
///
/// Neighbouring filters run as one row, so that any number of them costs a request no asynchronous call.
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
public struct FilterNotes: Sendable, BitwiseCopyable {
  /// A number of the filter's own.
  public var number: UInt64 = 0
  /// Another one.
  public var secondNumber: UInt64 = 0

  /// Nothing noted.
  public init() {}

  /// How many filters stand in one row at most; their notes are kept in place.
  static let rowMax = 8

  /// The notes of the filters of one row.
  typealias Row = InlineArray<8, FilterNotes>
}

extension Filter {
  /// Passes the request, looks at the answer.
  public func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    var context = context
    var notes = FilterNotes()
    if let early = try enter(request, &context, &notes) { return early }
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = answer(to: error, request, context)
    }
    leave(request, context, notes, &response)
    return response
  }
}
