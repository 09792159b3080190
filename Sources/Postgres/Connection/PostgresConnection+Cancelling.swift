import EventLoop

/// Cancelling on the server: only the statement that the server works on, and again until it has stopped.
extension PostgresConnection {
  func cancel(_ id: UInt64) {
    switch queue.cancel(id) {
    case .unknown: return
    case .neverSent(let flight):
      flight.completion(.failure(CancellationError()))
      resumeSettled()
    case .underWay: cancelHeadIfUnwanted()
    }
  }

  func cancelHeadIfUnwanted() {
    guard let id = queue.beginCancelling() else { return }
    deliverCancel(of: id, patience: .milliseconds(50))
  }

  private func deliverCancel(of id: UInt64, patience: Duration) {
    guard let request = handle?.makeCancel() else { return }
    Task(executorPreference: loop) { [workPool] in
      // A request that cannot be delivered leaves the statement to the next attempt and to its own timeout.
      _ = try? await workPool.run { request.deliver() }
      await self.proveCancel(of: id, patience: patience)
    }
  }

  private func proveCancel(of id: UInt64, patience: Duration) {
    guard ending == nil else { return }
    let round = queue.didDeliverCancel()
    sendProbe {
      self.assumeIsolated { connection in
        connection.queue.didProveCancel(round)
        connection.cancelHeadIfUnwanted()
      }
    }
    _ = loop.schedule(after: patience) {
      self.assumeIsolated { connection in
        guard connection.queue.repeatCancelling(id) else { return }
        connection.deliverCancel(of: id, patience: min(patience * 2, .seconds(1)))
      }
    }
  }

  /// A round trip ahead of everything that waits.
  func probeNow() async {
    await withUnsafeContinuation { continuation in sendProbe { continuation.resume() } }
  }

  private func sendProbe(_ body: @escaping @Sendable () -> Void) {
    guard let handle, ending == nil else { return body() }
    flightCounter += 1
    let probe = Flight(id: flightCounter, request: Request(sql: "", setting: .probe)) { _ in body() }
    _ = send(probe, through: handle)
  }
}
