import Testing

@testable import Notification

@Suite("Reports that a mail has not arrived")
struct BounceReportTests {
  /// As Postfix writes it, with a name of ours in it.
  private func report(
    action: String = "failed", status: String = "5.1.1", kind: String = "message/rfc822",
    name: String = "<delivery.00000000-0000-4000-8000-000000000001@trips.example.org>",
    boundary: String = "AB/mail.example"
  ) -> [UInt8] {
    let text = """
      From: MAILER-DAEMON@mail.example (Mail Delivery System)
      Subject: Undelivered Mail Returned to Sender
      Content-Type: multipart/report; report-type=delivery-status;
        boundary="\(boundary)"

      This is a MIME-encapsulated message.

      --\(boundary)
      Content-Description: Notification
      Content-Type: text/plain; charset=us-ascii

      I'm sorry to have to inform you that your message could not be delivered.

      --\(boundary)
      Content-Description: Delivery report
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mail.example
      Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000 (UTC)

      Final-Recipient: rfc822; nobody@example.net
      Original-Recipient: rfc822;ada@example.org
      Action: \(action)
      Status: \(status)
      Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.net>: Recipient address
        rejected: User unknown

      --\(boundary)
      Content-Description: Undelivered Message
      Content-Type: \(kind)

      Date: Sun, 22 Nov 2026 09:59:59 +0000
      Message-ID: \(name)
      Subject: Your tickets

      Good news.
      --\(boundary)--
      """
    return Array(text.replacing("\n", with: "\r\n").utf8)
  }

  @Test("what has failed for good is told by the address that we know, with the reason in one line")
  func hard() throws {
    for kind in ["message/rfc822", "text/rfc822-headers"] {
      let read = try #require(BounceReport(report(kind: kind)))
      #expect(read.identity == "delivery.00000000-0000-4000-8000-000000000001")
      let receiver = try #require(read.receivers.first)
      #expect(read.receivers.count == 1 && receiver.address == "ada@example.org")
      #expect(receiver.isFailed && receiver.isAddressGone)
      #expect(
        receiver.reason
          == "5.1.1 smtp; 550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown")
    }
  }

  @Test(
    "what is late, full or not wanted says nothing of the address",
    arguments: [
      ("delayed", "4.4.1", false), ("failed", "5.7.1", true), ("failed", "4.2.2", false), ("failed", "5.2.2", true),
    ])
  func soft(_ action: String, _ status: String, _ isFailed: Bool) throws {
    let receiver = try #require(BounceReport(report(action: action, status: status))?.receivers.first)
    #expect(receiver.isFailed == isFailed && !receiver.isAddressGone)
  }

  @Test("what is no report, or names no mail, is none; and no cut or damage of one does harm")
  func strange() {
    #expect(BounceReport(Array("Subject: out of office\r\n\r\nI am away.".utf8)) == nil)
    #expect(BounceReport(report(name: "nothing")) == nil)
    #expect(BounceReport(report(status: "five")) == nil)
    #expect(BounceReport([]) == nil)
    let whole = report()
    for end in stride(from: 0, to: whole.count, by: 7) {
      _ = BounceReport(Array(whole[..<end]))
      var damaged = whole
      damaged[end] = 0
      _ = BounceReport(damaged)
    }
  }
}
