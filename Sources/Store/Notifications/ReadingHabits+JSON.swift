package import JSON
import Kernel
package import Notification

// The one place where habits are read and written: in what people send, and in what is kept of it.
extension ReadingHabits: JSONReadable, JSONWritable {
  /// Reads habits; what is not said stays as it is for who has said nothing.
  ///
  /// - Throws: what is wrong with them, with its place.
  package init(json: JSONNode) throws(JSONError) {
    self.init()
    let object = try json.object(fields: "email", "push", "sms", "digest", "quietHours", "zone", "kinds")
    channels = []
    if try object.optional("email") ?? true { channels.insert(.email) }
    if try object.optional("push") ?? true { channels.insert(.push) }
    if try object.optional("sms") ?? false { channels.insert(.sms) }
    if let node = object.find("digest") { digest = try Self.digest(node) }
    if let node = object.find("zone") {
      let text = try node.string
      guard let name = ZoneName(text) else { throw node.fault("must name a time zone, as Europe/Berlin") }
      zone = name
    }
    if let node = object.find("quietHours"), !node.isNull {
      let hours = try node.object(fields: "from", "to")
      let from: JSONNode = try hours.required("from", as: JSONNode.self)
      let to: JSONNode = try hours.required("to", as: JSONNode.self)
      guard let read = QuietHours(from: try Self.minute(from), to: try Self.minute(to)) else {
        throw node.fault("must begin and end at different times")
      }
      quiet = read
    }
    guard let kinds = object.find("kinds") else { return }
    guard kinds.kind == .object else { throw kinds.wrongType("an object") }
    for (name, node) in try kinds.members {
      guard let kind = MessageKind(rawValue: name), MessageKind.choosable.contains(kind) else {
        throw kinds.fault(
          "cannot choose \"\(name)\"; it is one of \(MessageKind.choosable.map(\.rawValue).joined(separator: ", "))")
      }
      let chosen = try node.object(fields: "email", "push", "sms")
      if let isOn: Bool = try chosen.optional("email") { exceptions[kind, default: [:]][.email] = isOn }
      if let isOn: Bool = try chosen.optional("push") { exceptions[kind, default: [:]][.push] = isOn }
      if let isOn: Bool = try chosen.optional("sms") { exceptions[kind, default: [:]][.sms] = isOn }
    }
  }

  private static func digest(_ node: JSONNode) throws(JSONError) -> Digest {
    if node.kind == .bool { return try Bool(json: node) ? .daily : .off }
    let text = try node.string
    guard let digest = Digest(rawValue: text) else { throw node.fault("must be off, hourly or daily") }
    return digest
  }

  private static func minute(_ node: JSONNode) throws(JSONError) -> Int {
    let digits = Array(try node.string.utf8)
    let isShaped =
      digits.count == 5 && digits[2] == UInt8(ascii: ":")
      && [0, 1, 3, 4].allSatisfy { (48...57).contains(digits[$0]) }
    guard isShaped else { throw node.fault("must be a time of day, as 22:00") }
    let (hour, minute) = (
      Int(digits[0] - 48) * 10 + Int(digits[1] - 48), Int(digits[3] - 48) * 10 + Int(digits[4] - 48)
    )
    guard hour < 24, minute < 60 else { throw node.fault("must be a time of day, as 22:00") }
    return hour * 60 + minute
  }

  /// Writes habits, all of them.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("email", channels.contains(.email))
      object.field("push", channels.contains(.push))
      object.field("sms", channels.contains(.sms))
      object.field("digest", digest.rawValue)
      object.field("zone", zone.description)
      if let quiet {
        object.object("quietHours") {
          $0.field("from", Self.clock(quiet.from))
          $0.field("to", Self.clock(quiet.to))
        }
      }
      guard !exceptions.isEmpty else { return }
      object.object("kinds") { kinds in
        for (kind, chosen) in exceptions.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
          kinds.field(named: kind.rawValue, Choice(channels: chosen))
        }
      }
    }
  }

  private struct Choice: JSONWritable {
    let channels: [Channel: Bool]

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        for (channel, isOn) in channels.sorted(by: { $0.key < $1.key }) { object.field(named: channel.rawValue, isOn) }
      }
    }
  }

  private static func clock(_ minute: Int) -> String {
    let digits = [minute / 60, minute % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }
    return digits.joined(separator: ":")
  }
}
