import Booking
import JSON
import Kernel
import Store

extension JobHandler {
  /// Jobs of kind `booking.run`: a booking goes on until nothing is due.
  ///
  /// What is about to be asked is committed before it is asked, and what came of it before anything else is. A worker that
  /// dies in between leaves calls of which nobody knows what became of them; whoever takes the job next asks for them.
  package static func bookingRun(_ desk: BookingDesk) -> JobHandler {
    JobHandler(.bookingRun) { context in
      let id = try BookingRequest(jsonBytes: Array(context.job.payload.utf8)).booking
      guard let wake = try await BookingRun(desk: desk, id: id).goOn() else { return .done(nil) }
      let seconds = desk.now().seconds(until: wake)
      return .snooze(.seconds(min(max(seconds, 1), 3600)))
    }
  }
}

extension JobKind {
  /// Carries a booking out.
  static let bookingRun: JobKind = {
    var kind = JobKind("booking.run", "carries a booking out until nothing is due", payload: BookingRequest.self)
    kind.queue = ItineraryStore.bookingKind.queue
    kind.perWorkerMax = 16
    kind.timeLimit = .seconds(600)
    kind.retry = RetryDelay(first: .seconds(2), most: .seconds(600))
    return kind
  }()
}

private struct BookingRequest: JSONReadable {
  let booking: BookingID

  init(json: JSONNode) throws(JSONError) {
    let text = try json.object(required: "booking").required("booking", length: 36...36)
    guard let id = BookingID(text) else { throw json.fault("must be an id", at: "/booking") }
    booking = id
  }
}

/// One run of one booking.
struct BookingRun {
  /// Requests of one run, at most; what is left goes on in the next.
  private static let requestsMax = 200

  let desk: BookingDesk
  let id: BookingID

  /// Goes on until nothing is due.
  ///
  /// - Returns: when something is due again; nil where nothing is until somebody does something.
  func goOn() async throws -> Instant? {
    let now = desk.now()
    let begun = try await desk.store.change(id) { saga in ((), saga.recover(at: now)) }
    guard begun != nil else { throw JobGivenUp("there is no booking \(id)") }
    for _ in 0..<BookingRun.requestsMax {
      guard let (request, booking) = try await take() else { break }
      let answer = await desk.answer(request, booking)
      try await keep(answer, to: request)
    }
    return try await desk.store.find(id)?.saga.wake
  }

  /// The next request that is due, committed as sent.
  private func take() async throws -> (SagaRequest, StoredBooking)? {
    let now = desk.now()
    let taken = try await desk.store.change(id) { (saga) throws -> (SagaRequest?, [SagaEffect]) in
      let effects = try saga.handle(.tick, at: now)
      let next = saga.take(at: now)
      return (next?.request, effects + (next?.effects ?? []))
    }
    guard let taken, let request = taken.value else { return nil }
    return (request, taken.booking)
  }

  private func keep(_ answer: SagaAnswer, to request: SagaRequest) async throws {
    let now = desk.now()
    let isAsked = if case .ask = request { true } else { false }
    _ = try await desk.store.change(id) { (saga) throws -> (Void, [SagaEffect]) in
      ((), try saga.handle(.answer(number: request.call.number, isAsked: isAsked, answer), at: now))
    }
  }
}
