package import JSON
package import Kernel

/// Something that has happened and that people are to be told, as it travels to whoever finds out whom and how.
///
/// It holds ids alone: who takes part, and in which words, is read when it is told.
package enum TellOrder: Sendable, Hashable {
  /// An option of a trip was selected, and so many bookings were ordered.
  case itinerarySelected(TripID, ItineraryID, bookings: Int)
  /// New options of a trip are ready.
  case itineraryPlanned(TripID, ItineraryID)
  /// Somebody was mentioned in a comment.
  case tripMentioned(TripID, TripCommentID, [UserID])
  /// An endpoint of somebody's webhooks was switched off.
  case webhookDisabled(WebhookEndpointID, at: Instant)
  /// Something has happened to a booking; the number tells one time from another.
  case booking(BookingNews, BookingID, trip: TripID?, number: Int)
  /// All that a trip's selection wants booked was looked for; the number tells one time from another.
  case offersFound(TripID, number: Int)
  /// A price that somebody watches has fallen, for the so-manieth time, to so many minor units.
  case priceFell(PriceAlertID, fall: Int, price: Int64)

  /// What can happen to a booking that people are told.
  package enum BookingNews: String, Sendable, Hashable {
    case question = "booking.question"
    case ticketed = "booking.ticketed"
    case refunded = "booking.refunded"
    case failed = "booking.failed"
  }

  /// The kind and the queue of jobs that tell.
  package static let job = (kind: "notification.tell", queue: "notification")

  /// Its kind, as messages have it.
  package var kind: String {
    switch self {
    case .itinerarySelected: "itinerary.selected"
    case .itineraryPlanned: "itinerary.planned"
    case .tripMentioned: "trip.mentioned"
    case .webhookDisabled: "webhook.disabled"
    case .booking(let news, _, _, _): news.rawValue
    case .offersFound: "booking.offers"
    case .priceFell: "price.alert"
    }
  }

  /// What makes it one message however often it is told.
  package var key: String {
    switch self {
    case .itinerarySelected(let trip, let itinerary, _): "\(kind):\(trip):\(itinerary)"
    case .itineraryPlanned(_, let itinerary): "\(kind):\(itinerary)"
    case .tripMentioned(_, let comment, _): "\(kind):\(comment)"
    case .webhookDisabled(let endpoint, let at): "\(kind):\(endpoint):\(at.secondsSinceEpoch)"
    case .booking(_, let booking, _, let number): "\(kind):\(booking):\(number)"
    case .offersFound(let trip, let number): "\(kind):\(trip):\(number)"
    case .priceFell(let alert, let fall, _): "\(kind):\(alert):\(fall)"
    }
  }

  /// The trip that it is about.
  package var trip: TripID? {
    switch self {
    case .itinerarySelected(let trip, _, _), .itineraryPlanned(let trip, _), .tripMentioned(let trip, _, _): trip
    case .booking(_, _, let trip, _): trip
    case .offersFound(let trip, _): trip
    case .webhookDisabled, .priceFell: nil
    }
  }

  /// The job that tells it.
  package func newJob(trace: String? = nil) -> NewJob {
    var job = NewJob(kind: TellOrder.job.kind, payload: String(decoding: jsonBytes(), as: UTF8.self))
    job.queue = TellOrder.job.queue
    job.trace = trace
    return job
  }
}

extension TellOrder: JSONWritable, JSONReadable {
  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("kind", kind)
      switch self {
      case .itinerarySelected(let trip, let itinerary, let bookings):
        object.field("trip", trip.description)
        object.field("itinerary", itinerary.description)
        object.field("bookings", bookings)
      case .itineraryPlanned(let trip, let itinerary):
        object.field("trip", trip.description)
        object.field("itinerary", itinerary.description)
      case .tripMentioned(let trip, let comment, let people):
        object.field("trip", trip.description)
        object.field("comment", comment.description)
        object.field("people", people.map(\.description))
      case .webhookDisabled(let endpoint, let at):
        object.field("endpoint", endpoint.description)
        object.field("at", at.secondsSinceEpoch)
      case .booking(_, let booking, let trip, let number):
        object.field("booking", booking.description)
        object.field("trip", ifPresent: trip?.description)
        object.field("number", number)
      case .offersFound(let trip, let number):
        object.field("trip", trip.description)
        object.field("number", number)
      case .priceFell(let alert, let fall, let price):
        object.field("alert", alert.description)
        object.field("fall", fall)
        object.field("price", price)
      }
    }
  }

  /// Reads it.
  ///
  /// - Throws: `JSONError` for anything else.
  package init(json: JSONNode) throws(JSONError) {
    func node(_ name: String) throws(JSONError) -> JSONNode {
      guard let node = json.find("/" + name) else { throw json.fault("must have \"\(name)\"") }
      return node
    }
    func id<Noun>(_ name: String) throws(JSONError) -> Identifier<Noun> {
      guard let id = Identifier<Noun>(try node(name).string) else { throw try node(name).fault("must be an id") }
      return id
    }
    let kind = try node("kind").string
    if let news = BookingNews(rawValue: kind) {
      self = .booking(
        news, try id("booking"), trip: json.find("/trip") == nil ? nil : try id("trip"), number: try node("number").int)
      return
    }
    switch kind {
    case "itinerary.selected":
      self = .itinerarySelected(try id("trip"), try id("itinerary"), bookings: try node("bookings").int)
    case "itinerary.planned": self = .itineraryPlanned(try id("trip"), try id("itinerary"))
    case "trip.mentioned":
      var people: [UserID] = []
      for text in try [String](json: node("people")) {
        guard let user = UserID(text) else { throw try node("people").fault("must be ids") }
        people.append(user)
      }
      self = .tripMentioned(try id("trip"), try id("comment"), people)
    case "webhook.disabled":
      self = .webhookDisabled(
        try id("endpoint"), at: Instant(secondsSinceEpoch: try node("at").integer(as: Int64.self)))
    case "booking.offers": self = .offersFound(try id("trip"), number: try node("number").int)
    case "price.alert":
      self = .priceFell(
        try id("alert"), fall: try node("fall").int, price: try node("price").integer(as: Int64.self))
    default: throw try node("kind").fault("is nothing that people are told of")
    }
  }
}

/// What a webhook endpoint's id is of.
package enum WebhookEndpointNoun {}
/// The id of a webhook endpoint.
package typealias WebhookEndpointID = Identifier<WebhookEndpointNoun>
