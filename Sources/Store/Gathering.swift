import Synchronization

/// Asks in company: questions that come while others are under way wait for them, and go out together in the next statement.
///
/// A statement costs this process and the server much the same whether it asks for one row or for sixty. Who comes while
/// little is under way asks alone and at once; the more there are, the more go together, and nobody waits longer than for
/// one statement that was under way and for their own.
///
/// The one who has waited longest asks for all, so that no task is needed for it. Who has waited for too long when a
/// statement ends is told so instead, as where the database is away and each statement waits for a connection until its
/// time is up. A task that is cancelled meanwhile is told with the rest.
final class Gathering<Question: Sendable, Answer: Sendable>: Sendable {
  private enum Turn: Sendable {
    /// To ask for oneself and for these.
    case asks([Waiting])
    case told(Result<Answer, any Error>)
  }

  private struct Waiting: Sendable {
    let question: Question
    let since: ContinuousClock.Instant
    let continuation: UnsafeContinuation<Turn, Never>
  }

  private struct State {
    var underWay = 0
    var waiting: [Waiting] = []
  }

  private let statementsMax: Int
  private let questionsMax: Int
  private let waitMax: Duration
  private let ask: @Sendable ([Question]) async throws -> [Answer]
  private let state = Mutex(State())

  /// Gathers questions.
  ///
  /// - Parameters:
  ///   - statementsMax: statements under way at a time.
  ///   - questionsMax: questions in one of them.
  ///   - waitMax: how long a question waits for its statement to begin, but for the end of one that is under way.
  ///   - ask: gives the answers to questions, in their order.
  init(
    statementsMax: Int = 4, questionsMax: Int = 64, waitMax: Duration = .seconds(5),
    ask: @escaping @Sendable ([Question]) async throws -> [Answer]
  ) {
    self.statementsMax = statementsMax
    self.questionsMax = questionsMax
    self.waitMax = waitMax
    self.ask = ask
  }

  /// Questions that wait for what is under way.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// The answer to a question.
  ///
  /// - Throws: what asking throws; `StoreError.overloaded` where its turn did not come in time.
  func answer(to question: Question) async throws -> Answer {
    switch await turn(for: question) {
    case .told(let result): return try result.get()
    case .asks(let others): return try await ask(question, and: others)
    }
  }

  private func turn(for question: Question) async -> Turn {
    let isFree = state.withLock { state in
      guard state.underWay < statementsMax else { return false }
      state.underWay += 1
      return true
    }
    if isFree { return .asks([]) }
    return await withUnsafeContinuation { continuation in
      let mayAsk = state.withLock { state in
        // What was under way may have ended since.
        guard state.underWay >= statementsMax else {
          state.underWay += 1
          return true
        }
        state.waiting.append(Waiting(question: question, since: .now, continuation: continuation))
        return false
      }
      if mayAsk { continuation.resume(returning: .asks([])) }
    }
  }

  private func ask(_ question: Question, and others: [Waiting]) async throws -> Answer {
    var answers: [Answer] = []
    var failure: (any Error)?
    do { answers = try await ask([question] + others.map(\.question)) } catch { failure = error }
    passOn()
    if let failure {
      for other in others {
        // That this one was called off is nothing to the others.
        other.continuation.resume(returning: failure is CancellationError ? enter() : .told(.failure(failure)))
      }
      throw failure
    }
    precondition(answers.count == others.count + 1, "\(answers.count) answers to \(others.count + 1) questions")
    for (other, answer) in zip(others, answers.dropFirst()) {
      other.continuation.resume(returning: .told(.success(answer)))
    }
    return answers[0]
  }

  /// Has the one who has waited longest ask for those that came after.
  private func passOn() {
    let now = ContinuousClock.now
    let (late, company) = state.withLock { state -> (ArraySlice<Waiting>, ArraySlice<Waiting>) in
      let late = state.waiting.prefix { now - $0.since > waitMax }
      state.waiting.removeFirst(late.count)
      let company = state.waiting.prefix(state.underWay > statementsMax ? 0 : questionsMax)
      state.waiting.removeFirst(company.count)
      if company.isEmpty { state.underWay -= 1 }
      return (late, company)
    }
    for one in late {
      let reason = "a question for the database waited for more than \(waitMax) to be asked"
      one.continuation.resume(returning: .told(.failure(StoreError.overloaded(reason: reason))))
    }
    company.first?.continuation.resume(returning: .asks(Array(company.dropFirst())))
  }

  /// A turn to ask alone, beyond what is under way.
  private func enter() -> Turn {
    state.withLock { $0.underWay += 1 }
    return .asks([])
  }
}
