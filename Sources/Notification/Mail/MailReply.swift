/// What a mail server answered, as far as it decides what becomes of a mail.
package struct MailReply: Sendable, Hashable {
  /// Where in the conversation it came.
  package enum Stage: Sendable, Hashable {
    /// Greeting, TLS or signing in: about us.
    case session
    /// The sender or the receiver was named.
    case envelope
    /// The mail was handed over.
    case data
  }

  /// The three digits; 0 where none came.
  package let code: Int
  /// What else it said, with the enhanced code if there was one.
  package let text: String
  /// When it came.
  package let stage: Stage

  /// A reply.
  package init(code: Int, text: String, stage: Stage) {
    self.code = code
    self.text = text
    self.stage = stage
  }

  /// What it means: 4xx passes, 5xx does not, and some of these say that nobody reads mail there.
  package var verdict: CourierVerdict {
    switch code {
    case 200..<300: return .delivered(reference: nil)
    // A server that does not let us in lets no mail in: that is for whoever runs the installation to mend, and mails wait.
    case 500..<600 where stage == .session: return .later(reason, after: nil)
    case 500..<600: return saysNobodyIsThere ? .unreachable(reason) : .refused(reason)
    default: return .later(reason, after: nil)
    }
  }

  /// One line for a log or an operator, of bounded length.
  private var reason: String {
    let printable = text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined()
    return String("\(code) \(printable)".prefix(300))
  }

  /// RFC 3463: 5.1.x is about the address, 5.2.1 a mailbox that is switched off; without such a code, what RFC 5321 says of
  /// answers to the receiver's name.
  private var saysNobodyIsThere: Bool {
    if let enhanced {
      return enhanced.subject == 1 && [0, 1, 2, 3, 6, 10].contains(enhanced.detail)
        || (enhanced.subject == 2 && enhanced.detail == 1)
    }
    return stage == .envelope && [550, 551, 553].contains(code)
  }

  private var enhanced: (subject: Int, detail: Int)? {
    let first = text.split(separator: " ").first ?? ""
    let numbers = first.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, numbers[0] == code / 100, let subject = numbers[1], let detail = numbers[2] else {
      return nil
    }
    return (subject, detail)
  }
}

/// What became of a try to send.
package enum CourierVerdict: Sendable, Hashable {
  /// It was taken, under the name that the receiver gave it.
  case delivered(reference: String?)
  /// Not now; perhaps later, and not before the seconds have passed where they are told.
  case later(String, after: Int?)
  /// Never this message, though others may go there.
  case refused(String)
  /// Nothing reaches that address any more.
  case unreachable(String)
}
