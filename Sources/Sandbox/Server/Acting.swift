import EventLoop
import HTTP
import Kernel

/// How a shape says that something went wrong.
struct Voice: Sendable {
  /// An answer of failure: a status, a code of the shape, and words.
  let failure: @Sendable (_ status: HTTPStatus, _ code: String, _ words: String) -> Response
  /// What its code for a fault of its own is.
  let ownFault: String
  /// What its code for too many requests is.
  let throttled: String
}

extension World {
  /// Answers a request, or lets go wrong what is to go wrong.
  func acting(
    _ deed: Deed, _ shape: Shape, _ voice: Voice, _ act: (Fault?) async throws -> Response
  ) async throws -> Response {
    let fault = with { state -> Fault? in
      state.requests["\(shape.rawValue) \(deed.rawValue)", default: 0] += 1
      return state.dice.next(for: deed)
    }
    if settings.latency > .zero { try await pause(settings.latency) }
    switch fault {
    case .error: return voice.failure(.internalServerError, voice.ownFault, "something broke before anything was done")
    case .throttled: return voice.failure(.tooManyRequests, voice.throttled, "too many requests")
    case .silence: return try await silent()
    case .late:
      try await pause(settings.silence)
      return try await act(nil)
    case .errorAfter:
      _ = try await act(nil)
      return voice.failure(.internalServerError, voice.ownFault, "something broke")
    case .silenceAfter:
      _ = try await act(nil)
      return try await silent()
    case .garbageAfter:
      _ = try await act(nil)
      return Response(
        status: .ok, fields: ["Content-Type": "application/json"], body: .bytes(Array("<html>\u{0}{{".utf8)))
    case .cutAfter:
      _ = try await act(nil)
      return Response(status: .ok, body: .stream(length: 1000) { _ in throw CutOff() })
    case .soldOut, .priceRise, nil: return try await act(fault)
    }
  }

  private func silent() async throws -> Response {
    try await pause(settings.silence)
    throw Problem(.gatewayTimeout, detail: "The sandbox was silent for as long as it was told to be.")
  }

  private func pause(_ duration: Duration) async throws {
    guard let loop = EventLoop.current else { return }
    try await loop.sleep(for: duration)
  }
}

/// The connection is to be cut.
private struct CutOff: Error {}
