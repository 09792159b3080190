import JSON
import Kernel

/// An intent as Stripe's API tells it.
struct StripeIntentJSON: JSONWritable {
  let intent: Till.Intent
  /// Where the sandbox is reached, for the bank's page.
  let origin: String

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", intent.id)
      object.field("object", "payment_intent")
      object.field("amount", intent.amount)
      object.field("amount_received", intent.captured)
      object.field("currency", intent.currency)
      object.field("created", intent.created.secondsSinceEpoch)
      object.field("status", intent.state.rawValue)
      object.field("capture_method", "manual")
      object.field("client_secret", intent.clientSecret)
      object.object("metadata") { $0.field("reference", intent.reference) }
      if intent.state == .requiresAction {
        object.object("next_action") { action in
          action.field("type", "redirect_to_url")
          action.object("redirect_to_url") {
            $0.field("url", "\(origin)/sandbox/bank/\(intent.id)")
            $0.field("return_url", ifPresent: intent.returnURL)
          }
        }
      }
      if intent.isRefused {
        object.object("last_payment_error") {
          $0.field("code", "card_declined")
          $0.field("message", "Your card was declined.")
        }
      }
    }
  }
}

/// A refund as Stripe's API tells it.
struct StripeRefundJSON: JSONWritable {
  let refund: Till.Refund

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", refund.id)
      object.field("object", "refund")
      object.field("amount", refund.amount)
      object.field("payment_intent", refund.intent)
      object.field("created", refund.created.secondsSinceEpoch)
      object.field("status", "succeeded")
      object.object("metadata") { $0.field("attempt", ifPresent: refund.attempt) }
    }
  }
}

/// A list as Stripe's API tells it.
struct StripeListJSON<Element: JSONWritable>: JSONWritable {
  let elements: [Element]
  let hasMore: Bool

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("object", "list")
      object.field("has_more", hasMore)
      object.field("data", elements)
    }
  }
}

/// A payment as the sandbox's books tell it.
struct TillEntryJSON: JSONWritable {
  let intent: Till.Intent
  let refunded: Int64

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", intent.id)
      object.field("reference", intent.reference)
      object.field("state", intent.state.rawValue)
      object.field("created", intent.created.secondsSinceEpoch)
      object.field("amount", intent.amount)
      object.field("captured", intent.captured)
      object.field("refunded", refunded)
    }
  }
}
