import Booking
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Testing

@testable import wayfare

/// Packages as they are searched and booked, between real processes; judged by the database and by the sandbox's own books.
@Suite("Packages of the program", .serialized)
struct ProgramPackageTests {
  /// A package as it was shown.
  private struct Shown {
    let id: String
    let price: Money
    /// What giving it back costs now; nil where nothing is paid back.
    let fee: Money?
    /// Whether something is paid back of each of its parts.
    let isReturnable: Bool
    let stay: String

    init(_ json: JSONNode) throws {
      id = try #require(try json.find("/id")?.string)
      price = try Shown.money(try #require(json.find("/price")))
      fee = try json.find("/terms/refunds/0/fee").map { try Shown.money($0) }
      let parts = try #require(json.find("/parts")).array
      isReturnable = parts.allSatisfy { $0.find("/terms/refundableUntil") != nil }
      stay = try #require(try parts.dropFirst().first { _ in true }?.find("/id")?.string)
    }

    static func money(_ json: JSONNode) throws -> Money {
      try Money(try #require(json.text("amount")), try Currency(try #require(json.text("currency"))))
    }

    func wish(policy: String = "all") -> String {
      """
      {"package":{"id":"\(id)","price":{"amount":"\(price.amountText)","currency":"EUR"}},"policy":"\(policy)",
       "collector":"stripe","travellers":[\(BookingHouse.ada)]}
      """
    }
  }

  /// Packages of a day that no other of these tests books: the cheapest first.
  private func shown(_ house: BookingHouse, _ number: Int) async throws -> [Shown] {
    let today = LocalDate(daysSinceEpoch: Int32(Date().timeIntervalSince1970 / 86_400))
    let query = "origin=BER&destination=LIS&date=\(today.adding(days: 60 + 10 * number))&nights=3&limit=50"
    let answer = try await house.send(.get, "/prices/packages?" + query)
    #expect(answer.status == 200, "\(answer.text)")
    return try answer.root.list("packages").map { try Shown($0) }
  }

  private func made(_ house: BookingHouse, _ package: Shown, key: String) async throws -> String {
    let made = try await house.send(.post, "/bookings", package.wish(), key: key)
    #expect(made.status == 201, "\(made.text)")
    return try #require(try made.root.find("/id")?.string)
  }

  /// What sellers have been paid and not paid back, and what the customers have.
  private func sums(_ house: BookingHouse) async throws -> (sellers: Int64, customers: Int64) {
    let books = try await house.books()
    func sum(_ list: StaticString, _ paid: StaticString) -> Int64 {
      books.list(list).reduce(0) { $0 + Int64($1.count(paid) ?? 0) - Int64($1.count("refunded") ?? 0) }
    }
    return (sum("sales", "paid"), sum("payments", "captured"))
  }

  private func posted(_ house: BookingHouse, _ account: String) async throws -> Int64 {
    try await house.count("select coalesce(sum(posted), 0)::int8 from ledger_balance where account = \(account)")
  }

  /// Our books agree with those of sellers and collectors.
  private func agreeingBooks(_ house: BookingHouse) async throws {
    try await house.compareBooks()
    let findings = try await Database(house.client).bookings.findings(limit: 100)
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test(
    "fifty requests at once make one booking of a package, at one price in all that is told; called off it costs what its terms said"
  )
  func wholeWay() async throws {
    try await withBookingHouse { house in
      let package = try #require(try await shown(house, 0).first { $0.isReturnable && $0.fee != nil })
      let ids = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<50 {
          group.addTask {
            var answer = try await house.send(.post, "/bookings", package.wish(), key: "one")
            // A machine that has too much to do says so, and whoever asks comes again.
            for _ in 0..<50 where answer.status == 503 {
              try await Task.sleep(for: .milliseconds(200))
              answer = try await house.send(.post, "/bookings", package.wish(), key: "one")
            }
            #expect(answer.status == 201, "\(answer.text)")
            return try #require(try answer.root.find("/id")?.string)
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      let id = try #require(ids.first)
      #expect(ids.count == 1)
      let worker = try await house.worker()
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      try await house.holds(bookings: 1, tickets: 3, charges: 1)

      // What is given away is what sellers got and the customer did not pay: five hundredths of the stay.
      let (sellers, customers) = try await sums(house)
      #expect(customers == package.price.minorUnits && sellers > customers)
      #expect(try await posted(house, "discount") == sellers - customers)
      #expect(try await posted(house, "loss") == 0)
      try await agreeingBooks(house)

      let told = try await house.send(.get, "/bookings/\(id)")
      let root = try told.root
      #expect(try Shown.money(try #require(root.find("/package/price"))) == package.price)
      #expect(try Shown.money(try #require(root.find("/total"))) == package.price)
      let items = root.list("items")
      #expect(items.count == 3 && items.allSatisfy { $0.find("/price") == nil && $0.find("/asked") == nil })
      let booking = try #require(BookingID(id))
      let invoice = try #require(try await Database(house.client).bookings.invoice(of: booking))
      #expect(invoice.total == package.price && invoice.package?.amount == package.price)
      #expect(invoice.lines.count == 3 && invoice.lines.allSatisfy { $0.price == nil })
      let payment = try #require(try root.find("/payment/id")?.string)
      let file = try await house.send(.get, "/payments/\(payment)/invoice")
      #expect(file.status == 200 && file.text.hasPrefix("%PDF-1.4"))
      let operators = try ServerProcess.run(["bookings", "show", id] + Array(house.flags.prefix(4)))
      #expect(operators.status == 0 && operators.output.contains("paid"), "\(operators.output)")

      let offer = try #require(items.first?.text("offer"))
      let exchange = try await house.send(
        .put, "/bookings/\(id)/change",
        #"{"item":1,"offer":"\#(offer)","price":{"amount":"1.00","currency":"EUR"}}"#)
      #expect(exchange.status == 409 && exchange.text.contains("part of a package"), "\(exchange.text)")

      #expect(try await house.send(.put, "/bookings/\(id)/cancel").status == 200)
      try await house.ends(id, in: "REFUNDED")
      let kept = try await sums(house)
      #expect(kept.customers == package.fee?.minorUnits && kept.sellers == kept.customers)
      #expect(try await posted(house, "discount") == 0)
      try await house.evenBooks()
      try await agreeingBooks(house)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a stay that became dearer is one question about the whole price, and is paid only where the answer is yes")
  func dearer() async throws {
    try await withBookingHouse { house in
      let worker = try await house.worker()
      for (number, isWanted) in [true, false].enumerated() {
        let package = try #require(try await shown(house, 1 + number).first)
        // The house wants more from now on.
        try await house.want("priceRise", for: "price")
        let verified = try await house.send(
          .post, "/prices/verify", #"{"offer":"\#(package.stay)","price":{"amount":"1.00","currency":"EUR"}}"#)
        #expect(verified.status == 200, "\(verified.text)")
        let id = try await made(house, package, key: "dearer-\(number)")
        try await house.pays(id)
        try await eventually("it is asked about", within: .seconds(30)) {
          try await house.send(.get, "/bookings/\(id)").root.find("/question/about")?.string == "price"
        }
        let root = try await house.send(.get, "/bookings/\(id)").root
        let now = try Shown.money(try #require(root.find("/question/price")))
        #expect(now.minorUnits > package.price.minorUnits)
        #expect(root.list("items").allSatisfy { $0.find("/asked") == nil && $0.find("/price") == nil })
        let answer = try await house.send(
          .post, "/bookings/\(id)/consent", #"{"question":1,"answer":\#(isWanted)}"#)
        #expect(answer.status == 200, "\(answer.text)")
        try await house.ends(id, in: isWanted ? "TICKETED" : "CANCELLED")
        // The second costs nothing.
        if isWanted { #expect(try await sums(house).customers == now.minorUnits) }
      }
      try await house.holds(bookings: 2, tickets: 3, charges: 1)
      let (sellers, customers) = try await sums(house)
      #expect(try await posted(house, "discount") == sellers - customers)
      try await agreeingBooks(house)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a part that is sold out after the money was taken ends all of it, and all money goes back")
  func soldOut() async throws {
    try await withBookingHouse { house in
      let package = try #require(try await shown(house, 3).first { $0.isReturnable })
      let id = try await made(house, package, key: "gone")
      try await house.pays(id)
      // Three parts verified, three that are held or cannot be, the money reserved and taken.
      let doomed = try house.doomed("kept:8:kill")
      try await eventually("the worker has died", within: .seconds(60)) { !doomed.isRunning }
      #expect(doomed.wasKilled)
      #expect(try await sums(house).customers == package.price.minorUnits)
      try await house.setAside()
      // The purchase was written down as sent and was not: that is believed after a while, which has gone by.
      try await house.age(bySeconds: 300)
      try await house.want("soldOut", for: "price")
      try await house.letGo()
      let worker = try await house.worker()
      try await house.ends(id, in: "REFUNDED")
      #expect(try await sums(house).customers == 0)
      let faults = try await house.own(.get, "/sandbox/faults")
      #expect(try JSONDocument(bytes: faults.body).root.count("soldOut") == 1)
      // What sellers keep of what they have sold is our loss, and nothing was given away.
      #expect(try await posted(house, "discount") == 0)
      #expect(try await posted(house, "loss") == sums(house).sellers)
      try await house.evenBooks()
      try await agreeingBooks(house)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("what is no package, in another currency, half wanted, or beside items, is refused with its place and the mend")
  func refused() async throws {
    try await withBookingHouse { house in
      let package = try #require(try await shown(house, 4).first)
      func wish(_ id: String, _ currency: String = "EUR", _ more: String = "") -> String {
        """
        {"package":{"id":"\(id)","price":{"amount":"100.00","currency":"\(currency)"}}\(more),
         "travellers":[\(BookingHouse.ada)]}
        """
      }
      let items = #","items":[{"offer":"\#(package.stay)","price":{"amount":"1.00","currency":"EUR"}}]"#
      // Parts that were offered, joined by somebody else; the mark is that of another package.
      let tilde = try #require(package.id.lastIndex(of: "~"))
      let key = try #require(PackageKey(String(package.id[..<tilde])))
      let odd = PackageKey(.euro, [key.parts[0], key.parts[1], key.parts[0]]).text
      for (body, place) in [
        (wish("nothing"), "/package/id"), (wish(package.id + "x"), "/package/id"), (wish(odd), "/package/id"),
        (wish(odd + package.id[tilde...]), "/package/id"),
        (wish(package.id, "USD"), "/package/price/currency"), (package.wish(policy: "best"), "/policy"),
        (wish(package.id, "EUR", items), "/items"), (#"{"travellers":[\#(BookingHouse.ada)]}"#, "/items"),
      ] {
        let answer = try await house.send(.post, "/bookings", body, key: "wrong")
        #expect(answer.status == 422, "\(answer.text)")
        #expect(try answer.root.find("/errors/0/pointer")?.string == place, "\(answer.text)")
      }
      #expect(try await house.count("select count(*) from booking") == 0)
    }
  }
}
