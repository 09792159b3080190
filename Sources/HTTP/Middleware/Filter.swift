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
public struct FilterNotes: Sendable {
  /// A number of the filter's own.
  public var number: UInt64 = 0
  /// Another one.
  public var secondNumber: UInt64 = 0
  /// Anything that is more than a number.
  public var object: (any AnyObject & Sendable)?

  /// Nothing noted.
  public init() {}

  /// How many filters stand in one row at most; their notes are kept in place.
  static let rowMax = 8

  /// The notes of the filters of one row.
  ///
  /// Most filters note numbers or nothing. Numbers are plain data, kept in place; memory for objects is made with the
  /// first of them.
  struct Row: Sendable {
    private struct Numbers: BitwiseCopyable, Sendable {
      var first: UInt64 = 0
      var second: UInt64 = 0
    }

    private var numbers = InlineArray<8, Numbers>(repeating: Numbers())
    private var objects: [(any AnyObject & Sendable)?] = []

    subscript(index: Int) -> FilterNotes {
      get {
        var notes = FilterNotes()
        notes.number = numbers[index].first
        notes.secondNumber = numbers[index].second
        if !objects.isEmpty { notes.object = objects[index] }
        return notes
      }
      set {
        numbers[index] = Numbers(first: newValue.number, second: newValue.secondNumber)
        guard newValue.object != nil || !objects.isEmpty else { return }
        if objects.isEmpty { objects = Array(repeating: nil, count: FilterNotes.rowMax) }
        objects[index] = newValue.object
      }
    }
  }
}

/// A value as an object, for notes.
final class Noted<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
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
