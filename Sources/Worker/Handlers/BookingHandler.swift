import Booking
import JSON
package import Kernel
package import Store

extension JobHandler {
  /// Jobs of kind `booking.run`: a booking goes on until nothing is due.
  ///
  /// What is about to be asked is committed before it is asked, and what came of it before anything else is. A worker that
  /// dies in between leaves calls of which nobody knows what became of them; whoever takes the job next asks for them.
  package static func bookingRun(_ desk: BookingDesk) -> JobHandler {
    JobHandler(.bookingRun) { context in
      let id = try BookingRequest(jsonBytes: Array(context.job.payload.utf8)).booking
      // Another run may be waiting for answers; of an earlier run of this job nobody is left.
      try await BookingRun(desk: desk, id: id, isAgain: context.job.run.number > 1).goOn()
      return try await context.complete { transaction in
        try await desk.store.rest(id, at: desk.now(), in: transaction)
      }
    }
  }
}

extension JobKind {
  /// Carries a booking out.
  static let bookingRun: JobKind = {
    var kind = JobKind(
      BookingStore.runJob.kind, "carries a booking out until nothing is due", payload: BookingRequest.self)
    kind.queue = BookingStore.runJob.queue
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
package struct BookingRun: Sendable {
  /// Where a run can end without having come to its end.
  package enum Step: Sendable, CaseIterable {
    /// It is committed that somebody is asked, and nobody has been yet.
    case asking
    /// Somebody has answered, and nothing of it is kept.
    case answered
    /// The answer is kept, and that somebody is asked next.
    case kept
  }

  /// Requests of one run, at most; what is left goes on in the next.
  private static let requestsMax = 200

  let desk: BookingDesk
  let id: BookingID
  /// Whether whoever ran it before is known to be gone.
  let isAgain: Bool
  /// Hears of each step; what it throws ends the run there, as if the process had ended.
  let reach: @Sendable (Step) async throws -> Void

  /// A run.
  package init(
    desk: BookingDesk, id: BookingID, isAgain: Bool = true,
    reach: @escaping @Sendable (Step) async throws -> Void = { try await Failpoint.reach($0.failpoint) }
  ) {
    self.desk = desk
    self.id = id
    self.isAgain = isAgain
    self.reach = reach
  }

  /// Goes on until nothing is due.
  ///
  /// What came of a request is kept together with the next request, which spares a commit for each.
  /// - Returns: when something is due again; nil where nothing is until somebody does something.
  @discardableResult
  package func goOn() async throws -> Instant? {
    let begun = desk.now()
    var stop = try await change(nil) { saga in
      let limit = isAgain ? nil : begun.adding(seconds: -saga.patience.answerSeconds)
      return saga.recover(at: begun, sentBefore: limit)
    }
    guard stop != nil else { throw JobGivenUp("there is no booking \(id)") }
    var made = 0
    while let here = stop, let request = here.request {
      try await reach(.asking)
      let answer = await desk.answer(request, here.booking)
      try await reach(.answered)
      made += 1
      let told = desk.now()
      let isAsked = if case .ask = request { true } else { false }
      stop = try await change(here.booking, isLast: made == BookingRun.requestsMax) { saga in
        try saga.handle(.answer(number: request.call.number, isAsked: isAsked, answer), at: told)
      }
      try await reach(.kept)
    }
    return stop?.booking.saga.wake
  }

  /// Where a run has come to: the booking, and the next request, committed as sent.
  private typealias Stop = (request: SagaRequest?, booking: StoredBooking)

  /// Takes something in and commits it, with the next request that is due unless none is to follow.
  private func change(
    _ known: StoredBooking?, isLast: Bool = false, _ body: (inout Saga) throws -> [SagaEffect]
  ) async throws -> Stop? {
    let now = desk.now()
    let changed = try await desk.store.change(
      id, isRun: true, knowing: known
    ) { (saga) throws -> (SagaRequest?, [SagaEffect]) in
      let effects = try body(&saga) + saga.handle(.tick, at: now)
      guard !isLast, let next = saga.take(at: now) else { return (nil, effects) }
      return (next.request, effects + next.effects)
    }
    return changed.map { ($0.value, $0.booking) }
  }
}

extension BookingRun.Step {
  fileprivate var failpoint: Failpoint {
    switch self {
    case .asking: .asking
    case .answered: .answered
    case .kept: .kept
    }
  }
}
