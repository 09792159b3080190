import EventLoop
import HTTP
import Kernel
import Notification
import TestSupport
import Testing

@testable import Couriers

@Suite("Mails that are carried")
struct MailCourierTests {
  private func server(_ port: Int, host: String = "127.0.0.1", _ security: MailServer.Security = .none) -> MailServer {
    var server = MailServer(host: host, port: port, security: security)
    server.helloName = "wayfare.example"
    server.timeout = .seconds(5)
    return server
  }

  private func mail(_ identity: String = "delivery.1", subject: String = "Hi") throws -> MailMessage {
    let words = RenderedMessage(
      subject: subject, short: "", text: "Grüße\n.\nFrom here\n" + String(repeating: "x", count: 300),
      html: "<p>Grüße</p>")
    return MailMessage(
      from: try Mailbox("trips@example.org", name: "Wayfare"), to: try Mailbox("ada@example.org", name: "Ada Lovelåce"),
      words: words, language: "de", identity: identity, date: Instant(secondsSinceEpoch: 1_780_000_000))
  }

  private func verdict(_ server: MailServer, _ mail: MailMessage) async throws -> CourierVerdict {
    let courier = try MailCourier(loop: TestCluster.loops.loops[0], server: server)
    let verdict = try await courier.send(mail)
    await courier.close()
    return verdict
  }

  @Test("aiosmtpd takes a mail and reads in it what was written", .enabled(if: OtherMailServer.python != nil))
  func taken() async throws {
    let other = try OtherMailServer()
    let subject = "Grüße aus Köln — " + String(repeating: "旅行", count: 30)
    #expect(try await verdict(server(other.port), mail(subject: subject)) == .delivered(reference: nil))
    let found = try #require(try other.mails().first)
    #expect(found["sender"] == "trips@example.org" && found["receiver"] == "ada@example.org")
    #expect(found["subject"] == subject && found["to"] == "Ada Lovelåce <ada@example.org>")
    #expect(found["id"] == "<delivery.1@example.org>" && found["defects"] == "[]")
    #expect(found["text"]?.hasPrefix("Grüße\n.\nFrom here\nxxx") == true)
    #expect(found["html"]?.contains("<p>Grüße</p>") == true)
    #expect(Int(found["longest"] ?? "999").map { $0 <= 78 } == true)
  }

  @Test(
    "with STARTTLS a mail goes sealed and signed in; a strange certificate or a wrong password lets none out",
    .enabled(if: OtherMailServer.python != nil))
  func sealed() async throws {
    var setup = OtherMailServer.Setup()
    setup.isTLS = true
    setup.login = ("trips", "a secret word")
    let other = try OtherMailServer(setup)
    var good = server(other.port, host: "localhost", .startTLS)
    good.authorities = other.certificate
    good.login = MailServer.Login(user: "trips", password: "a secret word")
    #expect(try await verdict(good, mail()) == .delivered(reference: nil))
    let found = try #require(try other.mails().first)
    #expect(found["tls"] == "True" && found["user"] == "trips")
    var strange = good
    strange.authorities = nil
    guard case .later(let why, _) = try await verdict(strange, mail()) else {
      Issue.record("a strange certificate was believed")
      return
    }
    #expect(!why.contains("secret"))
    var wrong = good
    wrong.login = MailServer.Login(user: "trips", password: "another secret")
    guard case .later(let reason, _) = try await verdict(wrong, mail()) else {
      Issue.record("a wrong password let a mail out")
      return
    }
    #expect(!reason.contains("secret"), "\(reason)")
    #expect(try other.mails().count == 1)
    let client = try MailClient(loop: TestCluster.loops.loops[0], server: good)
    #expect(await client.check() == nil)
    await client.close()
    let refused = try MailClient(loop: TestCluster.loops.loops[0], server: wrong)
    #expect(await refused.check() != nil)
    await refused.close()
    #expect("\(wrong)".contains("another secret") == false)
  }

  @Test("a server that has no TLS gets nothing where TLS is wanted")
  func noTLS() async throws {
    let tiny = TinyMailServer()
    guard case .later = try await verdict(server(tiny.port, .startTLS), mail()) else {
      Issue.record("a mail went out in the clear")
      return
    }
    #expect(tiny.mails.isEmpty)
  }

  @Test(
    "each way to say no is understood",
    arguments: [
      (TinyMailServer.Fare.greeting("421 too busy"), "later"), (.sender("550 5.7.1 who are you"), "later"),
      (.receiver("450 4.2.0 greylisted"), "later"), (.receiver("550 5.1.1 no such user"), "unreachable"),
      (.receiver("550 5.7.1 not from you"), "refused"), (.data("554 5.6.0 spam"), "refused"),
      (.data("451 4.3.0 later"), "later"),
      (.droppedInData, "later"), (.takenAndDropped, "later"), (.silent, "later"),
    ])
  func refusals(_ fare: TinyMailServer.Fare, _ expected: String) async throws {
    let tiny = TinyMailServer([fare])
    var server = server(tiny.port)
    server.timeout = .seconds(1)
    var long = try mail()
    long.text = String(repeating: "a line of text\n", count: 5000)
    let found = try await verdict(server, long)
    let word =
      switch found {
      case .delivered: "delivered"
      case .later: "later"
      case .refused: "refused"
      case .unreachable: "unreachable"
      }
    #expect(word == expected, "\(found)")
    #expect(tiny.mails.count == (fare == .takenAndDropped ? 1 : 0))
  }

  @Test("mails that follow one another share a connection, and one that was dropped is the same when it comes again")
  func again() async throws {
    let tiny = TinyMailServer([.taken, .taken, .takenAndDropped])
    let courier = try MailCourier(loop: TestCluster.loops.loops[0], server: server(tiny.port))
    for number in 1...2 { #expect(try await courier.send(mail("m.\(number)")) == .delivered(reference: nil)) }
    #expect(tiny.connections == 1)
    guard case .later = try await courier.send(mail("m.3")) else {
      Issue.record("an answer came from nowhere")
      return
    }
    #expect(try await courier.send(mail("m.3")) == .delivered(reference: nil))
    await courier.close()
    #expect(tiny.mails.count == 4 && tiny.mails[2].text == tiny.mails[3].text)
    #expect(tiny.mails[3].header("Message-ID") == "<m.3@example.org>")
  }
}
