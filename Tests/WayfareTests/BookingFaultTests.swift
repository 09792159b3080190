import Booking
import EventLoop
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import Providers
import Sandbox
import Store
import Telemetry
import TestSupport
import Testing

@testable import wayfare

/// The whole way of bookings between real processes, with everything that can go wrong on it; judged by the database and by the
/// sandbox's own books.
@Suite("Bookings of the program", .serialized)
struct ProgramBookingTests {
  @Test("fifty requests at once with one key make one booking, which is paid and ticketed, and has an invoice")
  func fiftyAtOnce() async throws {
    try await withBookingHouse { house in
      let wish = try await house.wish()
      let ids = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<50 {
          group.addTask {
            var made = try await house.send(.post, "/bookings", wish, key: "one")
            // A machine that has too much to do says so, and whoever asks comes again.
            for _ in 0..<50 where made.status == 503 {
              try await Task.sleep(for: .milliseconds(200))
              made = try await house.send(.post, "/bookings", wish, key: "one")
            }
            #expect(made.status == 201, "\(made.text)")
            return try #require(try made.root.find("/id")?.string)
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      let id = try #require(ids.first)
      #expect(ids.count == 1)
      let other = try await house.send(.post, "/bookings", try await house.wish(offer: 1), key: "one")
      #expect(other.status == 422)
      let worker = try await house.worker()
      let begun = try await house.send(.post, "/payments/intent", #"{"booking":"\#(id)","method":"pm_card_visa"}"#)
      #expect(begun.status == 200 || begun.status == 202, "\(begun.text)")
      try await house.ends(id, in: "TICKETED")
      let payment = try #require(try await house.send(.get, "/bookings/\(id)").root.find("/payment/id")?.string)
      let invoice = try await house.send(.get, "/payments/\(payment)/invoice")
      #expect(invoice.status == 200 && invoice.text.hasPrefix("%PDF-1.4"))
      try await house.holds(bookings: 1, tickets: 1, charges: 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a worker that is killed before, within and after any call buys one ticket and charges once all the same")
  func killed() async throws {
    try await withBookingHouse { house in
      // Verified, held, reserved, taken, bought: at each of them, once answered and once stored.
      let steps = (1...5).flatMap { ["answered:\($0):kill", "kept:\($0):kill"] } + ["asking:1:kill"]
      for (number, step) in steps.enumerated() {
        let id = try await house.made("killed \(number)", offer: number, isReturnable: number == 0)
        try await house.pays(id)
        let doomed = try house.doomed(step)
        try await eventually("the worker has died at \(step)") { !doomed.isRunning }
        #expect(doomed.wasKilled, "\(step)")
        try await house.setAside()
      }
      // What was written down as sent, and perhaps was not, is believed to be lost after a while: it has gone by.
      try await house.age(bySeconds: 300)
      try await house.letGo()
      let heir = try await house.worker()
      try await eventually("all are ticketed", within: .seconds(120)) {
        try await house.count("select count(*) from booking where phase = 'ticketed'") == Int64(steps.count)
      }
      try await house.holds(bookings: steps.count, tickets: steps.count, charges: steps.count)
      #expect(try await heir.end() == 0)
    }
  }

  /// What a worker asks of others, in order, of a booking that is paid; of one that is given back; of one that is called off
  /// while its money is reserved.
  private static let ways = (
    buying: ["verify", "hold", "authorise", "capture", "book"], givingBack: ["cancel", "refund"],
    callingOff: ["cancel", "void"]
  )
  private static let steps = ["asking", "answered", "kept"]

  /// A worker dies at a step of its so-manieth call, of which the journal tells what it was.
  private func dies(_ house: BookingHouse, _ id: String, at step: String, _ number: Int, _ action: String) async throws
  {
    let doomed = try house.doomed("\(step):\(number):kill")
    try await eventually("the worker has died at \(step) of \(action)", within: .seconds(60)) { !doomed.isRunning }
    #expect(doomed.wasKilled, "\(step) of \(action): \(doomed.said)")
    try await house.setAside()
    let lines = try await house.client.query(
      """
      select action, state from booking_call where booking_id = \(id)::text::uuid and state <> 'intent' order by id
      """
    ).decode(String.self, String.self).map { (action: $0.0, state: $0.1) }
    // An answer is kept with what is asked next, if anything is.
    let isKept = step == "kept"
    let last = lines.last { !isKept || ["ok", "declined"].contains($0.state) }
    #expect(last?.action.hasPrefix(action) == true, "\(step) \(number): \(String(describing: last))")
    #expect(isKept || last?.state == "sent", "\(step) of \(action): \(String(describing: last))")
  }

  @Test("a worker that is killed before, within and after every call, those that undo included, does nothing twice")
  func killedEverywhere() async throws {
    try await withBookingHouse { house in
      var offer = 0
      func made() async throws -> String {
        offer += 1
        let id = try await house.made("everywhere \(offer)", offer: offer)
        try await house.pays(id)
        return id
      }
      // Tickets that are to be given back later.
      let worker = try await house.worker()
      var ticketed: [String] = []
      for _ in 0..<(Self.steps.count * Self.ways.givingBack.count) { ticketed.append(try await made()) }
      for id in ticketed { try await house.ends(id, in: "TICKETED") }
      #expect(try await worker.end() == 0)
      var (bought, calledOff) = (0, 0)
      for (number, action) in Self.ways.buying.enumerated() {
        for step in Self.steps {
          let id = try await made()
          try await dies(house, id, at: step, number + 1, action)
          bought += 1
        }
      }
      for (number, action) in Self.ways.givingBack.enumerated() {
        for (place, step) in Self.steps.enumerated() {
          let id = ticketed[number * Self.steps.count + place]
          #expect(try await house.send(.put, "/bookings/\(id)/cancel").status == 200)
          try await dies(house, id, at: step, number + 1, action)
        }
      }
      for action in Self.ways.callingOff {
        for step in Self.steps {
          var isOver = false
          // Not every flight can be held, and what is not held need not be let go.
          for _ in 0..<12 where !isOver {
            let id = try await made()
            try await dies(house, id, at: "answered", 3, "authorise")
            let isHeld = try await house.isHeld(id)
            #expect(try await house.send(.put, "/bookings/\(id)/cancel").status == 200)
            calledOff += 1
            if action == "cancel", !isHeld { continue }
            // Nobody can be waiting any more for what became of the money, which is asked before it is let go.
            try await house.age(bySeconds: 100)
            try await dies(house, id, at: step, action == "cancel" ? 1 : isHeld ? 3 : 2, action)
            isOver = true
          }
          #expect(isOver, "no flight can be held")
        }
      }
      // What was sent may have left for as long as it was waited for, and is believed to be lost two minutes later: all that
      // has gone by.
      try await house.age(bySeconds: 300)
      try await house.letGo()
      let heir = try await house.worker()
      try await eventually("all are at an end", within: .seconds(100)) {
        try await house.count(
          "select count(*) from booking where phase in ('ticketed', 'refunded', 'cancelled')"
        ) == Int64(bought + ticketed.count + calledOff)
      }
      let phases = try await house.client.query(
        "select phase, count(*) from booking group by phase order by phase"
      ).decode(String.self, Int64.self).map { "\($0.0) \($0.1)" }
      #expect(phases == ["cancelled \(calledOff)", "refunded \(ticketed.count)", "ticketed \(bought)"])
      try await house.holds(
        bookings: bought + ticketed.count + calledOff, tickets: bought, charges: bought + ticketed.count)
      #expect(try await heir.end() == 0)
    }
  }

  @Test(
    "PostgreSQL that is stopped at once in the middle, again and again, loses no booking and has none charged twice")
  func databaseStopped() async throws {
    var settings = ClusterSettings()
    settings.isDurable = false
    let home = TestCluster.makeDirectory("stopped")
    var cluster = try PrivateCluster.start(home: home, settings: settings)
    var pool = PoolSettings()
    pool.acquireTimeout = .seconds(30)
    let client = PostgresClient(
      PostgresSettings(address: cluster.address), pool: pool, on: TestCluster.loops, observer: PostgresObserver(),
      seed: 42)
    try await withBookingHouse(in: cluster.address, client) { house in
      let count = 8
      for number in 0..<count {
        let id = try await house.made("stopped \(number)", offer: number)
        try await house.pays(id)
      }
      let worker = try await house.worker()
      for stop in 1...4 {
        // A call is under way: it is written down as sent, and nothing is stored of its answer.
        try await eventually("a call is under way", within: .seconds(60)) {
          let sent = try? await house.count("select count(*) from booking_call where state = 'sent'")
          return (sent ?? 0) >= Int64(stop * 7)
        }
        let text = try String(contentsOfFile: cluster.dataDirectory + "/postmaster.pid", encoding: .utf8)
        let postmaster = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        #expect(kill(postmaster, SIGQUIT) == 0)
        try await eventually("PostgreSQL has stopped") { !Self.isAlive(postmaster) }
        let fresh = try PrivateCluster.start(home: home, settings: settings)
        cluster.stop()
        cluster = fresh
      }
      // What was answered while nothing could be stored is asked for, and where nothing is known of it believed lost after
      // two minutes.
      try await eventually("all are ticketed", within: .seconds(300)) {
        // While the database comes back it may not answer.
        (try? await house.count("select count(*) from booking where phase = 'ticketed'")) == Int64(count)
      }
      try await house.holds(bookings: count, tickets: count, charges: count)
      #expect(try await worker.end() == 0)
    }
    cluster.stop()
  }

  /// Whether a process is there and has not ended, waited for or not.
  private static func isAlive(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test("what sellers and collectors do without saying so is found out, and nothing of it is done twice")
  func faults() async throws {
    try await withBookingHouse { house in
      let worker = try await house.worker()
      let lost = ["silenceAfter", "errorAfter", "garbageAfter", "cutAfter"]
      let deeds = ["order", "authorise", "capture"]
      var number = 0
      for deed in deeds {
        for fault in lost {
          try await house.want(fault, for: deed)
          let id = try await house.made("lost \(number)", offer: number)
          try await house.pays(id)
          try await house.ends(id, in: "TICKETED")
          number += 1
        }
      }
      try await house.holds(bookings: number, tickets: number, charges: number)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("what is sold out costs nothing; a higher price is asked about, and paid only where the answer is yes")
  func soldOutAndDearer() async throws {
    try await withBookingHouse { house in
      let worker = try await house.worker()
      try await house.want("soldOut", for: "order")
      let gone = try await house.made("gone", offer: 0)
      try await house.pays(gone)
      try await house.ends(gone, in: "CANCELLED")
      try await house.want("priceRise", for: "order")
      let dearer = try await house.made("dearer", offer: 1)
      try await house.pays(dearer)
      try await eventually("it is asked about") {
        try await house.send(.get, "/bookings/\(dearer)").root.find("/question/about")?.string == "price"
      }
      let number = try #require(try await house.send(.get, "/bookings/\(dearer)").root.find("/question/number")?.int)
      let answer = try await house.send(
        .post, "/bookings/\(dearer)/consent", #"{"question":\#(number),"answer":true}"#)
      #expect(answer.status == 200, "\(answer.text)")
      try await house.ends(dearer, in: "TICKETED")
      try await house.holds(bookings: 2, tickets: 1, charges: 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("what is given back is paid back, by its terms, and the books are even")
  func givenBack() async throws {
    try await withBookingHouse { house in
      let worker = try await house.worker()
      let id = try await house.made("back", offer: 0)
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      #expect(try await house.send(.put, "/bookings/\(id)/cancel").status == 200)
      try await eventually("it is at an end", within: .seconds(60)) {
        let state = try await house.send(.get, "/bookings/\(id)").root.find("/state")?.string
        return state == "REFUNDED" || state == "CANCELLED"
      }
      let books = try await house.books()
      let back = try books.find("/sales/0/refunded")?.int
      let returned = try books.find("/payments/0/refunded")?.int
      #expect(back == returned, "\(books)")
      try await house.evenBooks()
      #expect(try await worker.end() == 0)
    }
  }

  @Test("events are heeded where they are signed, forged and old ones are not, and one that comes again does nothing")
  func events() async throws {
    try await withBookingHouse(sendsEvents: true) { house in
      let worker = try await house.worker()
      let id = try await house.made("events", offer: 0)
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      let reference = try #require(
        try await house.send(.get, "/bookings/\(id)").root.find("/items/0/reference")?.string)
      let body =
        #"{"id":"wev_1","type":"order.updated","data":{"object":{"id":"ord_1","metadata":{"reference":"\#(reference)"}}}}"#
      let now = Int64(Date().timeIntervalSince1970)
      for (secret, at, status) in [
        ("sandbox-secret", now, 204), ("sandbox-secret", now, 204), ("another-secret", now, 401),
        ("sandbox-secret", now - 400, 400),
      ] {
        #expect(try await house.event(body, secret: secret, at: at) == status, "\(secret) \(at - now)")
      }
      let calls = try await house.count("select count(*) from booking_call where action = 'book' and state = 'sent'")
      #expect(calls == 1)
      try await house.holds(bookings: 1, tickets: 1, charges: 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a booking is nobody else's: strangers find none, and who has not signed in is told to")
  func strangers() async throws {
    try await withBookingHouse { house in
      let id = try await house.made("mine", offer: 0)
      let wish = try await house.wish(offer: 1)
      for (method, path, body) in [
        (HTTPMethod.get, "/bookings/\(id)", ""), (.put, "/bookings/\(id)/cancel", ""),
        (.post, "/payments/intent", #"{"booking":"\#(id)"}"#),
      ] {
        #expect(try await house.send(method, path, body, token: house.stranger).status == 404, "\(path)")
        #expect(try await house.send(method, path, body, token: "").status == 401, "\(path)")
      }
      #expect(try await house.send(.post, "/bookings", wish, token: "").status == 401)
      #expect(try await house.send(.post, "/bookings", wish).status == 400)
      let empty = try await house.send(.get, "/bookings", token: house.stranger).root.list("bookings")
      let mine = try await house.send(.get, "/bookings").root.list("bookings")
      #expect(empty.isEmpty && mine.count == 1)
    }
  }
}
