package import Accounts
import JSON

/// Letters on their way through the queue, where operators and backups see what waits: sealed, and all of one length, so that
/// neither their tokens can be used nor whom they go to be learnt.
package enum LetterBox {
  /// Letters are filled up to a multiple of this.
  private static let block = 1024

  /// The payload of the job that sends a letter.
  package static func seal(_ addressed: AddressedLetter, _ key: MasterKey) -> String {
    let letter = addressed.letter
    return seal(
      Opened(
        kind: letter.kind, address: addressed.address, name: addressed.name, token: letter.token,
        organisation: letter.organisation), key)
  }

  /// The payload of the job that sends a letter about something else than accounts.
  package static func seal(_ letter: Opened, _ key: MasterKey) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.field("kind", letter.kind)
      $0.field("to", letter.address)
      $0.field("name", ifPresent: letter.name)
      $0.field("token", ifPresent: letter.token)
      $0.field("organisation", ifPresent: letter.organisation)
      $0.field("trip", ifPresent: letter.trip)
      $0.field("author", ifPresent: letter.author)
    }
    var text = writer.finish()
    text += [UInt8](repeating: UInt8(ascii: " "), count: block - text.count % block)
    let sealed = Base64URL.encode(SealedBox.seal(text, key: key.key(for: .mail)))
    return #"{"kind":"account.mail","sealed":"\#(sealed)"}"#
  }

  /// A letter as whoever sends it reads it.
  package struct Opened: Sendable, Hashable {
    /// What it is about, in a word such as `account.confirm`.
    package let kind: String
    /// Where it goes.
    package let address: String
    /// Whom it greets.
    package let name: String?
    /// What it leads somewhere with.
    package let token: String?
    /// The organisation that it is about.
    package let organisation: String?
    /// The trip that it is about.
    package let trip: String?
    /// Who has it sent.
    package let author: String?

    /// A letter.
    package init(
      kind: String, address: String, name: String? = nil, token: String? = nil, organisation: String? = nil,
      trip: String? = nil, author: String? = nil
    ) {
      self.kind = kind
      self.address = address
      self.name = name
      self.token = token
      self.organisation = organisation
      self.trip = trip
      self.author = author
    }
  }

  /// Opens a job's payload; nil if it was not sealed under this key.
  package static func open(_ payload: String, _ key: MasterKey) -> Opened? {
    guard let text = try? JSONDocument(text: payload).root.find("/sealed")?.string,
      let sealed = Base64URL.decode(text.utf8), let bytes = SealedBox.open(sealed, key: key.key(for: .mail)),
      let root = try? JSONDocument(bytes: bytes).root
    else { return nil }
    guard let kind = root.text("kind"), let address = root.text("to") else { return nil }
    return Opened(
      kind: kind, address: address, name: root.text("name"), token: root.text("token"),
      organisation: root.text("organisation"),
      trip: root.text("trip"), author: root.text("author"))
  }
}
