import EventLoop
import HTTP
import JSON
import Kernel
import Transport
import TransportWire

/// Several journeys one after the other, each with its own time, or as soon as the one before has arrived.
///
/// `{"legs": [{"from", "to", "at"}, {"to", "stayMinutes"}, …], "modes", "criteria", …}`
struct MultiLeg: Sendable {
  private static let legsMax = 12

  static let schema: JSONSchema = .fields([
    "legs": .list(
      .fields([
        "to": .text(1...300), "from?": .text(1...300), "at?": .text(1...40), "arriveBy?": .text(1...40),
        "window?": .text(1...10), "stayMinutes?": .integer(0...43_200),
      ]), 1...legsMax), "criteria?": .list(.text, 1...10), "full?": .boolean, "currency?": .text(1...10),
    "rider?": .text(1...100), "modes?": .list(.text, 1...30), "maxWalkMetres?": .integer(JourneyWishes.walkMetres),
    "access?": .list(.words(OwnWay.self), 1...4), "egress?": .list(.words(OwnWay.self), 1...4),
    "direct?": .list(.words(OwnWay.self), 1...4), "changeSeconds?": .integer(JourneyWishes.changes),
    "wheelchair?": .boolean, "bikes?": .boolean,
  ])

  private struct Leg: Sendable {
    /// Nil for where the leg before ends.
    let from: String?
    let to: String
    /// Nil for as soon as the leg before has arrived, and the stay is over.
    let time: JourneyTime?
    let staySeconds: Int
    let pointer: String
  }

  private let legs: [Leg]
  private let wishes: JourneyWishes

  /// Reads what was sent.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  init(_ node: JSONNode) throws(JSONError) {
    let object = try node.object(
      required: "legs",
      optional: "criteria", "full", "currency", "rider", "modes", "maxWalkMetres", "access", "egress", "direct",
      "changeSeconds", "wheelchair", "bikes")
    var legs: [Leg] = []
    for element in try object.required("legs", count: 1...Self.legsMax, of: JSONNode.self) {
      legs.append(try Self.leg(element, isFirst: legs.isEmpty))
    }
    self.legs = legs
    wishes = try Self.wishes(object)
  }

  private static func leg(_ node: JSONNode, isFirst: Bool) throws(JSONError) -> Leg {
    let object = try node.object(required: "to", optional: "from", "at", "arriveBy", "window", "stayMinutes")
    let from = try object.optional("from", length: 1...300)
    let (at, by, window) = (
      try object.optional("at", length: 1...40), try object.optional("arriveBy", length: 1...40),
      try object.optional("window", length: 1...10)
    )
    if isFirst, from == nil {
      throw node.fault(
        "is missing: the first leg begins somewhere: lat,lon or stop:FEED:STOP_ID or place:NAME", at: "/from")
    }
    var time: JourneyTime?
    if isFirst || at != nil || by != nil || window != nil {
      do throws(JourneyTimeFault) {
        time = try JourneyTime(at: at, arriveBy: by, window: window)
      } catch {
        let name =
          switch error.field {
          case .at: "/at"
          case .arriveBy: "/arriveBy"
          case .window: "/window"
          }
        throw node.fault(error.complaint, at: name)
      }
    }
    let stay = try object.optional("stayMinutes", in: 0...43_200)
    if stay != nil, time != nil {
      throw node.fault("says nothing of a leg that has a time of its own: leave one of them out", at: "/stayMinutes")
    }
    return Leg(
      from: from, to: try object.required("to", length: 1...300), time: time, staySeconds: (stay ?? 0) * 60,
      pointer: node.pointer)
  }

  private static func wishes(_ object: JSONObject) throws(JSONError) -> JourneyWishes {
    var wishes = JourneyWishes()
    wishes.walkMetresMax = try object.optional("maxWalkMetres", in: JourneyWishes.walkMetres) ?? wishes.walkMetresMax
    wishes.changeSeconds = try object.optional("changeSeconds", in: JourneyWishes.changes) ?? 0
    wishes.isFull = try object.optional("full") ?? false
    wishes.needsWheelchair = try object.optional("wheelchair") ?? false
    wishes.needsBikes = try object.optional("bikes") ?? false
    wishes.rider = try object.optional("rider", length: 1...100)
    if let node = object.find("modes") {
      let names = try object.required("modes", count: 1...30, of: String.self)
      do throws(WordFault) { wishes.modes = try JourneyWishes.modes(names) } catch { throw node.fault(error.complaint) }
    }
    func ways(_ name: StaticString) throws(JSONError) -> Set<OwnWay>? {
      guard let node = object.find(name) else { return nil }
      let names = try object.required(name, count: 1...4, of: String.self)
      do throws(WordFault) { return try JourneyWishes.ways(names) } catch { throw node.fault(error.complaint) }
    }
    wishes.accessWays = try ways("access") ?? wishes.accessWays
    wishes.egressWays = try ways("egress") ?? wishes.egressWays
    wishes.directWays = try ways("direct") ?? wishes.directWays
    if let node = object.find("criteria") {
      let names = try object.required("criteria", count: 1...10, of: String.self)
      do throws(WordFault) {
        wishes.criteria = try JourneyWishes.criteria(names.joined(separator: ","))
      } catch {
        throw node.fault(error.complaint)
      }
    }
    if let node = object.find("currency") {
      let code = try node.string(length: 1...10)
      do throws(WordFault) { wishes.currency = try JourneyWishes.currency(code) } catch {
        throw node.fault(error.complaint)
      }
    }
    return wishes
  }

  // MARK: Answering

  func answer(_ desk: TransportDesk) async throws -> Response {
    Response(reckoned: try await desk.ask { router in try bytes(router) })
  }

  private func bytes(_ router: Transport.Router) throws -> [UInt8] {
    var answers: [Answer] = []
    var (place, arrival): (String, Instant?) = ("", nil)
    for leg in legs {
      let from = leg.from ?? place
      place = leg.to
      do {
        guard let time = try leg.time?.time(router, from: from, to: leg.to) ?? after(arrival, leg.staySeconds) else {
          answers.append(Answer(from: from, to: leg.to, found: nil, microseconds: 0))
          continue
        }
        var request = RouteRequest(from: from, to: leg.to, time: time)
        wishes.apply(to: &request)
        let start = EventLoop.nanoseconds
        let found = try router.route(request)
        answers.append(
          Answer(
            from: found.from, to: found.to, found: found,
            microseconds: Int((EventLoop.nanoseconds &- start) / 1000)))
        arrival = found.journeys.map(\.arrival).min()
      } catch let error as RouteError {
        let fields = JourneyFields(
          from: leg.pointer + "/from", to: leg.pointer + "/to", via: leg.pointer, time: leg.pointer + "/at",
          walk: "maxWalkMetres")
        throw error.problem(fields, from: from, to: leg.to, status: .unprocessableContent) ?? error
      }
    }
    return AllAnswers(legs: answers).jsonBytes()
  }

  private func after(_ arrival: Instant?, _ staySeconds: Int) -> RouteRequest.Time? {
    arrival.map { .departAt($0.adding(seconds: Int64(staySeconds))) }
  }

  private struct Answer: JSONWritable {
    let from: String
    let to: String
    /// Nil where the leg before arrives nowhere, so that this one cannot begin.
    let found: RouteAnswer?
    let microseconds: Int

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("from", from)
        object.field("to", to)
        RouteJSON.write(found?.journeys ?? [], [], to: &object)
        if let found {
          RouteJSON.write(found.work, microseconds: microseconds, to: &object)
        } else {
          object.field("reason", "No journey was found for the leg before, whose arrival this one waits for.")
        }
      }
    }
  }

  private struct AllAnswers: JSONWritable {
    let legs: [Answer]

    func write(to writer: inout JSONWriter) { writer.object { $0.field("legs", legs) } }
  }
}
