package import EventLoop
package import HTTP
package import Notification

/// Carries mails to the server that whoever runs the installation has set.
package struct MailCourier: Sendable {
  private let client: MailClient

  /// A courier on a loop.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start.
  package init(loop: EventLoop, server: MailServer) throws(ClientError) {
    client = try MailClient(loop: loop, server: server)
  }

  /// Tries once to hand over a mail.
  ///
  /// - Returns: what became of it; where the conversation broke off, the mail may have been taken all the same.
  /// - Throws: `CancellationError` when the task is cancelled.
  package func send(_ mail: MailMessage) async throws -> CourierVerdict {
    let bytes: [UInt8]
    do {
      bytes = try mail.bytes()
    } catch {
      return .refused("\(error)")
    }
    guard let submission = MailSubmission(from: mail.from.address, to: mail.to.address, bytes) else {
      return .refused("\(Mailbox.Fault.address(mail.to.address))")
    }
    do {
      let answer = try await client.send(submission)
      return MailReply(code: answer.code, text: answer.text, stage: answer.stage.ofReply).verdict
    } catch let error as ClientError {
      return .later("\(error)", after: nil)
    }
  }

  /// Ends what is under way.
  package func close() async { await client.close() }
}

extension MailAnswer.Stage {
  var ofReply: MailReply.Stage {
    switch self {
    case .session: .session
    case .receiver: .envelope
    case .data: .data
    }
  }
}
