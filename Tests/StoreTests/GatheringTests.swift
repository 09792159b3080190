import Kernel
import Synchronization
import Testing

@testable import Store

@Suite("Questions that are asked in company")
struct GatheringTests {
  /// What is asked waits here until it is let go, and is written down.
  private final class Server: Sendable {
    private struct State {
      var asked: [[Int]] = []
      var underWay = 0
      var mostUnderWay = 0
      var held: [CheckedContinuation<Void, Never>] = []
      var isOpen = false
    }

    private let state = Mutex(State())

    var asked: [[Int]] { state.withLock { $0.asked } }
    var underWay: Int { state.withLock { $0.underWay } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// Doubles; refuses what is below zero.
    func answer(_ questions: [Int]) async throws -> [Int] {
      await withCheckedContinuation { continuation in
        let goes = state.withLock { state in
          state.asked.append(questions)
          state.underWay += 1
          state.mostUnderWay = max(state.mostUnderWay, state.underWay)
          if !state.isOpen { state.held.append(continuation) }
          return state.isOpen
        }
        if goes { continuation.resume() }
      }
      await Task.yield()
      state.withLock { $0.underWay -= 1 }
      try Task.checkCancellation()
      if questions.contains(where: { $0 < 0 }) { throw StoreError.faulty(reason: "below zero") }
      return questions.map { $0 * 2 }
    }

    /// Lets go what waits and all that comes.
    func open() {
      let held = state.withLock { state in
        state.isOpen = true
        defer { state.held = [] }
        return state.held
      }
      for continuation in held { continuation.resume() }
    }
  }

  private struct Late: Error {}

  private func until(_ isSo: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while !isSo() {
      if ContinuousClock.now > end { throw Late() }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// Asks while one question is under way, so that these wait in this order.
  private func waiting(
    _ questions: [Int], _ gathering: Gathering<Int, Int>
  ) async throws -> [Task<Int, any Error>] {
    var tasks: [Task<Int, any Error>] = []
    for question in questions {
      let count = gathering.waitingCount
      tasks.append(Task { try await gathering.answer(to: question) })
      try await until { gathering.waitingCount > count }
    }
    return tasks
  }

  @Test("who comes alone asks at once; who comes while that is under way goes together, as many as fit in a statement")
  func together() async throws {
    let server = Server()
    let gathering = Gathering(statementsMax: 1, questionsMax: 3) { try await server.answer($0) }
    let first = Task { try await gathering.answer(to: 1) }
    try await until { server.asked == [[1]] }
    let others = try await waiting([2, 3, 4, 5, 6, 7, 8], gathering)
    server.open()
    #expect(try await first.value == 2)
    for (number, task) in zip(2..., others) { #expect(try await task.value == number * 2) }
    #expect(server.asked == [[1], [2, 3, 4], [5, 6, 7], [8]])
    #expect(server.mostUnderWay == 1 && gathering.waitingCount == 0)
    #expect(try await gathering.answer(to: 9) == 18)
  }

  @Test("what a statement fails by is told to all in it, and to nobody else")
  func failing() async throws {
    let server = Server()
    let gathering = Gathering(statementsMax: 1, questionsMax: 3) { try await server.answer($0) }
    let first = Task { try await gathering.answer(to: 1) }
    try await until { server.asked == [[1]] }
    let others = try await waiting([2, -3, 4, 5], gathering)
    server.open()
    #expect(try await first.value == 2)
    for task in others.prefix(3) { await #expect(throws: StoreError.self) { try await task.value } }
    #expect(try await others[3].value == 10)
  }

  @Test("who is called off while asking for others does not call them off")
  func calledOff() async throws {
    let server = Server()
    let gathering = Gathering(statementsMax: 1, questionsMax: 8) { try await server.answer($0) }
    let first = Task { try await gathering.answer(to: 1) }
    try await until { server.asked == [[1]] }
    let others = try await waiting([2, 3, 4], gathering)
    // The first of those that wait asks for all three.
    others[0].cancel()
    server.open()
    #expect(try await first.value == 2)
    await #expect(throws: CancellationError.self) { try await others[0].value }
    #expect(try await others[1].value == 6)
    #expect(try await others[2].value == 8)
    try await until { server.underWay == 0 }
    #expect(try await gathering.answer(to: 5) == 10)
  }

  @Test("who has waited for too long is told so and asks nothing, and those after them are answered")
  func late() async throws {
    let server = Server()
    let gathering = Gathering(statementsMax: 1, questionsMax: 8, waitMax: .seconds(3)) {
      try await server.answer($0)
    }
    let first = Task { try await gathering.answer(to: 1) }
    try await until { server.asked == [[1]] }
    let early = try await waiting([2, 3], gathering)
    try await Task.sleep(for: .milliseconds(3200))
    let others = try await waiting([4], gathering)
    server.open()
    #expect(try await first.value == 2)
    for task in early {
      await #expect {
        try await task.value
      } throws: {
        if case StoreError.overloaded = $0 { true } else { false }
      }
    }
    #expect(try await others[0].value == 8)
    #expect(server.asked == [[1], [4]])
  }

  @Test("of a thousand at once, some called off, all end with their own answer", arguments: 0..<4)
  func many(_ seed: UInt64) async throws {
    let server = Server()
    server.open()
    var random = SeededRandom(seed: seed)
    let gathering = Gathering(statementsMax: 3, questionsMax: 16) { try await server.answer($0) }
    let tasks = (0..<1000).map { number in Task { try await gathering.answer(to: number) } }
    for task in tasks where Int.random(in: 0..<20, using: &random) == 0 { task.cancel() }
    for (number, task) in tasks.enumerated() {
      switch await task.result {
      case .success(let answer): #expect(answer == number * 2)
      case .failure(let error): #expect(error is CancellationError && task.isCancelled, "\(number): \(error)")
      }
    }
    #expect(gathering.waitingCount == 0)
    #expect(try await gathering.answer(to: 5) == 10)
  }
}
