package import EventLoop
import Itinerary
package import ItineraryWire
import JSON
import Kernel
package import Store
import Synchronization

extension JobHandler {
  /// Jobs of kind `itinerary.plan`: the payload is what `wayfare plan` reads, the result what it prints for machines, with
  /// the trip and the itinerary as which it is kept.
  ///
  /// What was planned, that it was, and the event that tells of it are stored together. Where a trip has ordered it, the
  /// first trip that is found can be seen before that.
  ///
  /// - Parameters:
  ///   - library: cities, timetables and prices.
  ///   - store: where itineraries are kept.
  ///   - pool: where it is planned.
  ///   - loop: where its progress is told.
  ///   - stageLimit: how long one stage may take; a plan that takes longer is given up, because the next try would too.
  /// - Returns: the handler.
  package static func itineraryPlan(
    _ library: TripLibrary, in store: ItineraryStore, on pool: WorkPool, _ loop: EventLoop,
    stageLimit: Duration = .seconds(120)
  ) -> JobHandler {
    var kind = JobKind.itineraryPlan(library)
    // A plan takes seconds: one thread stays free for what is over in a moment.
    kind.perWorkerMax = max(1, pool.threadCount - 1)
    return JobHandler(kind) { context in
      let watch = TripWatch(stageLimit: stageLimit)
      let payload = context.job.payload
      let teller = Task(executorPreference: loop) {
        while !Task.isCancelled {
          if let first = watch.first() { try await store.show(first, of: context.job) }
          if let progress = watch.news() { try await context.report(progress) }
          try await loop.sleep(for: .milliseconds(100))
        }
      }
      defer { teller.cancel() }
      let work = try await withTaskCancellationHandler {
        try await pool.run { () throws -> FinishedPlan in
          let question = try library.question(JSONDocument(text: payload).root)
          let planner = TripPlanner(try library.ground())
          do {
            let answer = try planner.plan(
              question.request,
              progress: { (stage, done, total) throws(TripError) in
                guard watch.tell(stage, done, total) else { throw .cancelled }
              }, first: { soon throws(TripError) in watch.tell(first: soon) })
            return try FinishedPlan(answer, request: payload)
          } catch TripError.cancelled {
            if let stage = watch.overdue {
              throw JobGivenUp(
                "its stage \(stage) took longer than \(stageLimit); ask for fewer places, nights or days to choose from"
              )
            }
            throw CancellationError()
          } catch let error as TripError {
            // The same request would fail the same way again.
            throw JobGivenUp("\(error)")
          }
        }
      } onCancel: {
        watch.stop()
      }
      teller.cancel()
      return try await context.complete { (transaction) async throws -> [UInt8]? in
        let (trip, itinerary) = try await store.keep(work.planned, of: context.job, in: transaction)
        return try work.result(trip, itinerary)
      }
    }
  }
}

/// A plan as it is kept and told.
private struct FinishedPlan: Sendable {
  /// Bytes of a result, at most.
  private static let bytesMax = 1 << 20

  let planned: PlannedItinerary
  private let answer: [UInt8]

  init(_ answer: TripAnswer, request: String) throws {
    let documents = try TripDocuments(answer)
    planned = PlannedItinerary(
      request: request, summary: documents.summary, travellers: documents.travellers,
      options: documents.options.enumerated().map { number, option in
        StoredOption(number: number + 1, document: option.document, activityCount: option.activityCount)
      })
    self.answer = TripAnswerJSON(answer).jsonBytes()
    guard self.answer.count <= Self.bytesMax else {
      throw JobGivenUp(
        "its answer has \(self.answer.count) bytes, and at most \(Self.bytesMax) are kept; ask for fewer options or nights"
      )
    }
  }

  /// The answer with where it is kept.
  func result(_ trip: TripID, _ itinerary: ItineraryID) throws(JSONError) -> [UInt8] {
    let members = try Array(JSONDocument(bytes: answer).root.members)
    var writer = JSONWriter()
    writer.object { object in
      object.field("trip", trip.description)
      object.field("itinerary", itinerary.description)
      for (name, value) in members { object.field(named: name, value) }
    }
    return writer.finish()
  }
}

extension JobKind {
  /// Plans whole trips.
  ///
  /// - Parameter library: what payloads are checked against.
  /// - Returns: the kind.
  package static func itineraryPlan(_ library: TripLibrary) -> JobKind {
    var kind = JobKind(
      "itinerary.plan", "plans whole trips: where on which days, by what, to see what, for how much",
      check: { node throws(JSONError) in
        do {
          _ = try library.question(node)
        } catch let error as JSONError {
          throw error
        } catch {
          // Why is for those who run it, not for whoever asks: it names files.
          throw node.fault(
            "cannot be checked, because this installation has no catalogue that can be read; wayfare plan says why")
        }
      })
    kind.prepare = { try library.needCatalogue() }
    kind.attemptsMax = 3
    kind.timeLimit = .seconds(300)
    return kind
  }
}

/// How far a plan is, between the thread that plans and the loop that tells.
private final class TripWatch: Sendable {
  private struct State {
    var progress: JobProgress?
    var first: String?
    var stage: TripStage?
    var stageStart = ContinuousClock.now
    var overdue: TripStage?
    var isStopped = false
  }

  private let state = Mutex(State())
  private let stageLimit: Duration

  init(stageLimit: Duration) { self.stageLimit = stageLimit }

  /// The stage that took too long, if one did.
  var overdue: String? { state.withLock { $0.overdue?.rawValue } }

  /// Takes note; false when nobody wants the plan any more.
  func tell(_ stage: TripStage, _ done: Int, _ total: Int) -> Bool {
    state.withLock { state in
      state.progress = JobProgress(stage: stage.rawValue, done: Int64(done), total: Int64(total))
      if state.stage != stage {
        (state.stage, state.stageStart) = (stage, .now)
      } else if ContinuousClock.now - state.stageStart > stageLimit {
        state.overdue = stage
      }
      return !state.isStopped && state.overdue == nil
    }
  }

  /// Takes the first trip, to be shown while better ones are looked for.
  func tell(first soon: TripAnswer) {
    // An answer that cannot be taken apart fails with the whole plan, where it is told.
    guard let document = try? TripDocuments(soon).options.first?.document else { return }
    state.withLock { $0.first = document }
  }

  /// The first trip, once.
  func first() -> String? { state.withLock { $0.first.take() } }

  /// What has not been told yet.
  func news() -> JobProgress? { state.withLock { $0.progress.take() } }

  func stop() { state.withLock { $0.isStopped = true } }
}
