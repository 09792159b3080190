import Booking
import BudgetWire
import JSON
import Kernel
import Store

/// A booking as it is told.
struct BookingJSON: JSONWritable {
  static let schema: JSONSchema = .open([
    "id": .id, "state": .words(states), "policy": .words(["all", "best"]), "total": BookingWish.price,
    "package?": .fields(["price": BookingWish.price]), "items": .list(BookingItemJSON.schema),
    "travellers": .list(.object), "trip?": .id, "collector": .text,
    "question?": .object, "payment?": PaymentJSON.schema, "needsAttention": .boolean, "due?": .moment,
    "createdAt": .moment, "revision": .integer, "links": .map(.text),
  ])
  private static let states = BookingPhase.allCases.map(\.word)

  let booking: StoredBooking
  /// What is known of each item, by its reference.
  let details: [String: String]

  func write(to writer: inout JSONWriter) {
    let saga = booking.saga
    writer.object { object in
      object.field("id", booking.id.description)
      object.field("trip", ifPresent: booking.trip?.description)
      object.field("state", saga.phase.word)
      object.field("policy", saga.policy.rawValue)
      object.field("collector", saga.collector)
      object.field("total", Money(minorUnits: saga.total, saga.currency))
      if let package = saga.package {
        object.object("package") { $0.field("price", Money(minorUnits: package.price, saga.currency)) }
      }
      object.array("items") { array in
        for (index, item) in saga.items.enumerated() {
          array.element(
            BookingItemJSON(
              number: index + 1, item: item, currency: saga.currency, details: details[item.reference.text]))
        }
      }
      object.array("travellers") { array in
        for traveller in booking.travellers {
          array.object {
            $0.field("givenName", traveller.givenName)
            $0.field("familyName", traveller.familyName)
            $0.field("born", ifPresent: traveller.born?.description)
            $0.field("mail", ifPresent: traveller.mail)
          }
        }
      }
      if let question = saga.question { object.field("question", QuestionJSON(question: question, saga: saga)) }
      if let payment = saga.payment { object.field("payment", PaymentJSON(saga: saga, payment: payment)) }
      object.field("needsAttention", saga.needsAttention)
      object.field("createdAt", booking.createdAt.description)
      object.field("revision", booking.revision)
      object.object("links") { links in
        links.field("self", "/v1/bookings/\(booking.id)")
        if saga.payment != nil { links.field("payment", "/v1/payments/\(saga.paymentReference)") }
      }
    }
  }
}

/// An item of a booking as it is told; of a package's part not what it costs.
struct BookingItemJSON: JSONWritable {
  static let schema: JSONSchema = .open([
    "number": .integer, "reference": .text, "offer": BookingWish.offer, "price?": BookingWish.price,
    "state": .words(["wished", "verified", "held", "bought", "ticketed", "refused", "returned", "stranded"]),
    "papers?": .list(.text), "reason?": .text, "until?": .moment, "asked?": BookingWish.price, "what?": .object,
  ])

  let number: Int
  let item: SagaItem
  let currency: Currency
  let details: String?

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("number", number)
      object.field("reference", item.reference.text)
      object.field("offer", item.offer.text)
      if item.part == nil {
        object.field("price", Money(minorUnits: item.price, currency))
        if let asked = item.asked { object.field("asked", Money(minorUnits: asked, currency)) }
      }
      switch item.stage {
      case .wished: object.field("state", "wished")
      case .verified(let until):
        object.field("state", "verified")
        object.field("until", until.description)
      case .held(let until):
        object.field("state", "held")
        object.field("until", until.description)
      case .bought(let papers):
        object.field("state", papers.isEmpty ? "bought" : "ticketed")
        object.field("papers", papers)
      case .refused(let reason):
        object.field("state", "refused")
        object.field("reason", reason.rawValue)
      case .returned: object.field("state", "returned")
      case .stranded: object.field("state", "stranded")
      }
      // What is kept was written by us; were it not to be read, the rest is told all the same.
      if let details, let what = try? StoredText(details) { object.field("what", what) }
    }
  }
}

/// What a booking asks its customer.
private struct QuestionJSON: JSONWritable {
  let question: BookingQuestion
  let saga: Saga

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("number", question.number)
      switch question.subject {
      case .price(let now):
        object.field("about", "price")
        object.field("price", Money(minorUnits: now, saga.currency))
      case .without(let items):
        object.field("about", "without")
        object.field("items", items.map { $0 + 1 })
      case .sellerChange(let item, let offer):
        object.field("about", "sellerChange")
        object.field("item", item + 1)
        object.field("offer", offer.text)
      }
    }
  }
}

/// A payment as it is told; what the customer's browser needs, while it waits for the customer.
struct PaymentJSON: JSONWritable {
  static let schema: JSONSchema = .open([
    "id": .text, "booking": .text, "collector": .text, "amount": BookingWish.price, "refunded": BookingWish.price,
    "state": .words(["begun", "pending", "authorised", "captured", "voided", "failed"]), "clientSecret?": .text,
    "redirect?": .text, "links": .map(.text),
  ])

  let saga: Saga
  let payment: SagaPayment
  var standing: PaymentStanding?

  func write(to writer: inout JSONWriter) {
    let id = saga.paymentReference
    writer.object { object in
      object.field("id", id)
      object.field("booking", saga.booking)
      object.field("collector", saga.collector)
      object.field("state", payment.stage == .none ? "begun" : payment.stage.rawValue)
      object.field("amount", Money(minorUnits: payment.amount, saga.currency))
      object.field("refunded", Money(minorUnits: payment.refunded, saga.currency))
      object.field("clientSecret", ifPresent: standing?.clientSecret)
      object.field("redirect", ifPresent: standing?.redirect)
      object.object("links") { links in
        links.field("self", "/v1/payments/\(id)")
        links.field("booking", "/v1/bookings/\(saga.booking)")
        if payment.stage == .captured { links.field("invoice", "/v1/payments/\(id)/invoice") }
      }
    }
  }
}

extension BookingPhase {
  /// As callers know it.
  var word: String {
    switch self {
    case .begun: "INIT"
    case .pending: "PENDING"
    case .paid: "PAID"
    case .ticketing: "TICKETING"
    case .ticketed: "TICKETED"
    case .changing: "CHANGING"
    case .refundNeeded: "REFUND_NEEDED"
    case .refunded: "REFUNDED"
    case .releasing: "RELEASING"
    case .lapsed: "EXPIRED"
    case .cancelled: "CANCELLED"
    }
  }
}
