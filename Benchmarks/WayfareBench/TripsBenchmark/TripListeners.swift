import CLinux
import EventLoop
import Glibc

/// Streams of events that are open: many sockets on one epoll, read as bytes come.
final class TripListeners {
  private let epoll: Int32
  private(set) var descriptors: [Int32] = []
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: 256)
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  init() throws(BenchmarkError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .system(call: "epoll_create1", code: errno) }
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
    close(epoll)
    events.deallocate()
  }

  /// Connects and asks for a stream; its number is the next.
  func open(port: UInt16, _ request: [UInt8]) throws(BenchmarkError) {
    try connect(port: port)
    try send(descriptors.count - 1, request)
  }

  /// Connects without asking for anything yet.
  func connect(port: UInt16) throws(BenchmarkError) {
    let descriptor = try Loopback.connect(port: port)
    let number = UInt64(descriptors.count)
    descriptors.append(descriptor)
    guard wayfare_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue, number) == 0 else {
      throw .system(call: "epoll_ctl", code: errno)
    }
  }

  /// Sends a whole request.
  func send(_ number: Int, _ request: [UInt8]) throws(BenchmarkError) {
    let sent = request.withUnsafeBytes { Glibc.send(descriptors[number], $0.baseAddress, $0.count, sendFlags) }
    guard sent == request.count else { throw .wrongAnswers("a connection to the server took no request") }
  }

  /// Waits for bytes, at most until `deadline`, and hands them over with the number of their connection.
  ///
  /// - Throws: `BenchmarkError`, also when the server has ended a stream.
  func turn(until deadline: UInt64, _ body: (Int, ArraySlice<UInt8>) -> Void) throws(BenchmarkError) {
    try Interruption.check()
    let now = EventLoop.nanoseconds
    var time = timespec(tv_sec: 0, tv_nsec: deadline > now ? Int(min(deadline - now, 100_000_000)) : 0)
    let ready = epoll_pwait2(epoll, events, 256, &time, nil)
    if ready < 0 && errno != EINTR { throw .system(call: "epoll_pwait2", code: errno) }
    for index in 0..<max(0, Int(ready)) {
      let number = Int(events[index].data.u64)
      let count = recv(descriptors[number], &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 && (errno == EAGAIN || errno == EINTR) { continue }
      guard count > 0 else { throw .wrongAnswers("the server ended connection \(number)") }
      body(number, buffer[..<count])
    }
  }
}

/// What a process needs that so many listen to.
struct ListenerMemory {
  /// Bytes that are resident.
  let before: Int
  let after: Int
  let listeners: Int
  /// Processor time of the server in ten silent seconds, as a share of one processor.
  let silentShare: Double

  private static let batch = 100
  private static let settleSeconds = 10.0

  /// Opens the streams, each with its snapshot read, and looks at the process.
  ///
  /// - Throws: `BenchmarkError`, also when a stream did not open.
  static func measure(_ world: TripsWorld, listeners wanted: Int) throws(BenchmarkError) -> ListenerMemory {
    let figures = ProcessFigures(process: world.child.process)
    let before = try figures.residentBytes()
    let streams = try TripListeners()
    var told: Set<Int> = []
    while streams.descriptors.count < wanted {
      let goal = min(wanted, streams.descriptors.count + batch)
      while streams.descriptors.count < goal {
        let plan = world.plans[streams.descriptors.count % world.plans.count]
        let person = plan.people[streams.descriptors.count / world.plans.count % plan.people.count]
        try streams.open(port: world.port, world.get("/v1/trips/\(plan.id)/events", as: person))
      }
      let deadline = EventLoop.nanoseconds + 30_000_000_000
      while told.count < goal {
        guard EventLoop.nanoseconds < deadline else {
          throw .wrongAnswers("\(goal - told.count) streams told nothing within 30 seconds")
        }
        try streams.turn(until: deadline) { number, bytes in
          if contains(bytes, snapshot) { told.insert(number) }
        }
      }
    }
    let processor = try figures.processorTime()
    let settled = EventLoop.nanoseconds + UInt64(settleSeconds * 1e9)
    while EventLoop.nanoseconds < settled { try streams.turn(until: settled) { _, _ in } }
    let spent = try figures.processorTime() - processor
    return ListenerMemory(
      before: before, after: try figures.residentBytes(), listeners: streams.descriptors.count,
      silentShare: spent.total / settleSeconds)
  }

  private static let snapshot = Array("event: snapshot".utf8)

  private static func contains(_ bytes: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
    guard bytes.count >= word.count else { return false }
    return (bytes.startIndex...bytes.endIndex - word.count).contains { start in
      bytes[start] == word[0] && bytes[start..<start + word.count].elementsEqual(word)
    }
  }
}
