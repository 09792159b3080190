import HTTP

/// What services answer, in a line for a log or an operator.
enum CourierWords {
  /// The status and what was said with it, of bounded length.
  static func reason(_ response: ClientResponse, _ said: String?) -> String {
    let printable = (said ?? "").unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined()
    return String("\(response.status) \(printable)".prefix(300))
  }

  /// The seconds that a service wants to be left alone for, within a day.
  static func retryAfter(_ response: ClientResponse) -> Int? {
    response.field("Retry-After").flatMap { Int($0) }.map { min(max($0, 1), 86_400) }
  }
}
