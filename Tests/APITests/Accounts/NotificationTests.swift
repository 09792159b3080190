import EventLoop
import HTTP
import JSON
import Kernel
import Notification
import Postgres
import Secrets
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import API
@testable import Worker

/// What is told to whom, from the request that causes it to the mail and the feed.
@Suite("Notifications")
struct NotificationRoutesTests {
  /// Mails that were sent, and what is said of the next.
  private final class Post: Sendable {
    private let state = Mutex<(mails: [MailMessage], verdict: CourierVerdict)>(([], .delivered(reference: "ok")))
    var mails: [MailMessage] { state.withLock { $0.mails } }
    func answer(_ verdict: CourierVerdict) { state.withLock { $0.verdict = verdict } }
    func send(_ mail: MailMessage) -> CourierVerdict {
      state.withLock {
        $0.mails.append(mail)
        return $0.verdict
      }
    }
  }

  private struct World: Sendable {
    let fixture: AccountsFixture
    let post: Post
    let ada: AccountsFixture.Tokens
    let bob: AccountsFixture.Tokens
    let trip: String

    func mention(_ text: String = "look at this") async throws {
      let body = #"{"text":"\#(text)","mentions":["\#(bob.user)","\#(ada.user)"]}"#
      let answer = try await fixture.send(.post, "/v1/trips/\(trip)/comments", body, as: ada)
      #expect(answer.status == 201, "\(answer.text)")
    }

    func prefer(_ notifications: String) async throws {
      let answer = try await fixture.send(
        .put, "/v1/users/\(bob.user)/preferences", #"{"notifications":\#(notifications)}"#, as: bob)
      #expect(answer.status == 200, "\(answer.text)")
    }

    /// Waits until no job waits to be done now, or to be tried again.
    func settle() async throws {
      var open: [String] = []
      for _ in 0..<3000 {
        let jobs = try await fixture.app.database.jobs.list(JobFilter()).jobs
        open = jobs.filter { [.waiting, .running, .retrying].contains($0.state) }.map {
          "\($0.kind) is \($0.state): \($0.lastError ?? "")"
        }
        if open.isEmpty { return }
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
      }
      Issue.record("jobs still wait: \(open)")
    }

    /// Waits until so many mails are sent, and no job waits any more: on a busy machine one may be tried twice.
    func settle(mails count: Int) async throws {
      for _ in 0..<3000 where post.mails.count < count {
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
      }
      try await settle()
    }

    func feed(_ query: String = "") async throws -> JSONNode {
      let answer = try await fixture.send(.get, "/v1/notifications\(query)", as: bob)
      #expect(answer.status == 200, "\(answer.text)")
      return try JSONDocument(text: answer.text).root
    }
  }

  private func withWorld(_ body: @escaping (World) async throws -> Void) async throws {
    try await AccountsFixture.run { fixture in
      let (ada, bob) = (try await fixture.join("ada@example.org"), try await fixture.join("bob@example.org"))
      let made = try await fixture.send(.post, "/v1/trips", #"{"title":"Rome","timeZone":"Europe/Rome"}"#, as: ada)
      let trip = try #require(try made.string("/id"))
      let added = try await fixture.send(
        .post, "/v1/trips/\(trip)/collaborators", #"{"user":"\#(bob.user)","role":"editor"}"#, as: ada)
      #expect(added.status == 201, "\(added.text)")
      let post = Post()
      let desk = MessageDesk(
        fixture.app.database.notifications, zones: .system,
        mail: MessageDesk.Mail(from: try Mailbox("trips@example.org")) { post.send($0) },
        site: "https://site.example", open: { _ in nil })
      // Letters of accounts are none of this.
      let handlers = desk.handlers.map { handler in
        handler.kind.name == NotificationStore.sendKind
          ? JobHandler(handler.kind) { context in
            context.job.payload.contains("account.mail") ? .done(nil) : try await handler.run(context)
          } : handler
      }
      let worker = Worker(
        database: fixture.app.database, handlers: JobHandlers(handlers), settings: WorkerSettings(),
        loop: TestCluster.loops.loops[0], signals: nil, zones: .system,
        logger: Logger("test", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .critical)),
        metrics: MetricRegistry())
      worker.start()
      do {
        try await body(World(fixture: fixture, post: post, ada: ada, bob: bob, trip: trip))
      } catch {
        await worker.stop(within: .seconds(1))
        throw error
      }
      await worker.stop(within: .seconds(5))
    }
  }

  @Test("who is mentioned reads it in the feed and by mail, once, and who mentions themselves does not")
  func mentioned() async throws {
    try await withWorld { world in
      try await world.mention()
      try await world.settle(mails: 1)
      let mail = try #require(world.post.mails.first)
      #expect(world.post.mails.count == 1 && mail.to.address == "bob@example.org")
      #expect(mail.subject == "Somebody mentioned you in Rome" && mail.text.contains("look at this"))
      #expect(mail.text.contains("https://site.example/trips/\(world.trip)"))
      let feed = try await world.feed()
      #expect(try feed.find("/unread")?.int == 1)
      #expect(try feed.find("/notifications/0/text")?.string == "Somebody mentioned you in Rome")
      #expect(try feed.find("/notifications/0/trip")?.string == world.trip)
      // The same event told again makes neither a second entry nor a second mail.
      let told = try #require(
        try await world.fixture.app.database.jobs.list(JobFilter()).jobs.first { $0.kind == TellOrder.job.kind })
      let payload = try #require(try await world.fixture.app.database.jobs.find(told.id)?.payload)
      var again = NewJob(kind: TellOrder.job.kind, payload: payload)
      again.queue = TellOrder.job.queue
      _ = try await world.fixture.app.database.jobs.submit(again)
      try await world.settle()
      #expect(world.post.mails.count == 1)
      #expect(try await world.feed().find("/unread")?.int == 1)
    }
  }

  @Test("what people write leads nowhere in feeds and mails, and is markup in none of them")
  func defused() async throws {
    try await withWorld { world in
      let (ada, trip) = (world.ada, world.trip)
      let lure = "<img src=x onerror=alert(1)> https://evil.example/win"
      let titled = try await world.fixture.app.send(
        .patch, "/v1/trips/\(trip)",
        ["Authorization": "Bearer \(ada.access)", "Content-Type": "application/merge-patch+json"],
        body: #"{"title":"\#(lure)"}"#)
      #expect(titled.status == 200, "\(titled.text)")
      let name = try await world.fixture.send(
        .put, "/v1/users/\(ada.user)/profile", #"{"name":"<b>Eve</b> evil.example"}"#, as: ada)
      #expect(name.status == 200, "\(name.text)")
      try await world.mention("see [this](javascript:alert(1)) </p><script>alert(2)</script> www.evil.example")
      try await world.settle(mails: 1)
      let mail = try #require(world.post.mails.first)
      for part in [mail.subject, mail.text, mail.html] {
        #expect(!part.contains("evil.example") && !part.contains("https://evil"), "\(part)")
        #expect(!part.contains("javascript:a"), "\(part)")
      }
      // What leads anywhere leads to us, and no part of what they wrote is markup.
      let links = mail.html.split(separator: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
      #expect(links.allSatisfy { $0.hasPrefix("https://site.example/") } && !links.isEmpty, "\(links)")
      for tag in ["<img", "<script", "<b>Eve", "</p><s"] { #expect(!mail.html.contains(tag), "\(mail.html)") }
      let told = try #require(try await world.feed().find("/notifications/0/text")?.string)
      #expect(told.contains("Eve") && !told.contains("evil.example") && !told.contains("https:"), "\(told)")
      // The activity feed tells what was written as it was, as data that no browser takes for a page.
      let feed = try await world.fixture.send(.get, "/v1/trips/\(trip)/activity-feed", as: world.bob)
      #expect(feed.status == 200 && feed.field("Content-Type") == "application/json", "\(feed.text)")
      #expect(feed.field("X-Content-Type-Options") == "nosniff")
      #expect(feed.field("Content-Security-Policy")?.contains("default-src 'none'") == true, "\(feed.fields)")
      #expect(feed.text.contains("evil.example"))
    }
  }

  @Test("the feed goes on page by page, tells what is unread, and is everybody's own")
  func feed() async throws {
    try await withWorld { world in
      for number in 1...5 { try await world.mention("number \(number)") }
      try await world.settle()
      var cursor = ""
      var places: [String] = []
      repeat {
        let page = try await world.feed("?limit=2\(cursor)")
        for index in 0..<2 {
          if let place = try page.find("/notifications/\(index)/cursor")?.string { places.append(place) }
        }
        let next = page.find("/next").flatMap { try? $0.string }
        cursor = next.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      #expect(places.count == 5 && Set(places).count == 5)
      let send = { (body: String) in try await world.fixture.send(.post, "/v1/notifications/read", body, as: world.bob)
      }
      let read = try await send(#"{"through":"\#(places[2])"}"#)
      #expect(
        read.status == 200 && read.text.contains(#""marked":3"#) && read.text.contains(#""unread":2"#), "\(read.text)")
      #expect(try await world.feed("?unread=true").find("/notifications/2") == nil)
      let newest = try #require(try await world.feed("?limit=1").find("/notifications/0/id")?.string)
      #expect(try await send(#"{"ids":["\#(newest)"]}"#).text.contains(#""unread":1"#))
      #expect(try await send("{}").status == 422)
      #expect(try await send(#"{"ids":["x"]}"#).status == 422)
      let other = try await world.fixture.send(
        .post, "/v1/notifications/read", #"{"ids":["\#(newest)"]}"#, as: world.ada)
      #expect(other.text.contains(#""marked":0"#), "somebody else's")
      #expect(try await world.fixture.send(.get, "/v1/notifications").status == 401)
      #expect(try await world.feed("/unread").find("/unread")?.int == 1)
    }
  }

  @Test("preferences decide: not by mail, or joined in a digest that goes as one mail")
  func preferences() async throws {
    try await withWorld { world in
      try await world.prefer(#"{"kinds":{"trip.mentioned":{"email":false}}}"#)
      try await world.mention()
      try await world.settle()
      #expect(world.post.mails.isEmpty)
      #expect(try await world.feed().find("/unread")?.int == 1, "the feed has it all the same")
      try await world.prefer(#"{"digest":"hourly"}"#)
      for number in 1...3 { try await world.mention("number \(number)") }
      try await world.settle()
      #expect(world.post.mails.isEmpty, "they wait for the hour")
      let client = world.fixture.app.client
      _ = try await client.execute("update notification_delivery set due_at = now() where state = 'held'")
      _ = try await world.fixture.app.database.jobs.submit(
        {
          var job = NewJob(kind: NotificationStore.digestKind, payload: #"{"account":"\#(world.bob.user)"}"#)
          job.queue = NotificationStore.queue
          return job
        }())
      try await world.settle(mails: 1)
      let mail = try #require(world.post.mails.first)
      #expect(world.post.mails.count == 1 && mail.subject == "News: 3")
      #expect(mail.text.components("* Somebody mentioned you in Rome") == 3, "\(mail.text)")
      let states = try await client.query("select distinct state from notification_delivery").decode(String.self)
      #expect(states == ["sent"])
    }
  }

  @Test("quiet hours hold mails back; preferences that make no sense are refused, each with its place")
  func quiet() async throws {
    try await withWorld { world in
      // All of the day but for a minute that is long past or long to come.
      try await world.prefer(#"{"quietHours":{"from":"00:00","to":"23:59"},"zone":"Europe/Berlin"}"#)
      try await world.mention()
      try await world.settle()
      #expect(world.post.mails.isEmpty)
      let due = try await world.fixture.app.client.query(
        "select due_at > now(), state from notification_delivery"
      ).decodeOnly(Bool.self, String.self)
      #expect(due.0 && due.1 == "waiting")
      let kept = try await world.fixture.send(.get, "/v1/users/\(world.bob.user)/preferences", as: world.bob)
      #expect(kept.text.contains(#""quietHours":{"from":"00:00","to":"23:59"}"#), "\(kept.text)")
      for wrong in [
        #"{"quietHours":{"from":"24:00","to":"07:00"}}"#, #"{"quietHours":{"from":"07:00","to":"07:00"}}"#,
        #"{"zone":"Europe/Nowhere"}"#, #"{"zone":"../etc/passwd"}"#, #"{"kinds":{"account.reset":{"email":false}}}"#,
        #"{"digest":"weekly"}"#, #"{"telegram":true}"#,
      ] {
        let answer = try await world.fixture.send(
          .put, "/v1/users/\(world.bob.user)/preferences", #"{"notifications":\#(wrong)}"#, as: world.bob)
        #expect(answer.status == 422, "\(wrong): \(answer.text)")
      }
    }
  }

  @Test("an address that nobody reads is marked, and later mails are kept as skipped")
  func bounced() async throws {
    try await withWorld { world in
      world.post.answer(.unreachable("550 5.1.1 no such user"))
      try await world.mention()
      try await world.settle()
      try await world.mention()
      try await world.settle()
      #expect(world.post.mails.count == 1)
      let history = try await world.fixture.app.database.notifications.history()
      #expect(history.filter { $0.kind == "trip.mentioned" }.map(\.state) == ["skipped", "failed"])
      #expect(try await world.fixture.app.database.notifications.bounces().map(\.address) == ["bob@example.org"])
    }
  }

  @Test("an invite to an address is a sealed letter, and one without an address is none")
  func invited() async throws {
    try await AccountsFixture.run { fixture in
      let ada = try await fixture.join("ada@example.org")
      let made = try await fixture.send(.post, "/v1/trips", #"{"title":"Rome","timeZone":"Europe/Rome"}"#, as: ada)
      let path = "/v1/trips/\(try #require(try made.string("/id")))/invites"
      let before = try await fixture.letters().count
      let invite = try await fixture.send(.post, path, #"{"role":"editor","email":"eve@example.org"}"#, as: ada)
      let letter = try #require(try await fixture.letters().last)
      #expect(letter.kind == "trip.invited" && letter.address == "eve@example.org" && letter.trip == "Rome")
      #expect(letter.token == (try invite.string("/token")) && letter.author == "Somebody")
      _ = try await fixture.send(.post, path, #"{"role":"editor"}"#, as: ada)
      #expect(try await fixture.letters().count == before + 1)
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
