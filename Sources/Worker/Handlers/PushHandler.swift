import JSON
import Kernel
import Notification
import Store

extension JobHandler {
  /// Jobs of kind `notification.push`: a message of somebody's feed goes to all of their devices.
  ///
  /// Where one of them cannot be reached now, all are tried again: those that have it show it once, as it keeps its name.
  package static func notificationPush(_ desk: MessageDesk, _ push: MessageDesk.Push) -> JobHandler {
    JobHandler(.notificationPush) { context in
      let id = try context.deliveryID()
      guard let outgoing = try await desk.store.begin(id) else { return .done(nil) }
      func end(_ ending: DeliveryEnding, without gone: [DeviceID] = []) async throws -> JobAnswer {
        try await context.complete { (transaction) async throws -> Void in
          try await desk.store.removeDevices(gone, in: transaction)
          try await desk.store.end(id, ending, in: transaction)
        }
      }
      guard let kind = MessageKind(rawValue: outgoing.kind),
        let words = desk.words(of: outgoing, kind, desk.language(outgoing.reader.language))
      else { return try await end(.skipped("it does not say what its words have places for")) }
      let devices = try await desk.store.devices(of: outgoing.reader.id).filter { push.platforms.contains($0.platform) }
      guard !devices.isEmpty else { return try await end(.skipped("there is no device")) }
      let message = PushMessage(
        id: id.description, title: words.subject, body: words.short, kind: kind.rawValue,
        link: desk.link(kind, trip: outgoing.trip))
      var sum = PushSum()
      for device in devices { sum.add(try await push.send(message, device.platform, device.token), device.id) }
      if let reason = sum.later, context.job.attempt < context.job.attemptsMax { throw NotPushed(reason: reason) }
      return try await end(sum.ending, without: sum.gone)
    }
  }
}

/// What became of a message on several devices.
private struct PushSum {
  var reached = 0
  var gone: [DeviceID] = []
  var later: String?
  var refusal: String?

  mutating func add(_ verdict: CourierVerdict, _ device: DeviceID) {
    switch verdict {
    case .delivered: reached += 1
    case .later(let reason, _): later = reason
    case .refused(let reason): refusal = reason
    case .unreachable(let reason):
      refusal = reason
      gone.append(device)
    }
  }

  var ending: DeliveryEnding {
    reached > 0 ? .sent("\(reached) devices") : .failed(later ?? refusal ?? "there is no device")
  }
}

private struct NotPushed: Error, CustomStringConvertible {
  let reason: String
  var description: String { "the message was not taken: \(reason)" }
}

extension JobContext {
  /// The delivery that a job is to make.
  func deliveryID() throws -> DeliveryID {
    let root = try JSONDocument(text: job.payload).root
    guard let id = DeliveryID(try root.find("/delivery")?.string ?? "") else {
      throw root.fault("must be an id", at: "/delivery")
    }
    return id
  }
}

extension JobKind {
  /// Hands messages to the services of devices.
  static let notificationPush: JobKind = {
    var kind = JobKind(NotificationStore.pushKind, "hands a message to the services of devices", check: { _ in })
    kind.queue = NotificationStore.queue
    kind.perWorkerMax = 8
    kind.timeLimit = .seconds(600)
    kind.retry = RetryDelay(first: .seconds(10), most: .seconds(3600))
    return kind
  }()
}
