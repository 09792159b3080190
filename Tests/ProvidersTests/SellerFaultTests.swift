import Booking
import HTTP
import JSON
import Kernel
import Sandbox
import Testing

@testable import Providers

@Suite("What goes wrong with sellers, and what it means")
struct SellerFaultTests {
  /// What happens to an order, what it is said to be, and whether it was done all the same.
  static let ordersGoneWrong: [(fault: String, told: String, isDone: Bool)] = [
    ("error", "unknown", false), ("errorAfter", "unknown", true), ("silence", "unknown", false),
    ("silenceAfter", "unknown", true), ("garbageAfter", "unknown", true), ("cutAfter", "unknown", true),
    ("soldOut", "declined soldOut", false), ("priceRise", "declined priceChanged", false),
    ("throttled", "declined throttled", false),
  ]

  @Test(
    "an order is declined only where the seller said no, and looking it up tells whether it was done",
    arguments: SellerFaultTests.ordersGoneWrong
  )
  func orders(_ fault: String, _ told: String, _ isDone: Bool) async throws {
    var settings = SandboxFixture.quick
    settings.pricesMoveSeconds = 0
    try await SandboxFixture.run(settings, patience: .seconds(3)) { sandbox in
      for (index, seller) in sandbox.all.enumerated() {
        let order = try await sandbox.order(seller, seed: UInt64(index))
        try await sandbox.want(fault, for: "order")
        let result = await outcome { () async throws(SellerFault) in try await seller.book(order) }
        #expect(word(result) == told, "\(seller.name)")
        let sales = try await sandbox.books().list("sales").filter { $0.text("reference") == order.reference.text }
        #expect(sales.count == (isDone ? 1 : 0), "\(seller.name)")
        guard seller.name != "amadeus" else {
          // It cannot be asked by our reference, and does not guess.
          let looked = await outcome { () async throws(SellerFault) in try await seller.standing(of: order.reference) }
          #expect(word(looked) == "unknown")
          continue
        }
        let standing = try await seller.standing(of: order.reference)
        #expect((standing != nil) == isDone, "\(seller.name)")
      }
    }
  }

  @Test("an order that is acted on when nobody waits for it any more is found where it is asked for later")
  func late() async throws {
    var settings = SandboxFixture.quick
    // Long enough for a busy machine to look once before it is done.
    settings.silence = .seconds(7)
    try await SandboxFixture.run(settings, patience: .seconds(3)) { sandbox in
      for (index, seller) in [sandbox.duffel, sandbox.bedbank].enumerated() as EnumeratedSequence<[any Seller]> {
        let order = try await sandbox.order(seller, seed: UInt64(index))
        try await sandbox.want("late", for: "order")
        let result = await outcome { () async throws(SellerFault) in try await seller.book(order) }
        #expect(word(result) == "unknown", "\(seller.name)")
        let soon = try await seller.standing(of: order.reference)
        #expect(soon == nil, "\(seller.name)")
        var found: SaleStanding?
        for _ in 0..<100 where found == nil {
          try await Task.sleep(for: .milliseconds(100))
          found = try await seller.standing(of: order.reference)
        }
        #expect(found != nil, "\(seller.name)")
      }
      let counts = try JSONDocument(bytes: try await sandbox.own(.get, "/sandbox/faults").body).root
      #expect(counts.count("late") == 2)
    }
  }

  @Test("a payment that nobody answered for was made once, and looking it up tells")
  func payment() async throws {
    try await SandboxFixture.run(SandboxFixture.quick, patience: .seconds(3)) { sandbox in
      var order: SaleOrder?
      for index in 0..<3 where order == nil {
        let tried = try await sandbox.order(sandbox.duffel, seed: UInt64(index), offer: index)
        if case .success = await outcome({ () async throws(SellerFault) in try await sandbox.duffel.hold(tried) }) {
          order = tried
        }
      }
      let held = try #require(order)
      try await sandbox.want("silenceAfter", for: "pay")
      let result = await outcome { () async throws(SellerFault) in try await sandbox.duffel.book(held) }
      #expect(word(result) == "unknown")
      guard case .ticketed = try await sandbox.duffel.standing(of: held.reference)?.state else {
        Issue.record("the payment was not found")
        return
      }
      let again = try await sandbox.duffel.book(held)
      #expect(again.price == held.price)
      #expect(try await sandbox.books().member("paid")?.int == Int(held.price.minorUnits))
    }
  }

  @Test(
    "giving back that nobody answered for is found when looked up",
    arguments: ["errorAfter", "silenceAfter", "cutAfter"])
  func cancelling(_ fault: String) async throws {
    try await SandboxFixture.run(SandboxFixture.quick, patience: .seconds(3)) { sandbox in
      for (index, seller) in ([sandbox.duffel, sandbox.bedbank] as [any Seller]).enumerated() {
        let order = try await sandbox.order(seller, seed: UInt64(index))
        _ = try await seller.book(order)
        try await sandbox.want(fault, for: "cancel")
        let result = await outcome { () async throws(SellerFault) in try await seller.cancel(order.reference) }
        #expect(word(result) == "unknown", "\(seller.name)")
        guard case .cancelled = try await seller.standing(of: order.reference)?.state else {
          Issue.record("\(seller.name) did not say that it was given back")
          continue
        }
        guard case .cancelled = try await seller.cancel(order.reference).state else {
          Issue.record("\(seller.name) gave back twice")
          continue
        }
      }
    }
  }

  @Test(
    "reading changes nothing: what goes wrong there may be asked again",
    arguments: ["error", "garbageAfter", "cutAfter"])
  func reading(_ fault: String) async throws {
    try await SandboxFixture.run(SandboxFixture.quick, patience: .seconds(6)) { sandbox in
      for seller in sandbox.all {
        let search = try sandbox.search(seller)
        // Amadeus' token first, so that the search itself goes wrong.
        _ = try await seller.search(search)
        // A connection that broke is tried again, three times in all; an answer that is none is not.
        for _ in 0..<(fault == "cutAfter" ? 3 : 1) { try await sandbox.want(fault, for: "search") }
        let found = await outcome { () async throws(SellerFault) in try await seller.search(search) }
        #expect(word(found) == "notSent", "\(seller.name)")
      }
    }
  }

  @Test("where nobody listens nothing was sent, whatever was wanted")
  func nobody() async throws {
    try await SandboxFixture.run { sandbox in
      let dead = SandboxFixture("http://127.0.0.1:1", sandbox.client, sandbox.clock, patience: .seconds(3))
      for (seller, living) in zip(dead.all, sandbox.all) {
        let order = try await sandbox.order(living)
        let booked = await outcome { () async throws(SellerFault) in try await seller.book(order) }
        #expect(word(booked) == "notSent", "\(seller.name)")
      }
    }
  }

  @Test("an offer's name that is none does not reach the seller")
  func names() async throws {
    try await SandboxFixture.run { sandbox in
      for name in ["../orders", "a?b=c", "", String(repeating: "x", count: 5000), "off_1/../../x", "{}"] {
        for seller in [sandbox.duffel, sandbox.amadeus] as [any Seller] {
          let found = await outcome { () async throws(SellerFault) in
            try await seller.verify(OfferKey(seller: seller.name, name: name))
          }
          #expect(word(found) == "declined malformed", "\(seller.name) took \(name.prefix(20))")
        }
      }
    }
  }
}

extension SandboxFixture {
  /// A sandbox whose silence is shorter than a test is long.
  static var quick: SandboxSettings {
    var settings = SandboxSettings()
    settings.silence = .seconds(4)
    return settings
  }
}
