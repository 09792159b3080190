import EventLoop
import HTTP
import Itinerary
import ItineraryWire
import JSON
import Store
import Telemetry

/// Where requests have days changed: on the work pool, with what trips are planned with now.
struct EditingDesk: Sendable {
  private let library: TripLibrary?
  private let desk: WorkDesk
  private let logger: Logger

  init(_ library: TripLibrary?, on pool: WorkPool, logger: Logger) {
    self.library = library
    self.logger = logger
    desk = WorkDesk(pool, busy: "Too many trips are being changed")
  }

  /// Checks a request for a plan against the catalogue, which may have to be loaded.
  ///
  /// - Throws: `JSONError` for what is wrong with it, a `Problem` where there is no catalogue.
  func check(_ document: JSONDocument) async throws {
    guard let library else { throw Self.isUnready }
    try await heedingFaults { try await desk.work { _ = try library.question(document.root) } }
  }

  /// An option after a change.
  ///
  /// - Throws: `JSONError` or a `Problem` for what cannot be.
  func edit(
    _ option: StoredOption, of itinerary: StoredItinerary, _ question: OptionQuestion
  ) async throws -> OptionEdit {
    guard let library else { throw Self.isUnready }
    return try await heedingFaults {
      do {
        return try await desk.work {
          var editor = try OptionEditor(
            library, request: itinerary.request, option: option.document, activityCount: option.activityCount)
          return try editor.edit(question)
        }
      } catch let error as OptionEditError {
        throw error.problem(for: question)
      }
    }
  }

  /// Whatever keeps the catalogue or the timetables from being read is for the operator, who finds it in the log.
  private func heedingFaults<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error where !(error is any ProblemConvertible) && !(error is JSONError) && !(error is CancellationError)
    {
      logger.error("trips cannot be planned or changed here", ["error": .string("\(error)")])
      throw Self.isUnready
    }
  }

  private static let isUnready = Problem(
    .serviceUnavailable, name: "no-catalogue", title: "Catalogue or timetables missing",
    detail:
      "This server has no catalogue or timetables that it can read, so that nothing can be planned or changed; whoever runs it finds the reason in its log.",
    fields: ["Retry-After": "30"])
}

extension OptionEditError {
  /// What the caller is told.
  fileprivate func problem(for question: OptionQuestion) -> Problem {
    switch self {
    case .outdated(let reason):
      return Problem(
        .conflict, name: "itinerary-outdated", title: "Itinerary outdated",
        detail: "What is kept does not fit today's catalogue any more: \(reason). Have the trip planned again.")
    case .impossible(.noActivity(let number), _) where isRemoval(question):
      return Problem(.notFound, detail: "\(sentence(EditError.noActivity(number)))")
    case .impossible(let error, let pointer):
      let detail = sentence(error)
      return Problem(
        .unprocessableContent, name: "edit-impossible", title: "The day cannot be changed so", detail: detail,
        errors: [FieldProblem(pointer: pointer, detail: detail)])
    }
  }

  private func isRemoval(_ question: OptionQuestion) -> Bool {
    if case .remove = question { true } else { false }
  }

  private func sentence(_ error: EditError) -> String {
    let text = error.description
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
