import HTTP
import JSON

extension Voice {
  /// Errors as Duffel's API describes them.
  static let duffel = Voice(
    failure: { status, code, words in
      var writer = JSONWriter()
      writer.object { object in
        object.array("errors") { array in
          array.object { error in
            error.field("type", Voice.duffelType(status))
            error.field("title", words)
            error.field("message", words)
            error.field("code", code)
            error.field("documentation_url", "https://duffel.com/docs/api/overview/response-handling")
          }
        }
        object.object("meta") { meta in
          meta.field("status", status.code)
          meta.field("request_id", "sandbox")
        }
      }
      return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
    }, ownFault: "internal_server_error", throttled: "rate_limit_exceeded")

  private static func duffelType(_ status: HTTPStatus) -> String {
    switch status.code {
    case 401, 403: "authentication_error"
    case 422: "invalid_state_error"
    case 429: "rate_limit_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  /// How Duffel says that a sale did not come about.
  static func duffel(_ refusal: SaleRefusal) -> Response {
    switch refusal {
    case .soldOut:
      Voice.duffel.failure(.unprocessableContent, "offer_no_longer_available", "the offer is no longer available")
    case .priceChanged(let now):
      Voice.duffel.failure(.unprocessableContent, "price_changed", "the price is \(now.amountText) EUR now")
    case .noSuchSale: Voice.duffel.failure(.notFound, "not_found", "there is no such order")
    case .notAllowed:
      Voice.duffel.failure(.unprocessableContent, "order_not_eligible", "the order does not allow that")
    case .gone:
      Voice.duffel.failure(.unprocessableContent, "past_payment_required_by_date", "the time to pay has passed")
    }
  }
}
