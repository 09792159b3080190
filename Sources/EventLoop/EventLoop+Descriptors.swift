import CLinux
import Glibc

/// What is awaited from a descriptor.
public struct Interest: OptionSet, Sendable {
  /// The raw bits.
  public let rawValue: UInt8
  /// Makes a set from raw bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Bytes to read, or a connection to accept.
  public static let read = Interest(rawValue: 1)
  /// Room to write, or a connection made.
  public static let write = Interest(rawValue: 2)
}

/// When the kernel repeats itself.
public enum Trigger: Sendable {
  /// Once per change: the watcher must go on until the kernel says "would block".
  case edge
  /// Again at every turn for as long as it holds.
  case level
}

/// What a descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
  /// The raw bits.
  public let rawValue: UInt8
  /// Makes a set from raw bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// There is something to read, be it the end.
  public static let readable = Readiness(rawValue: 1)
  /// There is room to write.
  public static let writable = Readiness(rawValue: 2)
  /// The peer has closed its side.
  public static let peerClosed = Readiness(rawValue: 4)
  /// The descriptor is in error or closed on both sides.
  public static let failed = Readiness(rawValue: 8)
}

/// A descriptor under watch; stale once deregistered, even where the kernel reuses the number.
public struct Registration: Sendable, Hashable {
  /// The watched descriptor.
  public let descriptor: Int32
  let generation: UInt32
}

struct WatchedDescriptor {
  let generation: UInt32
  let trigger: Trigger
  var interest: Interest
  let handler: @Sendable (Readiness) -> Void
}

extension EventLoop {
  /// Watches a descriptor; to be called on the loop.
  ///
  /// - Throws: `EventLoopError.system` when the kernel refuses, as it does a regular file.
  public func register(
    _ descriptor: Int32, interest: Interest, trigger: Trigger, _ handler: @escaping @Sendable (Readiness) -> Void
  ) throws(EventLoopError) -> Registration {
    precondition(descriptor >= 0, "not a descriptor")
    let index = Int(descriptor)
    let generation = confined.withValue { state in
      while state.watched.count <= index { state.watched.append(nil) }
      precondition(state.watched[index] == nil, "descriptor \(descriptor) is watched already")
      return state.nextGeneration()
    }
    let registration = Registration(descriptor: descriptor, generation: generation)
    guard control(EPOLL_CTL_ADD, registration, interest, trigger) == 0 else {
      throw .system(call: "epoll_ctl", errno)
    }
    confined.value.watched[index] = WatchedDescriptor(
      generation: generation, trigger: trigger, interest: interest, handler: handler)
    return registration
  }

  /// Changes what is awaited; a stale registration is ignored.
  public func update(_ registration: Registration, interest: Interest) {
    guard let watched = findWatched(registration), watched.interest != interest else { return }
    confined.value.watched[Int(registration.descriptor)]?.interest = interest
    let result = control(EPOLL_CTL_MOD, registration, interest, watched.trigger)
    precondition(result == 0, "descriptor \(registration.descriptor) was closed while under watch")
  }

  /// Ends the watch; the descriptor itself stays open.
  ///
  /// A stale registration is ignored.
  public func deregister(_ registration: Registration) {
    guard findWatched(registration) != nil else { return }
    confined.value.watched[Int(registration.descriptor)] = nil
    // Fails only where the descriptor is closed already, and then the kernel has forgotten it by itself.
    _ = wayfare_epoll_control(epoll, EPOLL_CTL_DEL, registration.descriptor, 0, 0)
  }

  func notifyWatcher(payload: UInt64, events: UInt32) {
    let index = Int(payload & 0xFFFF_FFFF)
    guard index < confined.value.watched.count, let watched = confined.value.watched[index],
      watched.generation == UInt32(payload >> 32)
    else { return }
    var readiness: Readiness = []
    if events & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
    if events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
    if events & EPOLLRDHUP.rawValue != 0 { readiness.formUnion([.peerClosed, .readable]) }
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { readiness.formUnion([.failed, .readable, .writable]) }
    watched.handler(readiness)
  }

  private func findWatched(_ registration: Registration) -> WatchedDescriptor? {
    precondition(isCurrent, "descriptors are watched from the loop itself")
    let index = Int(registration.descriptor)
    guard index < confined.value.watched.count, let watched = confined.value.watched[index],
      watched.generation == registration.generation
    else { return nil }
    return watched
  }

  private func control(
    _ operation: Int32, _ registration: Registration, _ interest: Interest, _ trigger: Trigger
  ) -> Int32 {
    var events = EPOLLRDHUP.rawValue
    if interest.contains(.read) { events |= EPOLLIN.rawValue }
    if interest.contains(.write) { events |= EPOLLOUT.rawValue }
    if trigger == .edge { events |= EPOLLET.rawValue }
    let payload = UInt64(registration.generation) << 32 | UInt64(UInt32(registration.descriptor))
    return wayfare_epoll_control(epoll, operation, registration.descriptor, events, payload)
  }
}

extension EventLoop.Confined {
  /// Generations come from one counter for all descriptors, below the wake-up's own payload.
  fileprivate mutating func nextGeneration() -> UInt32 {
    generationCounter = generationCounter == UInt32.max - 1 ? 1 : generationCounter + 1
    return generationCounter
  }
}
