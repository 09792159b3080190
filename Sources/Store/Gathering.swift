import Synchronization

/// Asks in company: questions that come while others are under way wait for them, and go out together in the next statement.
///
/// A statement costs this process and the server much the same whether it asks for one row or for sixty. Who comes while
/// little is under way asks alone and at once; the more there are, the more go together, and nobody waits longer than for
/// one statement that was under way and for their own.
///
/// The one who has waited longest asks for all, so that no task is needed for it. Whoever waits is bounded by the time
/// limits of statements; a task that is cancelled meanwhile is told once its answer is there.
final class Gathering<Question: Sendable, Answer: Sendable>: Sendable {
  private enum Turn: Sendable {
    /// To ask for oneself and for these.
    case asks([Waiting])
    case told(Result<Answer, any Error>)
  }

  private struct Waiting: Sendable {
    let question: Question
    let continuation: UnsafeContinuation<Turn, Never>
  }

  private struct State {
    var underWay = 0
    var waiting: [Waiting] = []
  }

  private let statementsMax: Int
  private let questionsMax: Int
  private let ask: @Sendable ([Question]) async throws -> [Answer]
  private let state = Mutex(State())

  /// Gathers questions.
  ///
  /// - Parameters:
  ///   - statementsMax: statements under way at a time.
  ///   - questionsMax: questions in one of them.
  ///   - ask: gives the answers to questions, in their order.
  init(
    statementsMax: Int = 4, questionsMax: Int = 64, ask: @escaping @Sendable ([Question]) async throws -> [Answer]
  ) {
    self.statementsMax = statementsMax
    self.questionsMax = questionsMax
    self.ask = ask
  }

  /// Questions that wait for what is under way.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// The answer to a question.
  ///
  /// - Throws: what asking throws.
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
        state.waiting.append(Waiting(question: question, continuation: continuation))
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
    let company = state.withLock { state -> ArraySlice<Waiting> in
      let company = state.waiting.prefix(state.underWay > statementsMax ? 0 : questionsMax)
      state.waiting.removeFirst(company.count)
      if company.isEmpty { state.underWay -= 1 }
      return company
    }
    company.first?.continuation.resume(returning: .asks(Array(company.dropFirst())))
  }

  /// A turn to ask alone, beyond what is under way.
  private func enter() -> Turn {
    state.withLock { $0.underWay += 1 }
    return .asks([])
  }
}
