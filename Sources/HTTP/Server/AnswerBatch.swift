import CLinux
import EventLoop
import Glibc

/// Small answers that were put together one behind the other and leave together, once the jobs that made them have run.
///
/// A system call evicts much of what the processor has cached of the program, and wakes whoever waits for the answer.
/// Several in a row share the first cost, and handlers that run in a row are spared it: together a sixth or more of the
/// time that a small answer takes.
///
/// The rule that keeps it simple: an answer in a batch is not finished. Its connection reads nothing further and has no
/// other output until the batch has left.
struct AnswerBatch {
  /// One answer and where it lies in the memory for answers.
  struct Answer {
    let connection: Connection
    let place: Range<Int>
    let keepsAlive: Bool
    /// How many of its bytes the kernel has taken.
    var sent = 0
  }

  private(set) var answers: [Answer] = []
  private(set) var bytes = 0
  private var begun: UInt64 = 0

  /// Behind handlers that take long, who is ready waits no longer than this for others.
  private static let patienceNanoseconds: UInt64 = 200_000

  var isEmpty: Bool { answers.isEmpty }

  /// Takes in an answer that was written where `bytes` ends; true where the batch should wait for no others.
  mutating func append(_ connection: Connection, count: Int, keepsAlive: Bool) -> Bool {
    let now = EventLoop.nanoseconds
    if isEmpty { begun = now }
    answers.append(Answer(connection: connection, place: bytes..<(bytes + count), keepsAlive: keepsAlive))
    bytes += count
    return now &- begun > Self.patienceNanoseconds
  }

  /// Hands out the answers; the batch is then empty.
  mutating func take() -> [Answer] {
    bytes = 0
    var taken: [Answer] = []
    swap(&taken, &answers)
    return taken
  }

  /// Takes back the memory of answers that were handed out.
  mutating func reuse(_ memory: consuming [Answer]) {
    guard isEmpty else { return }
    memory.removeAll(keepingCapacity: true)
    answers = memory
  }
}

extension Listener {
  /// Makes room for so many bytes of an answer; says where, or nil where there is never so much.
  static let makeRoom: @Sendable (isolated Listener, Int) -> Int? = { $0.makeRoom($1) }

  private func makeRoom(_ count: Int) -> Int? {
    guard count <= answerScratch.count else { return nil }
    if count > answerScratch.count - batch.bytes { sendBatch() }
    return batch.bytes
  }

  /// Takes an answer that was written where there was room.
  static let keep: @Sendable (isolated Listener, (Connection, count: Int, keepsAlive: Bool)) -> Void = {
    $0.keep($1.0, count: $1.count, keepsAlive: $1.keepsAlive)
  }

  private func keep(_ connection: Connection, count: Int, keepsAlive: Bool) {
    if batch.isEmpty { loop.afterJobs { [self] in onLoop((), Listener.sendBatch) } }
    if batch.append(connection, count: count, keepsAlive: keepsAlive) { sendBatch() }
  }

  private static let sendBatch: @Sendable (isolated Listener, Void) -> Void = { listener, _ in listener.sendBatch() }

  /// Sends all answers, then lets their connections go on.
  private func sendBatch() {
    var answers = batch.take()
    for index in answers.indices {
      let bytes = UnsafeBufferPointer(rebasing: answerScratch[answers[index].place])
      answers[index].sent = answers[index].connection.onLoop(bytes, Connection.sendBatched)
    }
    for answer in answers {
      let rest = UnsafeBufferPointer(rebasing: answerScratch[answer.place].dropFirst(answer.sent))
      answer.connection.onLoop((rest, answer.keepsAlive), Connection.finishBatched)
    }
    batch.reuse(answers)
  }
}

extension Connection {
  /// Sends an answer of a batch; says how many of its bytes the kernel took.
  fileprivate static let sendBatched: @Sendable (isolated Connection, UnsafeBufferPointer<UInt8>) -> Int = {
    $0.sendBatched($1)
  }

  private func sendBatched(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    // The descriptor of a closed connection may be somebody else's.
    guard phase == .responding else { return 0 }
    return max(0, wayfare_send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
  }

  /// Goes on behind an answer of a batch.
  fileprivate static let finishBatched: @Sendable (isolated Connection, (UnsafeBufferPointer<UInt8>, Bool)) -> Void = {
    $0.finishBatched(rest: $1.0, keepsAlive: $1.1)
  }

  private func finishBatched(rest: UnsafeBufferPointer<UInt8>, keepsAlive: Bool) {
    guard phase == .responding else { return }
    // What is left waits for `flush`, which also learns why it was not taken.
    if !rest.isEmpty { output.append(contentsOf: rest) }
    // The server may have begun to drain since, and nobody closes what becomes idle after that.
    finishAnswer(keepsAlive: keepsAlive && !service.isDraining)
  }
}
