import Booking
import JSON
import Kernel

/// How a booking's saga is kept: all of it in one document.
struct SagaJSON: JSONWritable {
  let saga: Saga

  init(_ saga: Saga) { self.saga = saga }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("booking", saga.booking)
      object.field("currency", saga.currency.code)
      object.field("policy", saga.policy.rawValue)
      object.field("collector", saga.collector)
      object.field("begun", saga.begun.secondsSinceEpoch)
      if let package = saga.package {
        object.object("package") {
          $0.field("discountPercent", package.rule.discountPercent)
          $0.field("price", package.price)
        }
      }
      object.field("phase", saga.phase.rawValue)
      object.field("undoing", ifPresent: saga.undoing?.rawValue)
      object.field("questions", saga.counts.questions)
      object.field("calls", saga.counts.calls)
      object.field("entries", saga.counts.entries)
      object.field("items", saga.items.map { ItemJSON(item: $0) })
      object.field("payment", ifPresent: saga.payment.map { PaymentJSON(payment: $0) })
      object.field("question", ifPresent: saga.question.map { QuestionJSON(question: $0) })
    }
  }
}

private struct ItemJSON: JSONWritable {
  let item: SagaItem

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("reference", item.reference.text)
      object.field("offer", OfferKeyJSON(key: item.offer))
      object.field("part", ifPresent: item.part?.rawValue)
      object.field("cost", item.cost)
      object.field("price", item.price)
      if item.isMissed { object.field("missed", true) }
      object.field("asked", ifPresent: item.asked)
      write(item.stage, to: &object)
      object.field("call", ifPresent: item.call.map { CallJSON(call: $0) })
      object.field("withSeller", item.isWithSeller)
      object.field("canHold", item.canHold)
      object.field("undoing", ifPresent: item.undoing?.rawValue)
      object.field("kept", item.kept)
      object.field("version", item.version)
      object.field("proposal", ifPresent: item.proposal.map { OfferKeyJSON(key: $0) })
      object.field("forced", item.isForced)
      object.field("look", ifPresent: item.look?.secondsSinceEpoch)
    }
  }

  private func write(_ stage: SagaItem.Stage, to object: inout JSONObjectWriter) {
    switch stage {
    case .wished: object.field("stage", "wished")
    case .verified(let until):
      object.field("stage", "verified")
      object.field("until", until.secondsSinceEpoch)
    case .held(let until):
      object.field("stage", "held")
      object.field("until", until.secondsSinceEpoch)
    case .bought(let papers):
      object.field("stage", "bought")
      object.field("papers", papers)
    case .refused(let refusal):
      object.field("stage", "refused")
      object.field("refusal", refusal.rawValue)
    case .returned: object.field("stage", "returned")
    case .stranded: object.field("stage", "stranded")
    }
  }
}

private struct PaymentJSON: JSONWritable {
  let payment: SagaPayment

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("number", payment.number)
      object.field("amount", payment.amount)
      object.field("method", ifPresent: payment.method)
      object.field("stage", payment.stage.rawValue)
      object.field("refunded", payment.refunded)
      object.field("refunds", payment.refunds)
      object.field("call", ifPresent: payment.call.map { CallJSON(call: $0) })
      object.field("there", payment.isThere)
      object.field("reserved", payment.isReserved)
      object.field("look", ifPresent: payment.look?.secondsSinceEpoch)
      object.field("looks", payment.looks)
      object.field("left", payment.isLeft)
    }
  }
}

private struct OfferKeyJSON: JSONWritable {
  let key: OfferKey

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("seller", key.seller)
      object.field("name", key.name)
    }
  }
}

private struct QuestionJSON: JSONWritable {
  let question: BookingQuestion

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("number", question.number)
      switch question.subject {
      case .price(let now): object.field("price", now)
      case .without(let items): object.field("without", items)
      case .sellerChange(let item, let offer):
        object.field("item", item)
        object.field("offer", OfferKeyJSON(key: offer))
      }
    }
  }
}

private struct CallJSON: JSONWritable {
  let call: SagaCall

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("number", call.number)
      object.field("action", call.action.word)
      switch call.action {
      case .change(let offer, let price):
        object.field("offer", OfferKeyJSON(key: offer))
        object.field("units", price)
      case .refund(let units): object.field("units", units)
      default: break
      }
      object.field("attempts", call.attempts)
      object.field("asks", call.asks)
      switch call.state {
      case .intended(let due):
        object.field("state", "intended")
        object.field("due", due.secondsSinceEpoch)
      case .sent(let sent):
        object.field("state", "sent")
        object.field("sent", sent.secondsSinceEpoch)
      case .unknown(let sent, let due, let isAsking):
        object.field("state", "unknown")
        object.field("sent", sent.secondsSinceEpoch)
        object.field("due", due.secondsSinceEpoch)
        object.field("asking", isAsking)
      }
    }
  }
}

extension SagaAction {
  /// The word for it.
  var word: String {
    switch self {
    case .verify: "verify"
    case .hold: "hold"
    case .book: "book"
    case .cancel: "cancel"
    case .change: "change"
    case .authorise: "authorise"
    case .capture: "capture"
    case .void: "void"
    case .refund: "refund"
    case .look: "look"
    }
  }

  /// As the journal has it.
  var line: String {
    switch self {
    case .change(let offer, let price): "change \(offer.name.prefix(200)) \(price)"
    case .refund(let units): "refund \(units)"
    default: word
    }
  }
}
