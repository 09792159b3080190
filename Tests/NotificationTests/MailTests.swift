import Kernel
import Testing

@testable import Notification

@Suite("Mails as they are written")
struct MailTests {
  private static let words = RenderedMessage(subject: "S", short: "s", text: "Hello,\n\nyou.\n", html: "<p>Hello</p>")

  private func mail(
    to name: String? = nil, subject: String = "Trip", text: String = "Hello", html: String = "<p>Hello</p>"
  ) throws -> String {
    let words = RenderedMessage(subject: subject, short: "", text: text, html: html)
    let mail = MailMessage(
      from: try Mailbox("trips@example.org", name: "Wayfare"), to: try Mailbox("ada@example.org", name: name),
      words: words, language: "en", identity: "delivery.7", date: Instant(secondsSinceEpoch: 784_111_777))
    return String(decoding: try mail.bytes(), as: UTF8.self)
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("a plain mail has a date, an identity that stays, and both parts")
  func plain() throws {
    let text = try mail()
    let all = lines(text)
    #expect(all.contains("Date: Sun, 06 Nov 1994 08:49:37 +0000"))
    #expect(all.contains("Message-ID: <delivery.7@example.org>"))
    #expect(all.contains("Subject: Trip"))
    #expect(
      all.contains("Content-Type: text/plain; charset=utf-8") && all.contains("Content-Type: text/html; charset=utf-8"))
    #expect(try mail() == text, "the same mail has the same bytes")
    #expect(all.last?.isEmpty == true && all.contains("--=_wayfare_delivery.7--"))
  }

  @Test("nothing in a name or subject can begin another header", arguments: ["\r\n", "\n", "\r", "\u{2028}", "\u{85}"])
  func injection(_ breaker: String) throws {
    let evil = "x\(breaker)Bcc: victim@example.com\(breaker)\(breaker)<h1>"
    let text = try mail(to: evil, subject: evil)
    let header = lines(text).prefix { !$0.isEmpty }
    #expect(!header.contains { $0.lowercased().hasPrefix("bcc") })
    #expect(!text.unicodeScalars.contains { $0.value == 13 } || !text.contains("\r\r"))
    // Every line feed is one of ours.
    #expect(text.utf8.filter { $0 == 10 }.count == text.utf8.filter { $0 == 13 }.count)
    #expect(header.allSatisfy { $0.utf8.allSatisfy { $0 >= 32 && $0 < 127 } })
  }

  @Test(
    "an address with a line's end, a blank or an angle is none",
    arguments: [
      "a@b\r\nRCPT TO:<c@d>", "a b@c.d", "a@b>", "<a@b", "a@b@c", "@b", "a@", "", "\"a\"@b.c", "a,b@c.d",
    ])
  func badAddress(_ text: String) {
    #expect(throws: Mailbox.Fault.self) { _ = try Mailbox(text) }
  }

  @Test("a mailbox is read as people write it")
  func written() throws {
    let one = try Mailbox(written: "Wayfare Trips <trips@example.org>")
    #expect(one.name == "Wayfare Trips" && one.address == "trips@example.org" && one.host == "example.org")
    #expect(try Mailbox(written: "\"Trips, Inc\" <t@example.org>").name == "Trips, Inc")
    #expect(try Mailbox(written: "t@example.org").name == nil)
  }

  @Test("subjects and names of other scripts are encoded words of at most 75 characters that cut no character")
  func encodedWords() throws {
    // 30 family emojis of 25 bytes each and German text; decoded by hand below.
    for subject in ["Grüße aus Köln", String(repeating: "旅", count: 80), String(repeating: "👩‍👩‍👧", count: 30), "=?x?="] {
      let all = lines(try mail(subject: subject))
      let start = try #require(all.firstIndex { $0.hasPrefix("Subject: ") })
      let end = try #require(all[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
      let folded = all[start..<end]
      #expect(folded.allSatisfy { $0.utf8.count <= 76 }, "\(folded)")
      var decoded: [UInt8] = []
      for word in folded.joined().dropFirst(9).split(separator: " ") {
        #expect(word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?=") && word.utf8.count <= 75)
        let bytes = try #require(decode(word.dropFirst(10).dropLast(2)))
        #expect(String(validating: bytes, as: UTF8.self) != nil, "each word is whole")
        decoded += bytes
      }
      #expect(String(decoding: decoded, as: UTF8.self) == subject)
    }
  }

  @Test("a name that is no plain word stands in quotes, which it cannot leave")
  func quotedName() throws {
    #expect(try mail(to: "Eve \"the\" X").contains("To: \"Eve \\\"the\\\" X\"\r\n <ada@example.org>\r\n"))
    #expect(try mail(to: "x> <y@z").contains("To: \"x> <y@z\"\r\n <ada@example.org>\r\n"))
    #expect(try mail(to: "Ada Lovelace").contains("To: Ada Lovelace\r\n <ada@example.org>\r\n"))
  }

  @Test("bodies are quoted-printable in lines of 76, with points, blanks and From at risk written as codes")
  func quotedPrintable() {
    #expect(
      String(decoding: QuotedPrintable.encode("a=b\n.\nFrom x\nend "), as: UTF8.self)
        == "a=3Db\r\n=2E\r\n=46rom x\r\nend=20")
    let long = String(repeating: "ü", count: 200)
    let text = String(decoding: QuotedPrintable.encode(long), as: UTF8.self)
    #expect(lines(text).allSatisfy { $0.utf8.count <= 76 })
    #expect(text.split(separator: "=\r\n").joined() == String(repeating: "=C3=BC", count: 200))
    // 76 letters fit on a line, 77 do not.
    #expect(
      lines(String(decoding: QuotedPrintable.encode(String(repeating: "a", count: 76)), as: UTF8.self)).count == 1)
    #expect(
      lines(String(decoding: QuotedPrintable.encode(String(repeating: "a", count: 77)), as: UTF8.self)).count == 2)
  }

  @Test("a mail of more bytes than are sent, or with a strange identity, is refused")
  func refused() throws {
    let huge = String(repeating: "x", count: MailMessage.bytesMax)
    #expect(throws: MailMessage.Fault.self) { _ = try mail(text: huge) }
    var strange = MailMessage(
      from: try Mailbox("a@b.c"), to: try Mailbox("a@b.c"), words: Self.words, language: "en", identity: "x\r\ny",
      date: Instant(secondsSinceEpoch: 0))
    #expect(throws: MailMessage.Fault.identity("x\r\ny")) { _ = try strange.bytes() }
    strange.identity = "x"
    strange.unsubscribe = "https://x/\r\nBcc: y"
    #expect(String(decoding: try strange.bytes(), as: UTF8.self).contains("Bcc") == false)
  }

  @Test("one click has no more mails sent where the address is https, and nowhere else")
  func oneClick() throws {
    var mail = MailMessage(
      from: try Mailbox("a@b.c"), to: try Mailbox("a@b.c"), words: Self.words, language: "en", identity: "x",
      date: Instant(secondsSinceEpoch: 0))
    func text() throws -> String { String(decoding: try mail.bytes(), as: UTF8.self) }
    #expect(try !text().contains("List-Unsubscribe"))
    mail.unsubscribe = "https://site.example/unsubscribe?pass=abc"
    let secure = try text()
    #expect(secure.contains("List-Unsubscribe:\r\n <https://site.example/unsubscribe?pass=abc>\r\n"))
    #expect(secure.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
    mail.unsubscribe = "http://site.example/unsubscribe?pass=abc"
    #expect(try !text().contains("One-Click"))
  }

  private func decode(_ text: Substring) -> [UInt8]? {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bits = 0
    var count = 0
    var out: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let value = digits.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(bits >> count & 255))
      }
    }
    return out
  }
}

@Suite("What mail servers answer")
struct MailReplyTests {
  @Test(
    "a refusal marks an address only when the server says that nobody is there",
    arguments: [
      (550, "5.1.1 no such user", MailReply.Stage.envelope, true), (550, "no such user", .envelope, true),
      (550, "5.7.1 blocked by policy", .envelope, false), (552, "5.2.2 mailbox full", .envelope, false),
      (554, "5.6.0 bad content", .data, false), (550, "spam", .data, false), (550, "5.1.1 unknown", .data, true),
      (550, "5.2.1 mailbox disabled", .envelope, true), (553, "relaying denied", .envelope, true),
    ])
  func permanent(_ code: Int, _ text: String, _ stage: MailReply.Stage, _ isGone: Bool) {
    let verdict = MailReply(code: code, text: text, stage: stage).verdict
    if case .unreachable = verdict {
      #expect(isGone)
    } else if case .refused = verdict {
      #expect(!isGone)
    } else {
      Issue.record("\(verdict)")
    }
  }

  @Test("what passes is tried again, and so is what is about us rather than about the mail")
  func passing() {
    for (code, stage) in [
      (421, MailReply.Stage.session), (450, .envelope), (451, .data), (535, .session), (554, .session),
    ] {
      guard case .later = MailReply(code: code, text: "x", stage: stage).verdict else {
        Issue.record("\(code) \(stage)")
        continue
      }
    }
    #expect(MailReply(code: 250, text: "ok", stage: .data).verdict == .delivered(reference: nil))
  }
}
