import Booking
import EventLoop
import Glibc
import HTTP
import JSON
import Kernel
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Providers

/// Against localstripe, which others have written, and which does twice what it is asked twice.
@Suite("A collector in Stripe's shape", .enabled(if: OtherCollector.python != nil, "pip cannot reach its index"))
struct StripeCollectorTests {
  private struct Till: Sendable {
    let stripe: StripeCollector
    let client: HTTPClient
    let url: String

    /// Asks localstripe itself.
    func ask(_ method: HTTPMethod, _ path: String, _ form: String = "") async throws -> JSONNode {
      var request = ClientRequest(method, url + path)
      request.fields.set("Authorization", "Bearer sk_test_12345")
      if !form.isEmpty { request.fields.set("Content-Type", "application/x-www-form-urlencoded") }
      request.body = Array(form.utf8)
      return try JSONDocument(bytes: try await client.send(request).body).root
    }

    func card(_ number: String) async throws -> String {
      let node = try await ask(
        .post, "/v1/payment_methods",
        "type=card&card[number]=\(number)&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123")
      return try #require(node.text("id"))
    }

    func order(_ reference: String, _ amount: Money, card: String?) -> PaymentOrder {
      PaymentOrder(reference, amount, method: card)
    }
  }

  private func withTill(_ body: (Till) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: 1)
    let other = try OtherCollector()
    let client = try HTTPClient(loop: group.loops[0])
    let account = SellerAccount(name: "stripe", url: other.url, key: "sk_test_12345", patience: .seconds(20))
    let stripe = StripeCollector(account, client) { Instant(secondsSinceEpoch: Int64(time(nil))) }
    try await body(Till(stripe: stripe, client: client, url: other.url))
    await client.close()
    group.shutdown()
  }

  private let euros = Money(minorUnits: 12_345, .euro)

  private func fault<Value>(_ body: () async throws(PaymentFault) -> Value) async -> PaymentFault? {
    do throws(PaymentFault) {
      _ = try await body()
      return nil
    } catch { return error }
  }

  @Test("money is reserved, found again by our reference alone, taken, and paid back once for each attempt")
  func wholeWay() async throws {
    try await withTill { till in
      let reference = "b1-P1"
      #expect(try await till.stripe.standing(of: reference) == nil)
      let reserved = try await till.stripe.authorise(till.order(reference, euros, card: "pm_card_visa"))
      #expect(reserved.state == .authorised && reserved.amount == euros)
      #expect(try await till.stripe.standing(of: reference)?.state == .authorised)
      let taken = try await till.stripe.capture(reference)
      #expect(taken.state == .captured)
      // Asked again it is as it is, and nothing is taken twice.
      #expect(try await till.stripe.capture(reference).state == .captured)
      let part = Money(minorUnits: 2_345, .euro)
      let back = try await till.stripe.refund(reference, part, as: "b1-P1-R1")
      #expect(back.refunded == part)
      let again = try await till.stripe.refund(reference, part, as: "b1-P1-R1")
      #expect(again.refunded == part)
      #expect(try await till.ask(.get, "/v1/refunds").list("data").count == 1)
      let more = try await till.stripe.refund(reference, Money(minorUnits: 1000, .euro), as: "b1-P1-R2")
      #expect(more.refunded == Money(minorUnits: 3_345, .euro))
      let refusal = await fault { () throws(PaymentFault) in try await till.stripe.void(reference) }
      #expect(refusal == .declined(words: "b1-P1 is taken already"))
    }
  }

  @Test("without a card it waits for the customer, with what their browser needs; let go it is void")
  func waits() async throws {
    try await withTill { till in
      let pending = try await till.stripe.authorise(till.order("b2-P1", euros, card: nil))
      #expect(pending.state == .pending && pending.clientSecret?.contains("_secret_") == true)
      #expect(try await till.stripe.void("b2-P1").state == .voided)
      #expect(try await till.stripe.standing(of: "b2-P1")?.state == .voided)
    }
  }

  @Test("a refused card is a no, and leaves nothing behind that another card could still pay")
  func refused() async throws {
    try await withTill { till in
      let card = try await till.card("4000000000000341")
      let refusal = await fault { () throws(PaymentFault) in
        try await till.stripe.authorise(till.order("b3-P1", euros, card: card))
      }
      guard case .declined = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
      let left = try await till.stripe.standing(of: "b3-P1")
      #expect(left?.state == .failed || left?.state == .voided)
      #expect(
        try await till.ask(.get, "/v1/payment_intents").list("data").allSatisfy { $0.text("status") == "canceled" })
    }
  }

  @Test("a bank that wants to see the customer keeps it waiting until they have been there")
  func authentication() async throws {
    try await withTill { till in
      let card = try await till.card("4000002500003155")
      let pending = try await till.stripe.authorise(till.order("b4-P1", euros, card: card))
      let secret = try #require(pending.clientSecret)
      #expect(pending.state == .pending)
      let id = try #require(secret.split(separator: "_secret_").first)
      _ = try await till.ask(
        .post, "/v1/payment_intents/\(id)/_authenticate", "client_secret=\(secret)&success=true")
      #expect(try await till.stripe.standing(of: "b4-P1")?.state == .authorised)
      #expect(try await till.stripe.capture("b4-P1").state == .captured)
    }
  }

  @Test("a payment is found among more than a page of others, and yen have no decimals")
  func manyAndYen() async throws {
    try await withTill { till in
      let yen = try Money("5000", Currency("JPY"))
      _ = try await till.stripe.authorise(till.order("yen-P1", yen, card: "pm_card_visa"))
      for number in 0..<120 {
        _ = try await till.stripe.authorise(till.order("other\(number)-P1", euros, card: nil))
      }
      #expect(try await till.stripe.standing(of: "yen-P1")?.amount == yen)
      #expect(try await till.stripe.standing(of: "other119-P1")?.state == .pending)
      #expect(try await till.stripe.standing(of: "nobody-P1") == nil)
      #expect(try await till.ask(.get, "/v1/payment_intents?limit=1").list("data").first?.count("amount") == 5000)
    }
  }
}

@Suite("What collectors write")
struct CollectorFormTests {
  @Test("units are ours but for the currencies that Stripe writes otherwise; what cannot be written is refused")
  func units() throws {
    func units(_ text: String, _ code: String) throws -> Int64? {
      CollectorUnits.stripe.units(try Money(text, Currency(code)))
    }
    #expect(try units("12.34", "EUR") == 1234)
    #expect(try units("5000", "JPY") == 5000)
    #expect(try units("1.234", "KWD") == 1234)
    #expect(try units("5", "UGX") == 500)
    #expect(try units("7.00", "MGA") == 7)
    #expect(try units("7.50", "MGA") == nil)
    let krona = try Currency("ISK")
    #expect(CollectorUnits.stripe.money(500, krona) == Money(minorUnits: 5, krona))
    #expect(CollectorUnits.stripe.money(550, krona) == nil)
  }

  @Test("an event is believed where one of its signatures is right and it is no older than five minutes")
  func events() {
    let body = Array(
      #"{"id":"evt_1","type":"charge.refunded","data":{"object":{"object":"charge","payment_intent":"pi_1","metadata":{}}}}"#
        .utf8)
    let (now, secret) = (Instant(secondsSinceEpoch: 1_800_000_000), "whsec_of_the_tests_only")
    func event(_ header: String?, at moment: Instant) -> Result<StripeEvent, EventFlaw> {
      do throws(EventFlaw) {
        return .success(try StripeEvent(body: body, signature: header, secret: secret, now: moment))
      } catch { return .failure(error) }
    }
    // openssl dgst -sha256 -hmac whsec_of_the_tests_only over "1800000000." and the body.
    let right = "f54bf919a31268e6ed6dc9892966ba2322eec975b33583a53bd2046176d761b4"
    let wrong = String(repeating: "0", count: 64)
    let read = event("t=1800000000,v1=\(wrong),v1=\(right)", at: now)
    #expect((try? read.get())?.intent == "pi_1")
    #expect((try? read.get())?.reference == nil)
    #expect(event("t=1800000000,v1=\(right)", at: now.adding(seconds: 301)) == .failure(.stale))
    #expect(event("t=1800000000,v1=\(right)", at: now.adding(seconds: 300)).isGood)
    #expect(event("t=1800000001,v1=\(right)", at: now) == .failure(.forged))
    #expect(event("t=1800000000,v1=\(wrong)", at: now) == .failure(.forged))
    #expect(event("t=1800000000,v0=\(right)", at: now) == .failure(.forged))
    #expect(event(nil, at: now) == .failure(.forged))
  }
}

extension Result {
  fileprivate var isGood: Bool { if case .success = self { true } else { false } }
}
