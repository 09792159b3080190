import Foundation
import HTTP
import JSON
import Postgres
import Testing

@testable import wayfare

/// The whole way of bookings whose money is collected in Adyen's shape, between real processes.
@Suite("Bookings of the program, collected in Adyen's shape", .serialized)
struct ProgramAdyenTests {
  private func made(_ house: BookingHouse, _ key: String, offer: Int) async throws -> String {
    let wish = try await house.wish(offer: offer, collector: "adyen")
    let made = try await house.send(.post, "/bookings", wish, key: key)
    #expect(made.status == 201, "\(made.text)")
    return try #require(try made.root.find("/id")?.string)
  }

  private func pays(_ house: BookingHouse, _ id: String, _ card: String) async throws -> BookingHouse.Answer {
    let begun = try await house.send(.post, "/payments/intent", #"{"booking":"\#(id)","method":"ada/\#(card)"}"#)
    #expect(begun.status == 200 || begun.status == 202, "\(begun.text)")
    return begun
  }

  @Test("paid, ticketed and given back; with answers that are lost; by way of the bank: each is charged once")
  func wholeWay() async throws {
    try await withBookingHouse(sendsEvents: true) { house in
      let worker = try await house.worker()
      let plain = try await made(house, "plain", offer: 0)
      _ = try await pays(house, plain, "good")
      try await house.ends(plain, in: "TICKETED")
      let called = try await house.send(.put, "/bookings/\(plain)/cancel")
      #expect(called.status == 200 || called.status == 202, "\(called.text)")
      try await house.ends(plain, in: "REFUNDED")
      // Lost answers: to the reservation and to the capture.
      for (number, deed) in ["authorise", "capture"].enumerated() {
        let id = try await made(house, "lost-\(deed)", offer: number + 1)
        try await house.want("garbageAfter", for: deed)
        _ = try await pays(house, id, "good")
        try await house.ends(id, in: "TICKETED")
      }
      // The bank wants to see the customer, who brings something back.
      let seen = try await made(house, "seen", offer: 3)
      let begun = try await pays(house, seen, "asks")
      let page = try #require(try begun.root.find("/redirect")?.string)
      let payment = try #require(try begun.root.find("/id")?.string)
      let brought = try await house.own(.post, String(page.dropFirst(house.sandbox.count)))
      let result = try #require(try JSONDocument(bytes: brought.body).root.text("redirectResult"))
      let confirmed = try await house.send(
        .post, "/payments/confirm", #"{"payment":"\#(payment)","result":"\#(result)"}"#)
      #expect(confirmed.status == 200 || confirmed.status == 202, "\(confirmed.text)")
      try await house.ends(seen, in: "TICKETED")
      let books = try await house.books()
      let taken = books.list("payments").filter { ($0.count("captured") ?? 0) > 0 }
      #expect(taken.count == 4 && Set(taken.compactMap { $0.text("reference") }).count == 4)
      #expect(books.list("payments").count == 4, "nothing was ordered twice")
      try await house.evenBooks()
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a webhook that is forged is refused, and each is kept once however often it comes")
  func webhooks() async throws {
    try await withBookingHouse(sendsEvents: true) { house in
      let worker = try await house.worker()
      let id = try await made(house, "one", offer: 0)
      _ = try await pays(house, id, "good")
      try await house.ends(id, in: "TICKETED")
      let notes = try await house.count("select count(*) from payment_note where name like 'event %'")
      #expect(notes == 2)
      let forged = """
        {"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"AAAA"},
         "amount":{"currency":"EUR","value":1},"eventCode":"REFUND","merchantAccountCode":"SandboxECOM",
         "merchantReference":"x","pspReference":"A1","success":"true"}}]}
        """
      var request = ClientRequest(.post, house.url + "/v1/webhooks/adyen")
      request.fields.set("Content-Type", "application/json")
      request.body = Array(forged.utf8)
      #expect(try await house.http.send(request).status == 401)
      let after = try await house.count("select count(*) from payment_note where name like 'event %'")
      #expect(after == 2)
      try await house.holds(bookings: 1, tickets: 1, charges: 1)
      #expect(try await worker.end() == 0)
    }
  }
}
