import HTTP
import ItineraryWire
import JSON
import Kernel
import Store

/// Where an itinerary stands: what its job says while it is not planned.
enum ItineraryStanding {
  case ready
  case planning(Job?)
  case failed(reason: String)
  case cancelled

  init(_ itinerary: StoredItinerary, _ job: Job?) {
    if itinerary.plan != nil {
      self = .ready
      return
    }
    guard let job else {
      self = .failed(reason: "the job that was to plan it is not kept any more; have the trip planned again")
      return
    }
    switch job.state {
    case .cancelled: self = .cancelled
    case .dead: self = .failed(reason: ItineraryStanding.reason(job))
    // A job that has succeeded has just stored what it planned: whoever looks again finds it.
    case .scheduled, .waiting, .retrying, .running, .cancelling, .succeeded: self = .planning(job)
    }
  }

  private static func reason(_ job: Job) -> String {
    let told = job.lastError.flatMap { text -> String? in
      // What the queue keeps of an error is JSON; should it not be, there is no more to tell.
      guard let node = try? JSONDocument(text: text).root.find("/error") else { return nil }
      return try? node.string
    }
    return told ?? "its job was given up"
  }

  var name: String {
    switch self {
    case .ready: "ready"
    case .planning: "planning"
    case .failed: "failed"
    case .cancelled: "cancelled"
    }
  }
}

/// An itinerary as it travels.
struct ItineraryJSON: JSONWritable {
  /// By its state: what is planned has options, what is not says where it stands.
  static let schema: JSONSchema = .either(
    shared.with(StandingSchemas.ready).with(TripAnswerJSON.summary).with([
      "plannedAt": .moment, "selection?": SelectionJSON.schema, "travellers": TripDocuments.travellersSchema,
      "options": .list(OptionJSON.schema),
    ]), shared.with(StandingSchemas.planning).with(["first?": TripAnswerJSON.option]),
    shared.with(StandingSchemas.failed), shared.with(StandingSchemas.cancelled))

  private static let shared: JSONSchema = .fields([
    "id": .id, "trip": .id, "number": .integer, "job": .text, "revision": .integer, "createdAt": .moment,
    "changedAt": .moment, "next?": NextJSON.schema, "request": .object,
    "links": .fields(["self": .text, "job": .text, "events": .text]),
  ])

  let itinerary: StoredItinerary
  let standing: ItineraryStanding
  private let request: JSONNode
  private let travellers: JSONNode?
  private let summary: [(name: String, value: JSONNode)]
  private let first: JSONNode?
  private let options: [OptionJSON]
  private let selection: SelectionJSON?
  /// The one that is being planned to take its place, or was to.
  private let next: NextJSON?

  init(
    _ itinerary: StoredItinerary, _ standing: ItineraryStanding,
    next: (itinerary: StoredItinerary, standing: ItineraryStanding)? = nil
  ) throws {
    self.itinerary = itinerary
    self.standing = standing
    self.next = next.map { NextJSON(itinerary: $0.itinerary, standing: $0.standing) }
    request = try JSONDocument(text: itinerary.request).root
    travellers = try itinerary.plan.map { try JSONDocument(text: $0.travellers).root }
    summary = try itinerary.plan.map { try Array(JSONDocument(text: $0.summary).root.members) } ?? []
    first = if case .planning = standing { try itinerary.first.map { try JSONDocument(text: $0).root } } else { nil }
    options = try itinerary.plan?.options.map { try OptionJSON($0) } ?? []
    selection = try itinerary.selection.map { try SelectionJSON($0) }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", itinerary.id.description)
      object.field("trip", itinerary.trip.description)
      object.field("number", itinerary.number)
      standing.write(to: &object)
      object.field("job", itinerary.job.description)
      object.field("revision", itinerary.revision)
      object.field("createdAt", itinerary.createdAt.description)
      object.field("plannedAt", ifPresent: itinerary.plan?.plannedAt.description)
      object.field("changedAt", itinerary.changedAt.description)
      object.field("next", ifPresent: next)
      object.field("selection", ifPresent: selection)
      object.field("request", request)
      object.field("travellers", ifPresent: travellers)
      for (name, value) in summary { object.field(named: name, value) }
      object.field("first", ifPresent: first)
      if itinerary.plan != nil { object.field("options", options) }
      object.object("links") { links in
        links.field("self", "/v1/itineraries/\(itinerary.id)")
        links.field("job", "/v1/jobs/\(itinerary.job)")
        links.field("events", "/v1/jobs/\(itinerary.job)/events")
      }
    }
  }
}

extension ItineraryStanding {
  fileprivate func write(to object: inout JSONObjectWriter) {
    object.field("state", name)
    switch self {
    case .planning(let job): object.field("progress", ifPresent: job?.progress)
    case .failed(let reason): object.field("reason", reason)
    case .ready, .cancelled: break
    }
  }
}

/// What each standing is told with.
private enum StandingSchemas {
  static let ready: JSONSchema = .fields(["state": .words(["ready"])])
  static let planning: JSONSchema = .fields(["state": .words(["planning"]), "progress?": JobProgress.schema])
  static let failed: JSONSchema = .fields(["state": .words(["failed"]), "reason": .text])
  static let cancelled: JSONSchema = .fields(["state": .words(["cancelled"])])
}

private struct NextJSON: JSONWritable {
  static let schema: JSONSchema = {
    let shared: JSONSchema = .fields(["id": .id, "job": .text])
    return .either(
      shared.with(StandingSchemas.planning), shared.with(StandingSchemas.failed),
      shared.with(StandingSchemas.cancelled))
  }()

  let itinerary: StoredItinerary
  let standing: ItineraryStanding

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", itinerary.id.description)
      standing.write(to: &object)
      object.field("job", itinerary.job.description)
    }
  }
}

/// An option with its number.
struct OptionJSON: JSONWritable {
  static let schema: JSONSchema = TripAnswerJSON.option.with(["number": .integer(1...1000)])

  private let number: Int
  private let members: [(name: String, value: JSONNode)]

  init(_ option: StoredOption) throws(JSONError) {
    number = option.number
    members = try Array(JSONDocument(text: option.document).root.members)
  }

  func write(to writer: inout JSONWriter) { writer.object { write(to: &$0) } }

  func write(to object: inout JSONObjectWriter) {
    object.field("number", number)
    for (name, value) in members { object.field(named: name, value) }
  }
}

/// What a trip is booked from, and what is to be booked.
struct SelectionJSON: JSONWritable {
  static let schema: JSONSchema = {
    func booking(_ kind: BookingOrder.Kind, _ item: JSONSchema) -> JSONSchema {
      .fields(["reference": .text, "kind": .words([kind.rawValue]), "job": .text, "item": item])
    }
    return .fields([
      "itinerary": .id, "option": .integer, "selectedAt": .moment, "notification": .text,
      "bookings": .list(.either(booking(.leg, BookableParts.leg), booking(.stay, BookableParts.stay))),
    ])
  }()

  private let selection: StoredSelection
  private let details: [JSONNode]

  init(_ selection: StoredSelection) throws(JSONError) {
    self.selection = selection
    var details: [JSONNode] = []
    for item in selection.items { details.append(try JSONDocument(text: item.details).root) }
    self.details = details
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("itinerary", selection.itinerary.description)
      object.field("option", selection.option)
      object.field("selectedAt", selection.selectedAt.description)
      object.field("notification", selection.notification.description)
      object.array("bookings") { array in
        for (item, details) in zip(selection.items, details) {
          array.object {
            $0.field("reference", item.reference)
            $0.field("kind", item.kind.rawValue)
            $0.field("job", item.job.description)
            $0.field("item", details)
          }
        }
      }
    }
  }
}

extension StoredItinerary {
  /// Its version, for conditional requests; another itinerary of the trip never has it.
  var etag: ETag { ETag("\(id).\(revision)") }
}
