import HTTP
import JSON

extension Voice {
  /// Errors as Amadeus' Self-Service API describes them.
  static let amadeus = Voice(
    failure: { status, code, words in
      var writer = JSONWriter()
      writer.object { object in
        object.array("errors") { array in
          array.object { error in
            error.field("status", status.code)
            error.field("code", Int(code) ?? 0)
            error.field("title", words)
            error.field("detail", words)
          }
        }
      }
      return Response(
        status: status, fields: ["Content-Type": "application/vnd.amadeus+json"], body: .bytes(writer.finish()))
    }, ownFault: "141", throttled: "38194")

  /// How Amadeus says that a sale did not come about.
  static func amadeus(_ refusal: SaleRefusal) -> Response {
    switch refusal {
    case .soldOut: Voice.amadeus.failure(.badRequest, "34651", "SEGMENT SELL FAILURE")
    case .priceChanged: Voice.amadeus.failure(.badRequest, "37200", "PRICE DISCREPANCY")
    case .noSuchSale: Voice.amadeus.failure(.notFound, "1797", "NOT FOUND")
    case .notAllowed: Voice.amadeus.failure(.badRequest, "477", "INVALID FORMAT")
    case .gone: Voice.amadeus.failure(.badRequest, "4926", "INVALID DATA RECEIVED")
    }
  }
}
