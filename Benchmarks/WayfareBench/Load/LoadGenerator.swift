import CLinux
import EventLoop
import Glibc

/// Connections that ask one server the same question, on one thread and one epoll.
///
/// A connection has at most one request under way: nothing is pipelined. When to ask is the caller's business
/// (`ClosedLoop`, `OpenLoop`); each answer is read to its end and checked here. The request is one ready piece of
/// bytes and an answer is usually one `recv` into a shared buffer, so that this side costs less than the server.
final class LoadGenerator {
  let server: ServerUnderTest
  private(set) var tally = Tally()
  /// How many requests are under way.
  private(set) var underWay = 0
  private var asked = 0
  private let epoll: Int32
  private var connections: [Connection] = []
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: LoadGenerator.eventsPerTurn)
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)

  private static let eventsPerTurn = 256
  /// An answer that does not come is not waited for longer than this.
  static let patienceNanoseconds: UInt64 = 10_000_000_000

  /// One connection.
  private final class Connection {
    let descriptor: Int32
    var isAsking = false
    /// What came of an answer that came in pieces.
    var partial: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }
  }

  /// A generator with so many connections open.
  ///
  /// - Throws: `BenchmarkError.system` when the kernel or the server refuses one.
  init(server: ServerUnderTest, connections count: Int) throws(BenchmarkError) {
    self.server = server
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .system(call: "epoll_create1", code: errno) }
    try connect(count)
  }

  deinit {
    for connection in connections { close(connection.descriptor) }
    if epoll >= 0 { close(epoll) }
    events.deallocate()
    buffer.deallocate()
  }

  /// How many connections are open.
  var count: Int { connections.count }

  /// Opens further connections; they get the numbers from `count` on.
  ///
  /// - Throws: `BenchmarkError.system` when the kernel or the server refuses one.
  func connect(_ count: Int) throws(BenchmarkError) {
    for _ in 0..<count {
      let descriptor = try Loopback.connect(port: server.port)
      let number = UInt64(connections.count)
      connections.append(Connection(descriptor: descriptor))
      guard wayfare_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue, number) == 0 else {
        throw .system(call: "epoll_ctl", code: errno)
      }
    }
  }

  /// Asks on a connection.
  ///
  /// - Precondition: nothing is under way on it.
  /// - Throws: `BenchmarkError.wrongAnswers` when the server has closed it.
  func ask(_ number: Int) throws(BenchmarkError) {
    let connection = connections[number]
    precondition(!connection.isAsking, "nothing is pipelined")
    let request = server.requests.isEmpty ? server.request : server.requests[asked % server.requests.count]
    asked += 1
    let size = request.count
    let sent = request.withUnsafeBytes { send(connection.descriptor, $0.baseAddress, size, sendFlags) }
    // An idle connection has room for a whole request, so that anything else is the server's doing.
    guard sent == size else { throw lost() }
    connection.isAsking = true
    underWay += 1
  }

  /// Waits for answers, at most until `deadline`, and calls `answered` with the connection of each.
  ///
  /// - Throws: `BenchmarkError`: a connection ended, an answer was no HTTP, a signal came, or what `answered` throws.
  func turn(until deadline: UInt64, _ answered: (Int) throws(BenchmarkError) -> Void) throws(BenchmarkError) {
    try Interruption.check()
    let now = EventLoop.nanoseconds
    // Woken ten times a second at least, so that a signal is heeded.
    let wait = deadline > now ? min(deadline - now, 100_000_000) : 0
    var time = timespec(tv_sec: 0, tv_nsec: Int(wait))
    let ready = epoll_pwait2(epoll, events, Int32(LoadGenerator.eventsPerTurn), &time, nil)
    guard ready >= 0 else {
      if errno == EINTR { return }
      throw .system(call: "epoll_pwait2", code: errno)
    }
    for index in 0..<Int(ready) {
      let number = Int(events[index].data.u64)
      if try receive(connections[number]) { try answered(number) }
    }
  }

  /// Waits until nothing is under way.
  ///
  /// - Throws: `BenchmarkError.wrongAnswers` when answers are still missing after ten seconds.
  func finish() throws(BenchmarkError) {
    let deadline = EventLoop.nanoseconds + LoadGenerator.patienceNanoseconds
    while underWay > 0 {
      guard EventLoop.nanoseconds < deadline else {
        throw .wrongAnswers("\(underWay) answers of \(server.name) did not come within 10 seconds")
      }
      try turn(until: deadline) { _ in }
    }
    try tally.check(server.name)
  }

  /// Reads what has come; true when it completes an answer.
  private func receive(_ connection: Connection) throws(BenchmarkError) -> Bool {
    let count = recv(connection.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    guard count > 0 else {
      if count < 0 && (errno == EAGAIN || errno == EINTR) { return false }
      throw lost()
    }
    guard connection.isAsking else {
      throw .wrongAnswers("\(server.name) sent something that was not asked for")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    let isComplete: Bool
    if connection.partial.isEmpty {
      isComplete = try take(bytes)
      if !isComplete { connection.partial = Array(bytes) }
    } else {
      connection.partial.append(contentsOf: bytes)
      let whole = connection.partial
      isComplete = try whole.withUnsafeBufferPointer { (all) throws(BenchmarkError) in
        try take(UnsafeRawBufferPointer(all))
      }
      if isComplete { connection.partial = [] }
    }
    guard isComplete else { return false }
    connection.isAsking = false
    underWay -= 1
    return true
  }

  /// Counts an answer; false while it is incomplete.
  private func take(_ bytes: UnsafeRawBufferPointer) throws(BenchmarkError) -> Bool {
    guard let answer = try parse(bytes), bytes.count >= answer.end else { return false }
    guard bytes.count == answer.end else {
      throw .wrongAnswers("\(server.name) sent more than its Content-Length says")
    }
    tally.count(
      answer, expecting: server.expectedStatus,
      bodyIsRight: server.expects(UnsafeRawBufferPointer(rebasing: bytes[answer.bodyStart...])))
    return true
  }

  private func parse(_ bytes: UnsafeRawBufferPointer) throws(BenchmarkError) -> Answer? {
    do throws(Answer.Fault) {
      return try Answer(bytes)
    } catch {
      switch error {
      case .noStatusLine: throw .wrongAnswers("\(server.name) sent something that does not begin like an answer")
      case .noContentLength: throw .wrongAnswers("\(server.name) sent an answer without Content-Length")
      }
    }
  }

  private func lost() -> BenchmarkError {
    .wrongAnswers("\(server.name) ended a connection in use after \(tally.answers) answers")
  }
}

let sendFlags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
