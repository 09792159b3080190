import Accounts
import Booking
import BookingWire
import EventLoop
import HTTP
import JSON
import Kernel

/// `/prices/flights` and its like: what sellers sell, at what price, on which terms; asked anew, and confirmed.
struct PriceRoutes: Sendable {
  static let kinds: [(path: String, kind: OfferKind, summary: String)] = [
    ("flights", .flight, "Flights that are sold"), ("rail", .rail, "Rides by train that are sold"),
    ("coaches", .coach, "Rides by coach that are sold"), ("hotels", .lodging, "Stays that are sold"),
    ("activities", .activity, "Visits and tours that are sold"),
  ]
  /// A search is asked anew this often at most, whoever asks.
  static let refreshSeconds: Int64 = 15
  private static let bytesMax = 16 * 1024

  let desk: PriceDesk

  func addRoutes(to group: RouteGroup) {
    for (path, kind, summary) in Self.kinds {
      group.get("/prices/\(path)") { request, _ in try await offers(kind, request) }.describe(
        RouteDescription(
          summary, "Prices", query: PriceQuestion.parameters(kind), fields: ["Accept"],
          answers: [Self.answer]
        ).scoped(.search))
    }
    group.post("/prices/refresh") { request, _ in try await refresh(request) }.describe(
      .json(
        "Asks sellers anew about a search that was shown", .prices,
        takes: .fields(["id": .text(5...120)]), gives: Self.page
      ).scoped(.search))
    group.post("/prices/verify") { request, _ in try await verify(request) }.describe(
      .json(
        "Asks the seller for an offer's price right now, as before a payment", .prices,
        takes: .fields(["offer": BookingWish.offer, "price": Self.money]),
        gives: .fields([
          "offer": .object, "shown": Self.money, "changed": .boolean, "consentNeeded": .boolean, "confirmedAt": .moment,
        ])
      ).scoped(.search))
  }

  static let money: JSONSchema = .fields(["amount": .amount, "currency": .text(matching: "^[A-Z]{3}$")])
  static let page: JSONSchema = .fields([
    "id": .text, "fetchedAt": .moment, "ageSeconds": .integer, "stale": .boolean, "missing": .list(.text),
    "total": .integer, "renewed?": .boolean, "next": JSONSchema.text.orNull, "offers": .list(.object),
  ])

  /// A page, or one after the other as sellers answer.
  private static let answer: RouteDescription.Answer = {
    var answer = RouteDescription.Answer.json(page.with(["return?": page]))
    answer.body?.types += ["text/event-stream", "application/x-ndjson"]
    return answer
  }()

  private func offers(_ kind: OfferKind, _ request: Request) async throws -> Response {
    let question = try PriceQuestion(kind, request.query, today: desk.today)
    let form = StreamForm(request)
    let isRide = kind != .lodging && kind != .activity
    let back = isRide ? try PriceQuestion.back(request.query, after: question.request.search.date) : nil
    if let form {
      guard back == nil else {
        throw Problem.parameter("return", "A stream shows one way; ask for the way back in a stream of its own.")
      }
      return try await stream(question, form)
    }
    guard let back else { return shown(PriceText(try await page(question), question).bytes) }
    var homewards = question.request
    (homewards.search.origin, homewards.search.destination) = (
      question.request.search.destination, question.request.search.origin
    )
    homewards.search.date = back
    (homewards.filter.departsFrom, homewards.filter.departsBefore, homewards.filter.arrivesBy) = (nil, nil, nil)
    homewards.start = 0
    let returning = homewards
    async let second = desk.ask { try await $0.page(returning) }
    let first = try await page(question)
    let inner = PriceText(try await second, returning, continued: nil).bytes
    return shown(PriceText(first, question).with("return", inner))
  }

  private func page(_ question: PriceQuestion) async throws -> OfferPage {
    try await desk.ask { try await $0.page(question.request) }
  }

  private func shown(_ bytes: [UInt8]) -> Response {
    Response(
      status: .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: .bytes(bytes))
  }

  private func stream(_ question: PriceQuestion, _ form: StreamForm) async throws -> Response {
    // Whether anybody sells at all is told with a status; what happens later within the stream.
    _ = try await desk.ask { $0 }
    switch form {
    case .events:
      guard let loop = EventLoop.current else { preconditionFailure("requests are answered on a loop") }
      return .events(on: loop) { writer in
        do {
          try await desk.ask { source in
            try await source.follow(question.request) { page in
              let text = String(decoding: PriceText(page, question).bytes, as: UTF8.self)
              try await writer.send(ServerSentEvent(name: "offers", data: text))
            }
          }
          try await writer.send(ServerSentEvent(name: "end", data: "{}"))
        } catch let problem as Problem {
          try await writer.send(
            ServerSentEvent(name: "problem", data: String(decoding: Self.told(problem), as: UTF8.self)))
        }
      }
    case .lines:
      return Response(
        status: .ok, fields: ["Content-Type": "application/x-ndjson", "Cache-Control": "no-store"],
        body: .stream(length: nil) { writer in
          do {
            try await desk.ask { source in
              try await source.follow(question.request) { page in
                try await writer.write(PriceText(page, question).bytes + [UInt8(ascii: "\n")])
              }
            }
          } catch let problem as Problem {
            try await writer.write(Self.told(problem) + [UInt8(ascii: "\n")])
          }
        })
    }
  }

  /// A problem within a stream, whose status has gone out long ago.
  private static func told(_ problem: Problem) -> [UInt8] {
    Told { object in
      object.field("type", problem.type)
      object.field("title", problem.title)
      object.field("status", problem.status.code)
      object.field("detail", problem.detail)
    }.jsonBytes()
  }

  private func refresh(_ request: Request) async throws -> Response {
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let name = try json.object(required: "id").required("id", length: 5...120)
    let search = try desk.search(named: name)
    guard search.date >= desk.today else {
      throw json.fault("is about a day that is over; search for another", at: "/id")
    }
    let request = OfferRequest(search)
    let page = try await desk.ask { source in
      try await source.refresh(search, Self.refreshSeconds)
      return try await source.page(request)
    }
    return shown(PriceText(page, request, continued: nil).bytes)
  }

  private func verify(_ request: Request) async throws -> Response {
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "offer", "price")
    let text = try object.required("offer", length: 3...BookingWish.nameMax + 41)
    guard let key = OfferKey(text) else { throw json.fault("must be the 'id' of an offer", at: "/offer") }
    let shown = try OfferReader.money(object.required("price"))
    guard let offer = try await desk.ask({ try await $0.verify(key) }) else {
      throw json.fault("is of a seller that is not known here", at: "/offer")
    }
    let (check, now) = (PriceCheck(shown: shown, offer: offer), desk.now)
    return TripAnswers.fresh(
      Told { object in
        object.field("offer", ShownOffer(check.offer))
        object.object("shown") {
          $0.field("amount", check.shown.amountText)
          $0.field("currency", check.shown.currency.code)
        }
        object.field("changed", check.isChanged)
        object.field("consentNeeded", check.needsConsent)
        object.field("confirmedAt", now.description)
      })
  }
}

/// How results are wanted that come one after the other.
private enum StreamForm {
  case events, lines

  /// The form that the client names first; nil where it wants the whole at once.
  init?(_ request: Request) {
    guard let accept = request.header("Accept") else { return nil }
    for range in accept.split(separator: ",") {
      let type = range.prefix { $0 != ";" }.filter { $0 != " " }
      switch type {
      case "text/event-stream": self = .events
      case "application/x-ndjson": self = .lines
      default: continue
      }
      return
    }
    return nil
  }
}
