package import Kernel

/// A mail with a plain part and one of HTML that say the same.
///
/// The bytes follow from what it says alone: a mail that is sent again is the same mail, by its Message-ID too, so that what
/// receives it can tell.
package struct MailMessage: Sendable, Hashable {
  /// Why a mail cannot be written.
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Its bytes, of which at most ``MailMessage/bytesMax`` are sent.
    case tooLarge(Int)
    /// The name that tells it from others has other signs than letters, digits, `.` and `-`.
    case identity(String)

    /// One sentence with the mend.
    package var description: String {
      switch self {
      case .tooLarge(let count): "the mail has \(count) bytes, and at most \(MailMessage.bytesMax) are sent; say less"
      case .identity(let text): "\"\(text)\" cannot name a mail; use letters, digits, . and -"
      }
    }
  }

  /// Bytes of a mail.
  package static let bytesMax = 512 * 1024

  /// Who it is from.
  package var from: Mailbox
  /// Who gets it.
  package var to: Mailbox
  /// What it is about.
  package var subject: String
  /// What it says.
  package var text: String
  /// The same as a page.
  package var html: String
  /// The language that it is written in, as a tag.
  package var language: String
  /// What tells it from every other mail of this installation.
  package var identity: String
  /// When it was written.
  package var date: Instant
  /// Where one can have no more of the kind; an `https` address.
  package var unsubscribe: String?

  /// A mail.
  package init(
    from: Mailbox, to: Mailbox, words: RenderedMessage, language: String, identity: String, date: Instant,
    unsubscribe: String? = nil
  ) {
    self.from = from
    self.to = to
    subject = words.subject
    text = words.text
    html = words.html
    self.language = language
    self.identity = identity
    self.date = date
    self.unsubscribe = unsubscribe
  }

  /// What the Message-ID header holds.
  package var messageID: String { "<\(identity)@\(from.host)>" }

  /// The mail as it is sent: every line ends with CR and LF, none has more than 998 characters, and all is ASCII but for
  /// addresses that are not.
  ///
  /// - Throws: why it cannot be written.
  package func bytes() throws(Fault) -> [UInt8] {
    let isName = identity.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
    }
    guard isName, (1...100).contains(identity.utf8.count) else { throw .identity(identity) }
    // No line of quoted-printable holds "=_".
    let boundary = "=_wayfare_\(identity)"
    var out = Array(header(boundary).utf8)
    for (type, body) in [("text/plain", text), ("text/html", html)] {
      out += Array("--\(boundary)\r\nContent-Type: \(type); charset=utf-8\r\n".utf8)
      out += Array("Content-Transfer-Encoding: quoted-printable\r\n\r\n".utf8)
      out += QuotedPrintable.encode(body) + [13, 10]
    }
    out += Array("--\(boundary)--\r\n".utf8)
    guard out.count <= MailMessage.bytesMax else { throw .tooLarge(out.count) }
    return out
  }

  private func header(_ boundary: String) -> String {
    var out = "Date: \(MailDate.text(date))\r\n"
    out += HeaderText.field("From", from) + HeaderText.field("To", to)
    out += HeaderText.field("Subject", text: subject)
    out += "Message-ID: \(messageID)\r\nContent-Language: \(HeaderText.folded(language, from: 18))\r\n"
    // Holiday replies stay away from what a program sends (RFC 3834).
    out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
    if let unsubscribe, unsubscribe.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 60 && $0 != 62 }) {
      out += "List-Unsubscribe:\r\n <\(unsubscribe)>\r\n"
      // One click is for addresses that nobody listens in on (RFC 8058, section 3.1).
      if unsubscribe.hasPrefix("https://") { out += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" }
    }
    out += "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n\r\n"
    return out
  }
}

/// Dates as mails have them: `Sun, 06 Nov 1994 08:49:37 +0000`.
private enum MailDate {
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func text(_ moment: Instant) -> String {
    let local = ZoneRules.utc.local(at: moment)
    let civil = local.date.civil
    let second = Int(local.secondOfDay)
    let clock = [second / 3600, second / 60 % 60, second % 60].map(two).joined(separator: ":")
    return "\(days[local.date.weekday - 1]), \(two(civil.day)) \(months[civil.month - 1]) \(civil.year) \(clock) +0000"
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
