import Foundation
import Kernel
import Postgres
import Store
import TestSupport
import Testing

@testable import wayfare

/// The program as a whole: what people are sent, and what is left of it when something goes wrong.
@Suite("Mails of the program")
struct ProgramMailTests {
  private struct House: Sendable {
    let client: PostgresClient
    let flags: [String]

    var database: Database { Database(client) }

    func worker(_ port: Int, _ environment: [String: String] = [:], waits: Bool = true) async throws -> ServerProcess {
      var all = environment
      all["WAYFARE_SMTP_URL"] = "smtp://127.0.0.1:\(port)"
      all["WAYFARE_SMTP_SECURITY"] = "none"
      all["WAYFARE_MAIL_FROM"] = "Wayfare <trips@example.org>"
      all["WAYFARE_SITE_URL"] = "https://trips.example.org"
      return try await waits
        ? .startWorker(flags, environment: all) : .beginWorker(flags, environment: all)
    }

    /// What was sent: its kind, its state and how often it was tried.
    func history() async throws -> [String] {
      try await database.notifications.history().map { "\($0.kind) \($0.state) \($0.attempts)" }
    }
  }

  private static let person = #""email":"ada@example.org","password":"violet anchor toast""#

  private func withHouse(_ body: (House, ServerProcess) async throws -> Void) async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let home = TestCluster.makeDirectory("home")
      let flags = ["--database-url", "\(database.settings.address)", "--home", home]
      let server = try await ServerProcess.start("serve", flags)
      try await body(House(client: client, flags: flags), server)
      #expect(try await server.end() == 0)
      await client.close()
    }
  }

  @Test(
    "who registers gets a mail whose code makes the account, through a server that others have written",
    .enabled(if: OtherMailServer.python != nil))
  func registers() async throws {
    let mail = try OtherMailServer()
    try await withHouse { house, server in
      let worker = try await house.worker(mail.port)
      let body = #"{\#(Self.person),"name":"Ada Lovelåce"}"#
      #expect(try await Caller().post(server.url + "/auth/register", body) == 202)
      try await eventually("the mail is there") { try !mail.mails().isEmpty }
      let first = try #require(try mail.mails().first)
      #expect(first["to"] == "Ada Lovelåce <ada@example.org>" && first["from"] == "Wayfare <trips@example.org>")
      #expect(first["subject"] == "Confirm your address" && first["defects"] == "[]")
      let token = try Self.token(try #require(first["text"]))
      #expect(first["html"]?.contains("https://trips.example.org/confirm?lang=en#token=\(token)") == true)
      let confirmation = #"{"token":"\#(token)","password":"violet anchor toast"}"#
      #expect(try await Caller().post(server.url + "/auth/email/confirm", confirmation) == 201)
      #expect(try await Caller().post(server.url + "/auth/login", "{\(Self.person)}") == 200)
      #expect(try await Caller().post(server.url + "/auth/register", body) == 202)
      #expect(try await Caller().post(server.url + "/auth/password/forgot", #"{"email":"ada@example.org"}"#) == 202)
      try await eventually("both are told") { try mail.mails().count == 3 }
      #expect(
        Set(try mail.mails().compactMap { $0["subject"] }) == [
          "Confirm your address", "You have an account already", "Choose a new password",
        ])
      try await eventually("all is kept") { try await house.history().count == 3 }
      #expect(try await house.history().allSatisfy { $0.hasSuffix(" sent 1") })
      let shown = try ServerProcess.run(["notifications", "list"] + house.flags)
      #expect(shown.status == 0 && shown.output.contains("account.confirm  email  -  sent  1"), "\(shown)")
      #expect(!shown.output.contains("ada@") && !worker.said.contains(token) && !worker.said.contains("ada@"))
      #expect(try await worker.end() == 0)
    }
  }

  @Test("reports about mails are read from standard input: of ours they are noted, others leave no trace")
  func bounced() async throws {
    let mail = TinyMailServer()
    try await withHouse { house, server in
      let worker = try await house.worker(mail.port)
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(Self.person),"name":"Ada"}"#) == 202)
      try await eventually("the mail is kept as sent") { try await house.history().count == 1 }
      let identity = try #require(mail.mails.first?.header("Message-ID"))
      func heed(_ input: String?, _ more: [String] = []) throws -> (status: Int32, output: String, errors: String) {
        try ServerProcess.run(["notifications", "bounced"] + more + house.flags, input: input)
      }
      for strange in [nil, "", "Subject: Away\n\nI am on holiday.\n", "\u{0}\u{1}\u{2}", Self.report("", "5.1.1")] {
        let result = try heed(strange)
        #expect(result.status == 0 && result.output.contains("no report about a mail of ours"), "\(result)")
      }
      let other = try heed(Self.report("<0123456789abcdef0123456789abcdef@example.org>", "5.1.1"))
      #expect(other.status == 0 && !other.output.contains("is marked"), "\(other)")
      let delayed = try heed(Self.report(identity, "4.4.1", action: "delayed"))
      #expect(delayed.status == 0, "\(delayed)")
      // Of letters of accounts no address is kept, so that it is noted and nobody marked.
      let failed = try heed(Self.report(identity, "5.1.1"))
      #expect(failed.status == 0 && failed.output.contains("Noted: ada@example.org"), "\(failed)")
      #expect(try await house.database.notifications.bounces().isEmpty)
      for (words, hint) in [
        (["notifications"], "ACTION"), (["notifications", "bounce"], "\"bounce\""),
        (["notifications", "bounced", "ada@example.org"], "bounced"),
        (["notifications", "forgive"], "forgive ADDRESS"),
      ] {
        let wrong = try ServerProcess.run(words + house.flags, input: Self.report(identity, "5.1.1"))
        #expect(wrong.status == 2 && wrong.errors.contains(hint), "\(words): \(wrong)")
      }
      let forgiven = try ServerProcess.run(["notifications", "forgive", "ada@example.org"] + house.flags)
      #expect(forgiven.status == 1 && forgiven.output.contains("was not marked"), "\(forgiven)")
      #expect(try await worker.end() == 0)
    }
  }

  /// A report as a mail server sends it (RFC 3464), about a mail to Ada.
  private static func report(_ identity: String, _ code: String, action: String = "failed") -> String {
    """
    From: MAILER-DAEMON@example.org
    To: trips@example.org
    Subject: Undelivered Mail
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

    --b1
    Content-Type: text/plain

    Your mail could not be delivered.

    --b1
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.example.org

    Final-Recipient: rfc822; ada@example.org
    Action: \(action)
    Status: \(code)
    Diagnostic-Code: smtp; 550 \(code) said so

    --b1
    Content-Type: message/rfc822

    \(identity.isEmpty ? "" : "Message-ID: \(identity)")
    Subject: Confirm your address

    --b1--

    """
  }

  private static func token(_ text: String) throws -> String {
    try #require(text.split(separator: "\n").first { $0.hasPrefix("    wfm_") }).trimmingCharacters(in: .whitespaces)
  }

  @Test("a worker that is killed between sending and keeping it sends the same mail again, and keeps it once")
  func killedInBetween() async throws {
    let mail = TinyMailServer()
    try await withHouse { house, server in
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(Self.person),"name":"Ada"}"#) == 202)
      let doomed = try await house.worker(mail.port, ["WAYFARE_FAILPOINT": "completing:kill"], waits: false)
      try await eventually("the worker has died") { !doomed.isRunning }
      #expect(doomed.wasKilled && mail.mails.count == 1)
      #expect(try await house.history().isEmpty, "nobody has kept that it was sent")
      let heir = try await house.worker(mail.port)
      try await eventually("it is kept", within: .seconds(40)) { try await house.history().count == 1 }
      #expect(mail.mails.count == 2)
      // What goes by the Message-ID shows it once.
      #expect(mail.mails[0].header("Message-ID") == mail.mails[1].header("Message-ID"))
      #expect(mail.mails[0].header("Message-ID")?.hasSuffix("@example.org>") == true)
      #expect(try await heir.end() == 0)
    }
  }

  @Test("what a server does not take now is sent later; an address that nobody reads gets only what guards an account")
  func faults() async throws {
    let mail = TinyMailServer([.receiver("550 5.1.1 no such user")])
    try await withHouse { house, server in
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(Self.person),"name":"Ada"}"#) == 202)
      let worker = try await house.worker(mail.port)
      try await eventually("the first has failed") { try await house.history() == ["account.confirm failed 1"] }
      let marked = try ServerProcess.run(["notifications", "bounces"] + house.flags)
      #expect(marked.status == 0 && marked.output.contains("ada@example.org  550 5.1.1 no such user"), "\(marked)")
      #expect(try await Caller().post(server.url + "/auth/password/forgot", #"{"email":"ada@example.org"}"#) == 202)
      try await eventually("what guards an account goes all the same") { mail.mails.count == 1 }
      let forgiven = try ServerProcess.run(["notifications", "forgive", "Ada@example.org"] + house.flags)
      #expect(forgiven.status == 0, "\(forgiven)")
      #expect(try ServerProcess.run(["notifications", "bounces"] + house.flags).status == 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test(
    "without a mail server mails wait as they are, and doctor says so; wrong settings are told before anything starts")
  func without() async throws {
    try await withHouse { house, server in
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(Self.person),"name":"Ada"}"#) == 202)
      let worker = try await ServerProcess.startWorker(house.flags)
      let told = try ServerProcess.run(["letters"] + house.flags)
      #expect(told.status == 0 && told.output.contains("account.confirm  to ada@example.org  token wfm_"), "\(told)")
      #expect(try await worker.end() == 0)
      let doctor = try ServerProcess.run(["doctor", "--listen", "127.0.0.1:0"] + house.flags)
      #expect(doctor.output.contains("WAYFARE_SMTP_URL"), "\(doctor.output)")
      let mail = TinyMailServer()
      let good = ["--smtp-url", "smtp://127.0.0.1:\(mail.port)", "--smtp-security", "none", "--mail-from", "a@b.org"]
      let well = try ServerProcess.run(["doctor", "--listen", "127.0.0.1:0"] + good + house.flags)
      #expect(well.output.contains("127.0.0.1:\(mail.port) lets us in"), "\(well.output)")
      for wrong in [
        ["--smtp-url", "http://x"], ["--smtp-url", "smtp://x"], ["--mail-from", "a@b.org"],
        ["--smtp-url", "smtp://user:word@host", "--mail-from", "a@b.org"],
        ["--smtp-url", "smtp://x", "--mail-from", "no address"],
        ["--smtp-url", "smtp://x.org", "--mail-from", "a@b.org", "--smtp-user", "u"],
        [
          "--smtp-url", "smtp://x.org", "--mail-from", "a@b.org", "--smtp-user", "u", "--smtp-password", "hidden word",
          "--smtp-security", "none",
        ],
      ] {
        let refused = try ServerProcess.run(["work"] + wrong + house.flags)
        #expect(refused.status == 2 && !refused.errors.contains("hidden"), "\(wrong): \(refused)")
      }
    }
  }
}
