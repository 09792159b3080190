import EventLoop
import HTTP
import Telemetry
import Transport

/// Where requests have journeys looked for: on the work pool, on the timetables in force.
struct TransportDesk: Sendable {
  private let library: RouterLibrary?
  private let desk: WorkDesk
  private let logger: Logger

  init(_ library: RouterLibrary?, on pool: WorkPool, logger: Logger) {
    self.library = library
    self.logger = logger
    desk = WorkDesk(pool, busy: "Too many journeys are being looked for")
  }

  /// Runs what asks the router.
  ///
  /// - Throws: what `body` throws; a `Problem` with status 503 while there are no timetables or too much to do.
  func ask<Value: Sendable>(_ body: @escaping @Sendable (Transport.Router) throws -> Value) async throws -> Value {
    guard let library else { throw Self.hasNone }
    do {
      return try await desk.work { try body(try library.router()) }
    } catch let error as FeedError {
      throw unready(error)
    } catch let error as RouteError {
      if case .data(let fault) = error { throw unready(fault) }
      throw Problem(.unprocessableContent, detail: Self.sentence(error.description))
    } catch let error where !(error is any ProblemConvertible) && !(error is CancellationError) {
      throw unready(error)
    }
  }

  private func unready(_ error: any Error) -> Problem {
    // The text names files of the server.
    logger.error("journeys cannot be looked for", ["error": .string("\(error)")])
    return Self.hasNone
  }

  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  private static let hasNone = Problem(
    .serviceUnavailable, name: "no-timetables", title: "No timetables",
    detail:
      "This server has no timetables that it can read; whoever runs it adds a feed with wayfare feed add NAME ZIP.")
}

/// What the fields of a question are called by whoever asks it.
struct JourneyFields {
  var from = "from"
  var to = "to"
  var via = "via"
  var time = "at"
  var walk = "max_walk"
}

extension RouteError {
  /// What the caller is told about journeys between two places, with the field at fault.
  ///
  /// - Parameters:
  ///   - fields: what the caller calls them.
  ///   - from: what was sent as from.
  ///   - to: what was sent as to.
  ///   - status: of what was sent.
  /// - Returns: the problem; nil where the data is at fault.
  func problem(_ fields: JourneyFields, from: String, to: String, status: HTTPStatus) -> Problem? {
    var text = description
    let field: String
    switch self {
    case .data: return nil
    case .outsideDays: field = fields.time
    case .unknownLine: field = fields.via
    case .badPlace(let place), .nothingNear(let place, _), .unknownName(let place, _), .ambiguousName(let place, _, _),
      .unknownFeed(let place, _), .unknownStop(let place, _, _):
      field = from.contains(place) ? fields.from : to.contains(place) ? fields.to : fields.via
      if case .nothingNear(_, let metres) = self {
        text = "no stop lies within \(metres) m of \(place): allow more with \(fields.walk)"
      }
    }
    let detail = TransportDesk.sentence(text)
    return Problem(status, detail: detail, errors: [FieldProblem(pointer: field, detail: detail)])
  }
}
