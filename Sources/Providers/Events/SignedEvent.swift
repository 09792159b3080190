import JSON
import Kernel

/// What the events of all who sign them with a time have in common.
struct SignedEvent {
  /// What it is known by, however often it comes.
  let id: String
  /// What happened, in the sender's word.
  let type: String
  /// What it is about.
  let object: JSONNode?

  /// Reads an event whose signature has been found good.
  ///
  /// - Parameters:
  ///   - body: as it came.
  ///   - signature: the header's value, `t=SECONDS,v1=HEX`.
  ///   - secret: what we share with the sender.
  ///   - now: the time; five minutes off are put up with.
  /// - Throws: what is wrong with it.
  init(body: [UInt8], signature: String?, secret: String, now: Instant) throws(EventFlaw) {
    try TimedSignature.check(signature, body, secret: secret, now: now)
    // What cannot be parsed and what lacks a name are the same to us.
    guard let node = try? JSONDocument(bytes: body, limits: JSONLimits(bytesMax: 1 << 20)).root,
      let id = node.text("id"), let type = node.text("type")
    else { throw .unreadable }
    self.id = id
    self.type = type
    object = node.member("data")?.member("object")
  }
}
