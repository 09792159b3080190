/// Gathers the results of several flights; used on one loop only.
///
/// `@unchecked Sendable` because completions run on the connection's loop, one after the other.
final class FlightAnswers: @unchecked Sendable {
  private var gathered: [Result<Rows, any Error>?]
  private var missing: Int
  let all = Answer<[Result<Rows, any Error>]>()

  init(count: Int) {
    gathered = Array(repeating: nil, count: count)
    missing = count
  }

  func take(_ result: Result<[ResultHandle], any Error>, at index: Int) {
    gathered[index] = result.flatMap { handles in
      handles.last.map { .success(Rows($0)) } ?? .failure(PostgresError.noAnswer)
    }
    missing -= 1
    if missing == 0 { all.complete(.success(gathered.compactMap { $0 })) }
  }
}

extension PostgresError {
  static var noAnswer: PostgresError { .connectionLost(reason: "no answer came") }
}
