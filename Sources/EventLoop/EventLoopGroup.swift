import Synchronization

/// The process's event loops; work that is bound to none in particular takes them in turn.
public final class EventLoopGroup: Sendable {
  /// The loops, at least one.
  public let loops: [EventLoop]
  private let turn = Atomic<Int>(0)

  /// Starts `count` loops.
  ///
  /// - Throws: `EventLoopError.system` when the kernel has no descriptor or thread left.
  public init(count: Int) throws(EventLoopError) {
    precondition(count > 0, "a group needs a loop")
    var loops: [EventLoop] = []
    for number in 1...count { loops.append(try EventLoop(name: "loop-\(number)")) }
    self.loops = loops
  }

  /// The loop of the calling thread if it is one of these, otherwise the next in turn.
  public func next() -> EventLoop {
    if let current = EventLoop.current, loops.contains(where: { $0 === current }) { return current }
    return loops[Int(UInt(bitPattern: turn.wrappingAdd(1, ordering: .relaxed).oldValue) % UInt(loops.count))]
  }

  /// Ends all loops; not to be called on one of them.
  public func shutdown() {
    for loop in loops { loop.shutdown() }
  }
}
