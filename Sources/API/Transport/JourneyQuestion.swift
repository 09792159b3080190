import Glibc
import HTTP
import JSON
import Kernel
import Transport
import TransportWire

/// How somebody wants to travel, read from a query or a body: the same words with the same meaning.
struct JourneyWishes: Sendable {
  /// Metres on foot to the first stop, and from the last.
  var walkMetresMax = 1000
  var accessWays: Set<OwnWay> = [.walk]
  var egressWays: Set<OwnWay> = [.walk]
  var directWays: Set<OwnWay> = []
  var changeSeconds = 0
  var modes: Set<String>?
  var criteria: RouteCriteria = []
  var isFull = false
  var currency: String?
  var rider: String?
  var needsWheelchair = false
  var needsBikes = false

  static let walkMetres = 0...20_000
  static let changes = 0...7200

  func apply(to request: inout RouteRequest) {
    request.walkMetresMax = walkMetresMax
    request.accessWays = accessWays
    request.egressWays = egressWays
    request.directWays = directWays
    request.changeSeconds = Int32(changeSeconds)
    request.modes = modes
    request.criteria = criteria
    request.isFull = isFull
    request.currency = currency
    request.rider = rider
    request.needsWheelchair = needsWheelchair
    request.needsBikes = needsBikes
  }

  /// Names of modes, or what is wrong with them.
  static func modes(_ names: [String]) throws(WordFault) -> Set<String> {
    for name in names where !Transport.Router.modes.contains(name) {
      let near = nearestName(to: name, among: Transport.Router.modes).map { "did you mean \($0)?" }
      throw WordFault(
        "names no mode \"\(name)\": \(near ?? "there are \(Transport.Router.modes.joined(separator: ", "))")")
    }
    return Set(names)
  }

  /// Ways without a timetable, or what is wrong with their names.
  static func ways(_ names: [String]) throws(WordFault) -> Set<OwnWay> {
    var ways: Set<OwnWay> = []
    for name in names {
      guard let way = OwnWay(rawValue: name) else {
        throw WordFault("must be some of \(OwnWay.allCases.map(\.rawValue).joined(separator: ","))")
      }
      ways.insert(way)
    }
    return ways
  }

  static func criteria(_ names: String) throws(WordFault) -> RouteCriteria {
    guard let criteria = RouteCriteria(names: names) else {
      throw WordFault("must be some of \(RouteCriteria.named.map(\.name).joined(separator: ","))")
    }
    return criteria
  }

  static func currency(_ code: String) throws(WordFault) -> String {
    do throws(CurrencyError) { return try Currency(code).code } catch { throw WordFault("is no currency: \(error)") }
  }
}

/// What is wrong with a word, after the name of its field.
struct WordFault: Error {
  let complaint: String

  init(_ complaint: String) { self.complaint = complaint }
}

/// When somebody wants to travel, before it is known whose clocks count.
struct JourneyTime: Sendable {
  enum Wish: Sendable {
    case departAt(WrittenTime?)
    case arriveBy(WrittenTime)
    case between(WrittenTime?, seconds: Int)
  }

  let wish: Wish

  /// The moment; times without an offset are those of the clocks at the place.
  func time(_ router: Transport.Router, from: String, to: String) throws -> RouteRequest.Time {
    func moment(_ written: WrittenTime?) throws -> Instant {
      try written?.moment { try router.zone(of: from) } ?? Instant(secondsSinceEpoch: Int64(Glibc.time(nil)))
    }
    switch wish {
    case .departAt(let written): return .departAt(try moment(written))
    case .arriveBy(let written): return .arriveBy(try written.moment { try router.zone(of: to) })
    case .between(let written, let seconds):
      let start = try moment(written)
      return .between(start, start.adding(seconds: Int64(seconds)))
    }
  }

  /// - Throws: `WordFault` with the name of the field at fault.
  init(at: String?, arriveBy: String?, window: String?) throws(JourneyTimeFault) {
    func read(_ text: String?, _ field: JourneyTimeFault.Field) throws(JourneyTimeFault) -> WrittenTime? {
      guard let text else { return nil }
      guard let time = WrittenTime(text) else {
        throw JourneyTimeFault(
          field: field, complaint: "must be a time like 2026-06-01T08:00 or 2026-06-01T08:00+02:00")
      }
      return time
    }
    if let end = try read(arriveBy, .arriveBy) {
      guard at == nil, window == nil else {
        throw JourneyTimeFault(
          field: .arriveBy, complaint: "stands alone: leave out the time of departure and the window")
      }
      wish = .arriveBy(end)
      return
    }
    let start = try read(at, .at)
    guard let window else {
      wish = .departAt(start)
      return
    }
    guard let seconds = WrittenDuration.seconds(window) else {
      throw JourneyTimeFault(field: .window, complaint: "must be a duration up to a day, like 90m or 2h")
    }
    wish = .between(start, seconds: seconds)
  }
}

/// What is wrong with a time.
struct JourneyTimeFault: Error {
  enum Field { case at, arriveBy, window }

  let field: Field
  let complaint: String
}
