/// A mail that tells that another has not arrived, or not yet (RFC 3464): what it says of the mail that we sent.
///
/// Anybody can write one. So it is believed only about a mail of ours that it names by its Message-ID, which has an id that
/// nobody guesses, and about the address that this mail went to.
package struct BounceReport: Hashable, Sendable {
  /// What is told of one receiver.
  package struct Receiver: Hashable, Sendable {
    package let address: String
    /// Whether it is over: nothing tries any more.
    package let isFailed: Bool
    /// Whether nobody reads mail at that address, rather than that this mail was not wanted there.
    package let isAddressGone: Bool
    /// For people, of bounded length.
    package let reason: String
  }

  /// What the Message-ID of the mail has before its `@`: what the mail is known by here.
  package let identity: String
  package let receivers: [Receiver]

  private static let receiversMax = 50
  private static let reasonMax = 300

  /// Reads a mail; nil where it is no such report, or does not say which mail it is about.
  package init?(_ bytes: [UInt8]) {
    let mail = MailPart(bytes[...])
    guard let boundary = mail.boundary(of: "multipart/report") else { return nil }
    let parts = mail.parts(boundary)
    guard let status = parts.first(where: { $0.isKind("message/delivery-status") }),
      let original = parts.first(where: {
        $0.isKind("message/rfc822") || $0.isKind("text/rfc822-headers") || $0.isKind("message/rfc822-headers")
      }), let name = MailPart(original.body).field("message-id"), let identity = BounceReport.identity(name)
    else { return nil }
    self.identity = identity
    // The first group of fields is about the report, each further one about a receiver.
    receivers = status.groups.dropFirst().prefix(BounceReport.receiversMax).compactMap { BounceReport.receiver($0) }
    if receivers.isEmpty { return nil }
  }

  private static func receiver(_ fields: MailPart) -> Receiver? {
    // Who forwarded the mail names both: where it went first is what we know.
    guard let place = fields.field("original-recipient") ?? fields.field("final-recipient"),
      let semicolon = place.firstIndex(of: ";"), let action = fields.field("action")?.lowercased()
    else { return nil }
    let address = String(place[place.index(after: semicolon)...].drop { $0 == " " }.prefix(254))
    let status = fields.field("status").map { String($0.prefix { $0 != " " && $0 != "(" }) } ?? ""
    let numbers = status.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard address.contains("@"), numbers.count == 3, let kind = numbers[0], let subject = numbers[1],
      let detail = numbers[2]
    else { return nil }
    let isFailed = action == "failed" && kind == 5
    let isGone = subject == 1 && [0, 1, 2, 3, 6, 10].contains(detail) || subject == 2 && detail == 1
    let words = fields.field("diagnostic-code").map { " " + $0 } ?? ""
    let printable = (status + words).unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined()
    return Receiver(
      address: address, isFailed: isFailed, isAddressGone: isFailed && isGone,
      reason: String(printable.prefix(reasonMax)))
  }

  /// What stands between `<` and `@`.
  private static func identity(_ name: String) -> String? {
    guard let start = name.firstIndex(of: "<"), let end = name[start...].firstIndex(of: "@") else { return nil }
    let identity = name[name.index(after: start)..<end]
    return (1...200).contains(identity.utf8.count) ? String(identity) : nil
  }
}

/// Fields and what follows them, as mails and their parts have them.
private struct MailPart {
  private let fields: [(name: String, value: String)]
  let body: ArraySlice<UInt8>

  private static let fieldsMax = 500
  private static let partsMax = 20
  private static let groupsMax = 60

  init(_ bytes: ArraySlice<UInt8>) {
    var (fields, rest) = ([(name: String, value: String)](), bytes)
    while !rest.isEmpty, fields.count < MailPart.fieldsMax {
      let line = MailPart.line(&rest)
      if line.isEmpty { break }
      let text = String(decoding: line.prefix(2000), as: UTF8.self)
      if line.first == 32 || line.first == 9 {
        if let last = fields.indices.last, fields[last].value.utf8.count < 4000 {
          fields[last].value += " " + text.drop { $0 == " " || $0 == "\t" }
        }
        continue
      }
      guard let colon = text.firstIndex(of: ":") else { continue }
      let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      fields.append((text[..<colon].lowercased(), String(value)))
    }
    self.fields = fields
    body = rest
  }

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  func isKind(_ kind: String) -> Bool {
    (field("content-type") ?? "").lowercased().hasPrefix(kind)
  }

  /// What separates the parts of a mail of a kind; nil for another kind.
  func boundary(of kind: String) -> String? {
    guard isKind(kind), let type = field("content-type") else { return nil }
    for piece in type.split(separator: ";").dropFirst() {
      let pair = piece.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, pair[0].lowercased() == "boundary" else { continue }
      let value = pair[1].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != " " }
      return (1...70).contains(value.utf8.count) ? String(value) : nil
    }
    return nil
  }

  func parts(_ boundary: String) -> [MailPart] {
    let (mark, end) = (Array("--\(boundary)".utf8), Array("--\(boundary)--".utf8))
    var (parts, rest, start) = ([MailPart](), body, Int?.none)
    while !rest.isEmpty, parts.count < MailPart.partsMax {
      let place = rest.startIndex
      let line = MailPart.line(&rest)
      guard line.starts(with: mark) else { continue }
      if let start { parts.append(MailPart(body[start..<place])) }
      start = rest.startIndex
      if line.starts(with: end) { return parts }
    }
    // A report that was cut short still says what it says.
    if let start, start < body.endIndex { parts.append(MailPart(body[start...])) }
    return parts
  }

  /// Groups of fields with empty lines between them.
  var groups: [MailPart] {
    var (groups, rest) = ([MailPart](), body)
    while !rest.isEmpty, groups.count < MailPart.groupsMax {
      let group = MailPart(rest)
      rest = group.body
      if !group.fields.isEmpty { groups.append(group) }
    }
    return groups
  }

  /// The next line without its end.
  private static func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let end = rest.firstIndex(of: 10) ?? rest.endIndex
    var line = rest[rest.startIndex..<end]
    rest = end < rest.endIndex ? rest[(end + 1)...] : rest[rest.endIndex...]
    if line.last == 13 { line = line.dropLast() }
    return line
  }
}
