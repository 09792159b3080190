/// Something that starts before others and stops after them.
struct Service: Sendable {
  /// What the log calls it.
  let name: String
  /// Returns once the service is ready for those that come after it.
  let start: @Sendable () async throws -> Void
  /// Takes on nothing new, as the end is near; called for all before the first is stopped.
  var close: @Sendable () async -> Void = {}
  /// Returns once the service has let go of everything.
  let stop: @Sendable () async -> Void
}

/// Runs services: array order is start order, shutdown goes in reverse, after all were told that it comes.
struct ServiceGroup {
  let services: [Service]

  /// Starts all, waits for `ended`, stops all; when one does not start, those before it are stopped and its error thrown.
  func run(until ended: () async throws -> Void) async throws {
    var started: [Service] = []
    do {
      for service in services {
        try await service.start()
        started.append(service)
      }
      try await ended()
    } catch {
      for service in started.reversed() { await service.stop() }
      throw error
    }
    for service in started.reversed() { await service.close() }
    for service in started.reversed() { await service.stop() }
  }
}
