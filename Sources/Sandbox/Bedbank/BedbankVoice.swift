import HTTP
import JSON

extension Voice {
  /// Errors as Hotelbeds' API describes them.
  static let bedbank = Voice(
    failure: { status, code, words in
      var writer = JSONWriter()
      writer.object { object in
        object.object("error") { error in
          error.field("code", code)
          error.field("message", words)
        }
      }
      return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
    }, ownFault: "SYSTEM_ERROR", throttled: "CONFIGURATION_ERROR")

  /// How Hotelbeds says that a sale did not come about.
  static func bedbank(_ refusal: SaleRefusal) -> Response {
    switch refusal {
    case .soldOut: Voice.bedbank.failure(.badRequest, "PRODUCT_ERROR", "Insufficient allotment")
    case .priceChanged: Voice.bedbank.failure(.badRequest, "PRODUCT_ERROR", "Price has changed")
    case .noSuchSale: Voice.bedbank.failure(.badRequest, "INVALID_DATA", "Booking not found")
    case .notAllowed: Voice.bedbank.failure(.badRequest, "INVALID_DATA", "The request is not allowed")
    case .gone: Voice.bedbank.failure(.badRequest, "PRODUCT_ERROR", "The rate is no longer available")
    }
  }
}
