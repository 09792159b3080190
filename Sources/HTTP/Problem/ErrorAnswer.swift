internal import Telemetry

/// The answer to an error.
///
/// Only what is a `Problem`, or knows how to become one, is told to the caller; what is neither goes to the log.
func answer(to error: any Error, _ request: Request, _ context: RequestContext) -> Response {
  // What is our fault is told to nobody else, so that it must not get lost here.
  let isOurs = (error as? any ProblemConvertible)?.problem.status == .internalServerError
  if isOurs || !(error is any ProblemConvertible || error is CancellationError) {
    context.logger.error(
      "a handler failed", ["error": .string("\(error)"), "route": .string(context.route ?? "none")])
  }
  return problem(for: error).response(requestID: context.requestID, instance: request.head.path)
}

/// The problem that an error is told as: its own, or 500 without a word about the inside.
func problem(for error: any Error) -> Problem {
  if let error = error as? any ProblemConvertible { return error.problem }
  if error is CancellationError {
    return Problem(
      .serviceUnavailable, detail: "The request was given up because the server is stopping; send it again.")
  }
  return Problem(.internalServerError, detail: "Something failed on our side; tell us the requestId if it persists.")
}
