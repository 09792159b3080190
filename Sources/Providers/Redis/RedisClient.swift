package import EventLoop
import Glibc
import Synchronization

/// One connection to a Redis, on a loop: commands go out as they come and are answered in their order.
///
/// Whoever asks is never kept waiting for long: without an answer in a quarter of a second the connection is given up with all
/// that wait on it, and for a while, longer each time, everybody is told at once that it is away. Nothing is sent twice.
package final class RedisClient: Sendable {
  private typealias Waiter = UnsafeContinuation<RedisReply?, Never>

  private struct Waiting {
    let number: UInt64
    /// Nil for what the connection begins with.
    let waiter: Waiter?
    let timer: Timer?
  }

  private struct Connection {
    let descriptor: Int32
    let registration: Registration
    var output: [UInt8] = []
    var reader = RedisReader()
    var line: [Waiting] = []
  }

  private struct State {
    var connection: Connection?
    var isResolving = false
    var failures = 0
    var awayUntil: ContinuousClock.Instant?
    var numbers: UInt64 = 0
    var isClosed = false
  }

  private let address: RedisAddress
  private let loop: EventLoop
  private let pool: WorkPool
  private let patience: Duration
  private let isAway: @Sendable () -> Void
  private let state = Mutex(State())
  /// Commands that wait for answers at once.
  private static let waitingMax = 4096
  /// Bytes that wait to be sent.
  private static let outputMax = 64 << 20

  /// A client that connects when it is first asked.
  ///
  /// - Parameters:
  ///   - address: where it is.
  ///   - loop: where it runs, and everybody who asks it.
  ///   - pool: where names are looked up.
  ///   - patience: how long an answer is waited for.
  ///   - isAway: hears each time that the connection is lost or does not come about; must not wait.
  package init(
    _ address: RedisAddress, on loop: EventLoop, pool: WorkPool, patience: Duration = .milliseconds(250),
    isAway: @escaping @Sendable () -> Void = {}
  ) {
    self.address = address
    self.loop = loop
    self.pool = pool
    self.patience = patience
    self.isAway = isAway
  }

  /// What is answered to a command; nil where nobody is there to answer, or not in time: it may have been done all the same.
  func send(_ words: [[UInt8]]) async -> RedisReply? {
    precondition(loop.isCurrent, "Redis is asked on its own loop")
    guard await isConnected() else { return nil }
    return await withUnsafeContinuation { waiter in
      let number = state.withLock { state -> UInt64? in
        guard state.connection != nil, state.connection?.line.count ?? 0 < RedisClient.waitingMax,
          state.connection?.output.count ?? 0 < RedisClient.outputMax
        else { return nil }
        state.numbers += 1
        return state.numbers
      }
      guard let number else { return waiter.resume(returning: nil) }
      let timer = loop.schedule(after: patience) { [self] in giveUp(number) }
      state.withLock { state in
        state.connection?.output += RedisClient.encoded(words)
        state.connection?.line.append(Waiting(number: number, waiter: waiter, timer: timer))
      }
      flush()
    }
  }

  /// Ends; who waits is told that nobody is there.
  package func close() async {
    await Task(executorPreference: loop) { [self] in
      state.withLock { $0.isClosed = true }
      fall(isFailure: false)
    }.value
  }

  // MARK: Connecting

  private func isConnected() async -> Bool {
    let (isThere, mayTry) = state.withLock { state -> (Bool, Bool) in
      if state.connection != nil { return (true, false) }
      let isAway = state.awayUntil.map { ContinuousClock.now < $0 } ?? false
      if isAway || state.isResolving || state.isClosed { return (false, false) }
      state.isResolving = true
      return (false, true)
    }
    guard mayTry else { return isThere }
    let address = address
    // A pool that is full or closed finds no address either.
    let places = (try? await pool.run { address.resolved() }) ?? []
    let isOpen = open(places)
    state.withLock { $0.isResolving = false }
    if !isOpen { away() }
    return isOpen
  }

  private func open(_ places: [[UInt8]]) -> Bool {
    for place in places {
      let family = place.withUnsafeBytes { Int32($0.loadUnaligned(as: sockaddr.self).sa_family) }
      let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
      let descriptor = socket(family, kind, 0)
      guard descriptor >= 0 else { continue }
      let code = place.withUnsafeBytes { bytes -> Int32 in
        guard let start = bytes.baseAddress else { return -1 }
        return connect(descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
      guard code == 0 || errno == EINPROGRESS else {
        Glibc.close(descriptor)
        continue
      }
      var isOn: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
      guard
        let registration = try? loop.register(
          descriptor, interest: [.read, .write], trigger: .level, { [weak self] in self?.ready($0) })
      else {
        Glibc.close(descriptor)
        continue
      }
      var connection = Connection(descriptor: descriptor, registration: registration)
      for words in beginning {
        connection.output += RedisClient.encoded(words)
        connection.line.append(Waiting(number: 0, waiter: nil, timer: nil))
      }
      let opened = connection
      state.withLock { $0.connection = opened }
      return true
    }
    return false
  }

  /// What a connection begins with.
  private var beginning: [[[UInt8]]] {
    var words: [[String]] = []
    if let password = address.password {
      words.append(address.user.isEmpty ? ["AUTH", password] : ["AUTH", address.user, password])
    }
    if address.database != 0 { words.append(["SELECT", "\(address.database)"]) }
    return words.map { $0.map { Array($0.utf8) } }
  }

  // MARK: Traffic

  private func ready(_ readiness: Readiness) {
    if readiness.contains(.readable), !read() { return fall(isFailure: true) }
    if readiness.contains(.writable) { flush() }
  }

  /// Takes in what has come; false where the connection is over or speaks another language.
  private func read() -> Bool {
    var answered: [(Waiting, RedisReply)] = []
    var isWell = true
    let known = state.withLock { $0.connection?.descriptor }
    guard let descriptor = known else { return true }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    reading: while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        state.withLock { state in
          state.connection?.reader.feed(chunk[..<count])
          do throws(RedisReader.Malformed) {
            while let reply = try state.connection?.reader.next() {
              guard let waiting = state.connection?.line.first else { throw RedisReader.Malformed() }
              state.connection?.line.removeFirst()
              // A password that is refused leaves nothing to say.
              if waiting.waiter == nil, reply.isRefusal { throw RedisReader.Malformed() }
              if waiting.waiter != nil { state.failures = 0 }
              answered.append((waiting, reply))
            }
          } catch {
            isWell = false
          }
        }
        if !isWell { break reading }
        continue
      }
      if count < 0, errno == EINTR { continue }
      isWell = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
      break
    }
    for (waiting, reply) in answered {
      if let timer = waiting.timer { loop.cancel(timer) }
      waiting.waiter?.resume(returning: reply)
    }
    return isWell
  }

  private func flush() {
    var isBroken = false
    let update = state.withLock { state -> (Registration, Bool)? in
      guard var connection = state.connection else { return nil }
      while !connection.output.isEmpty {
        let count = Glibc.send(
          connection.descriptor, connection.output, connection.output.count, Int32(MSG_NOSIGNAL))
        if count > 0 {
          connection.output.removeFirst(count)
        } else if errno == EINTR {
          continue
        } else {
          // Not connected yet is as good as no room.
          isBroken = ![EAGAIN, EWOULDBLOCK, ENOTCONN].contains(errno)
          break
        }
      }
      state.connection = connection
      return (connection.registration, !connection.output.isEmpty)
    }
    if isBroken { return fall(isFailure: true) }
    if let (registration, waits) = update { loop.update(registration, interest: waits ? [.read, .write] : .read) }
  }

  private func giveUp(_ number: UInt64) {
    let isWaiting = state.withLock { $0.connection?.line.contains { $0.number == number } ?? false }
    if isWaiting { fall(isFailure: true) }
  }

  /// Gives the connection up with all that wait on it.
  private func fall(isFailure: Bool) {
    let lost = state.withLock { state in
      defer { state.connection = nil }
      return state.connection
    }
    guard let lost else { return }
    loop.deregister(lost.registration)
    Glibc.close(lost.descriptor)
    if isFailure { away() }
    for waiting in lost.line {
      if let timer = waiting.timer { loop.cancel(timer) }
      waiting.waiter?.resume(returning: nil)
    }
  }

  /// Half a second to begin with, half a minute in the end.
  private func away() {
    state.withLock { state in
      state.failures += 1
      let pause = min(Duration.seconds(30), .milliseconds(250) * (1 << min(state.failures, 7)))
      state.awayUntil = ContinuousClock.now + pause
    }
    isAway()
  }

  /// A command as an array of texts.
  static func encoded(_ words: [[UInt8]]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
      bytes += Array("$\(word.count)\r\n".utf8)
      bytes += word
      bytes += [13, 10]
    }
    return bytes
  }
}
