public import HTTP
public import Store

// What callers are told when the store fails: that it was not their fault, and when to try again; never a statement.
extension StoreError: ProblemConvertible {
  /// What the caller is told.
  public var problem: Problem {
    switch self {
    case .unavailable:
      busy("The database cannot be reached right now; nothing was changed. Try again in a moment.", retrySeconds: 2)
    case .overloaded:
      busy("The database is overloaded; nothing was changed. Try again in a moment.", retrySeconds: 5)
    case .outcomeUnknown:
      busy(
        "The connection to the database was lost while saving. Look whether the change is there before you repeat it.",
        retrySeconds: 2)
    case .rowMissing, .faulty: Problem(.internalServerError)
    }
  }

  private func busy(_ detail: String, retrySeconds: Int) -> Problem {
    Problem(
      .serviceUnavailable, name: "database", title: "Database unavailable", detail: detail,
      fields: ["Retry-After": "\(retrySeconds)"])
  }
}
