import Glibc
import JSON
import Kernel
import Transport

extension Command {
  /// The command `wayfare route`.
  static let route = Command(
    name: "route", summary: "find journeys by everything that runs on a timetable",
    discussion: """
        wayfare route --from place:"Central Station" --to 52.52,13.37 --at 2026-06-01T08:00
        wayfare route --from stop:city:A1 --to stop:city:B7 --arrive-by 2026-06-01T09:30+02:00
        wayfare route --from stop:city:A1 --to stop:city:B7 --at 2026-06-01T08:00 --window 2h

        wayfare route --from stop:city:A1 --to stop:city:B7 --at 2026-06-01T08:00 --criteria arrival,price

      Shows every journey that no other beats in both time and number of changes. --criteria chooses other reasons: price,
      walk and co2 too; then journeys count that arrive at most an hour or a quarter of the time later than the fastest
      with two changes more, or all with --full. Prices are told with what is bought. A station means all its platforms, a
      point on the map all stops within --max-walk; times without an offset are those of the clocks at the place. The
      feeds must have been added with wayfare feed add. Exits 1 when there is no journey.
      """,
    settings: [
      .home, .from, .to, .at, .arriveBy, .window, .criteria, .full, .currency, .rider, .modes, .maxWalk, .changeTime,
      .wheelchair, .bikes, .json,
    ]
  ) { arguments in
    try RouteCommand(arguments).run()
  }
}

/// What `wayfare route` does with what was typed.
struct RouteCommand {
  private let arguments: Arguments

  init(_ arguments: Arguments) {
    self.arguments = arguments
  }

  func run() throws -> ExitCode {
    let (from, to) = (try required(.from), try required(.to))
    let criteria = try criteria()
    let router = Router(try Transit(home: try Settings(arguments).home()))
    var request = RouteRequest(from: from, to: to, time: .departAt(.first))
    request.walkMetresMax = try number(.maxWalk, in: 0...20_000) ?? 1000
    request.changeSeconds = Int32(try number(.changeTime, in: 0...7200) ?? 0)
    request.modes = try modes()
    request.needsWheelchair = arguments.flags[Setting.wheelchair.name] != nil
    request.needsBikes = arguments.flags[Setting.bikes.name] != nil
    request.criteria = criteria
    request.isFull = arguments.flags[Setting.full.name] != nil
    request.currency = try currency()
    request.rider = arguments.flags[Setting.rider.name]
    request.time = try time(router, from: from, to: to)
    let start = ContinuousClock.now
    let answer = try router.route(request)
    let took = ContinuousClock.now - start
    if arguments.flags[Setting.json.name] != nil {
      print(RouteJSON.text(answer, microseconds: Int(took / .microseconds(1))))
    } else if answer.journeys.isEmpty {
      say(
        "wayfare: no journey from \(answer.from) to \(answer.to) was found: try another time or other names for the places"
      )
    } else {
      print(RouteText(answer.journeys).text, terminator: "")
    }
    return answer.journeys.isEmpty ? .noResult : .done
  }

  // MARK: What was typed

  private func required(_ setting: Setting) throws(UsageError) -> String {
    guard let text = arguments.flags[setting.name] else {
      throw UsageError("wayfare \(arguments.command.name) wants \(setting.flag) PLACE: \(setting.help)")
    }
    return text
  }

  private func criteria() throws(UsageError) -> RouteCriteria {
    guard let text = arguments.flags[Setting.criteria.name] else { return [] }
    guard let criteria = RouteCriteria(names: text) else {
      let known = RouteCriteria.named.map(\.name).joined(separator: ",")
      throw UsageError("--criteria cannot weigh \"\(text)\": write some of \(known)")
    }
    return criteria
  }

  private func currency() throws(UsageError) -> String? {
    guard let text = arguments.flags[Setting.currency.name] else { return nil }
    do throws(CurrencyError) {
      return try Currency(text).code
    } catch {
      throw UsageError("--currency \(error)")
    }
  }

  private func modes() throws(UsageError) -> Set<String>? {
    guard let text = arguments.flags[Setting.modes.name] else { return nil }
    let names = text.split(separator: ",").map { String($0.trimmed) }
    for name in names where !Router.modes.contains(name) {
      let near = nearestName(to: name, among: Router.modes).map { "did you mean \($0)?" }
      throw UsageError(
        "--modes: there is no \"\(name)\": \(near ?? "there are \(Router.modes.joined(separator: ", "))")")
    }
    return Set(names)
  }

  private func number(_ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    try TypedTime.number(arguments.flags[setting.name], setting, in: range)
  }

  private func time(_ router: Router, from: String, to: String) throws -> RouteRequest.Time {
    let (at, by, window) = (
      arguments.flags[Setting.at.name], arguments.flags[Setting.arriveBy.name], arguments.flags[Setting.window.name]
    )
    if let by {
      guard at == nil, window == nil else {
        throw UsageError("--arrive-by stands alone: leave out --at and --window")
      }
      return .arriveBy(try TypedTime.moment(by, .arriveBy) { try router.zone(of: to) })
    }
    let start = try at.map { try TypedTime.moment($0, .at) { try router.zone(of: from) } } ?? TypedTime.now
    guard let window else { return .departAt(start) }
    return .between(start, start.adding(seconds: Int64(try TypedTime.duration(window))))
  }
}

/// Times as users type them.
enum TypedTime {
  /// This very second.
  static var now: Instant { Instant(secondsSinceEpoch: Int64(time(nil))) }

  /// `2026-06-01T08:00`, with or without seconds and offset.
  ///
  /// - Parameters:
  ///   - text: as typed.
  ///   - setting: the flag that it was typed after.
  ///   - zone: the clock that counts when there is no offset.
  /// - Returns: the moment; of two that a clock shows, the earlier.
  /// - Throws: `UsageError`, or what finding the zone throws.
  static func moment(_ text: String, _ setting: Setting, _ zone: () throws -> ZoneRules) throws -> Instant {
    let wrong = UsageError(
      "\(setting.flag): \"\(text)\" is no time: write it like 2026-06-01T08:00 or 2026-06-01T08:00+02:00")
    let bytes = Array(text.utf8)
    guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { throw wrong }
    let hasSeconds = bytes.count > 16 && bytes[16] == UInt8(ascii: ":")
    let clockEnd = hasSeconds ? 19 : 16
    guard bytes.count >= clockEnd else { throw wrong }
    let date = String(decoding: bytes[..<10], as: UTF8.self)
    let clock = String(decoding: bytes[11..<clockEnd], as: UTF8.self) + (hasSeconds ? "" : ":00")
    let offset = String(decoding: bytes[clockEnd...], as: UTF8.self)
    // Read as if in UTC to have one reader of dates and times.
    guard let local = try? Instant("\(date)T\(clock)\(offset.isEmpty ? "Z" : offset)") else { throw wrong }
    if !offset.isEmpty { return local }
    return try zone().moments(of: ZoneRules.utc.local(at: local)).earlier
  }

  /// `90`, `90m`, `2h` or `1h30m`, in seconds.
  static func duration(_ text: String) throws(UsageError) -> Int {
    var (seconds, number, isComplete) = (0, "", true)
    for character in text + (text.last.map { "0123456789".contains($0) } ?? true ? "m" : "") {
      if "0123456789".contains(character) {
        number.append(character)
        isComplete = false
      } else if let value = Int(number), value < 10_000, character == "m" || character == "h" {
        seconds += value * (character == "h" ? 3600 : 60)
        (number, isComplete) = ("", true)
      } else {
        isComplete = false
        break
      }
    }
    guard isComplete, (60...86_400).contains(seconds) else {
      throw UsageError("--window: \"\(text)\" is no duration up to a day: write it like 90m or 2h")
    }
    return seconds
  }

  static func number(_ text: String?, _ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text else { return nil }
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), range.contains(value)
    else {
      throw UsageError(
        "\(setting.flag): \"\(text)\" will not do; write a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return value
  }
}
