package import EventLoop

/// A server that takes mails, as whoever runs the installation has set it.
package struct MailServer: Sendable {
  /// How what is said is kept from others.
  package enum Security: String, Sendable, CaseIterable {
    /// TLS from the first byte, as on port 465.
    case tls
    /// TLS before anything is told, as on port 587; a server without it is refused.
    case startTLS = "starttls"
    /// In the clear: for a server on this machine.
    case none
  }

  /// Its name or address.
  package var host: String
  /// Its port.
  package var port: Int
  /// How what is said is kept from others.
  package var security: Security
  /// Who signs in, with which password; nil where nobody need.
  package var login: Login?
  /// Whose certificates are believed, beside none other: a file of PEM; the system's where nil.
  package var authorities: String?
  /// What we call ourselves.
  package var helloName = "localhost"
  /// For a connection, with TLS and name resolution.
  package var connectTimeout: Duration = .seconds(10)
  /// For all of one mail.
  package var timeout: Duration = .seconds(60)

  /// A name and a password; never told.
  package struct Login: Sendable, CustomStringConvertible, CustomReflectable {
    let user: String
    let password: String

    /// A login.
    package init(user: String, password: String) {
      self.user = user
      self.password = password
    }

    /// Nothing that a log may not have.
    package var description: String { "a login" }
    /// Nothing that a log may not have.
    package var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// A server.
  package init(host: String, port: Int, security: Security) {
    self.host = host
    self.port = port
    self.security = security
  }

  /// What libcurl opens; the path is what we call ourselves.
  var url: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "\(security == .tls ? "smtps" : "smtp")://\(name):\(port)/\(helloName)"
  }
}

/// A mail on its way: what the server is told, and what it gets.
package struct MailSubmission: Sendable {
  /// Where what cannot be delivered is returned to.
  package let sender: String
  /// Who gets it.
  package let receiver: String
  /// The mail, in lines that end with CR and LF.
  package let bytes: [UInt8]

  /// A mail; nil when an address could end the line of a command.
  package init?(from sender: String, to receiver: String, _ bytes: [UInt8]) {
    for address in [sender, receiver] {
      let isSafe = address.utf8.allSatisfy {
        $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
      }
      guard isSafe, (3...254).contains(address.utf8.count) else { return nil }
    }
    self.sender = sender
    self.receiver = receiver
    self.bytes = bytes
  }
}

/// What a mail server said at last.
package struct MailAnswer: Sendable, Hashable {
  /// Where in the conversation that was.
  package enum Stage: Sendable, Hashable {
    /// Greeting, TLS, signing in, or the name of the sender.
    case session
    /// The name of the receiver.
    case receiver
    /// The mail itself.
    case data
  }

  /// The three digits.
  package let code: Int
  /// What followed them on the last line.
  package let text: String
  /// Where in the conversation that was.
  package let stage: Stage

  /// Whether the mail was taken.
  package var isAccepted: Bool { stage == .data && code / 100 == 2 }
}

/// Hands mails to a server, over connections that stay open for the next ones.
package final class MailClient: Sendable {
  private let transfers: ClientLoop
  private let server: MailServer

  /// A client on a loop.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start, which means that memory is exhausted.
  package init(loop: EventLoop, server: MailServer, connectionsMax: Int = 4) throws(ClientError) {
    guard let transfers = ClientLoop(loop: loop, connectionsMax: connectionsMax, perHost: connectionsMax) else {
      throw .closed
    }
    self.transfers = transfers
    self.server = server
  }

  /// Hands over a mail, once; whether to try again is for the caller to say.
  ///
  /// - Returns: what the server said at last, be it yes or no.
  /// - Throws: `ClientError` when the conversation broke off: the mail may have been taken if it broke at the end.
  package func send(_ mail: MailSubmission) async throws -> MailAnswer { try await transfers.send(mail, to: server) }

  /// Whether the server lets us in, without sending anything; else why not.
  package func check() async -> String? {
    do {
      _ = try await transfers.enter(server)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Ends what is under way.
  package func close() async { await transfers.close() }
}
