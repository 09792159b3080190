import Glibc
import JSON
import Kernel
import Transport
import TransportWire

extension Command {
  /// The command `wayfare route`.
  static let route = Command(
    name: "route", summary: "find journeys by everything that runs on a timetable",
    discussion: """
        wayfare route --from place:"Central Station" --to 52.52,13.37 --at 2026-06-01T08:00
        wayfare route --from stop:city:A1 --to stop:city:B7 --arrive-by 2026-06-01T09:30+02:00
        wayfare route --from stop:city:A1 --to stop:city:B7 --at 2026-06-01T08:00 --window 2h
        wayfare route --from stop:city:A1 --to stop:city:B7 --at 2026-06-01T08:00 --criteria arrival,price
        wayfare route --from stop:city:A1 --to stop:city:B7 --via place:Museum,90 --realtime updates.pb
        wayfare route --from 52.5,13.3 --to place:Airport --access walk,bike --egress walk,taxi --direct car,taxi
        wayfare route --replan JOURNEY.json --realtime https://city.example/updates.pb

      Shows every journey that no other beats in both time and number of changes. --criteria chooses other reasons: price,
      walk and co2 too; then journeys count that arrive at most an hour or a quarter of the time later than the fastest
      with two changes more, or all with --full. Prices are told with what is bought. A station means all its platforms, a
      point on the map all stops within --max-walk, or further off where --access and --egress allow a bicycle, a car or a
      taxi; --direct tells these from door to door, beside the rest. Times without an offset are those of the clocks at the place. The
      feeds must have been added with wayfare feed add. With --realtime delays, cancellations and alerts count; --replan says
      whether a journey that was found before can still be travelled, and how to go on from where one is. Exits 1 when
      there is no journey.
      """,
    settings: [
      .home, .from, .to, .at, .arriveBy, .window, .via, .criteria, .full, .currency, .rider, .modes, .avoidModes,
      .avoidLines, .preferModes,
      .preferLines, .maxWalk, .access, .egress, .direct, .changeTime, .wheelchair, .bikes, .realtime, .replan, .explain,
      .json,
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
    let settings = try Settings(arguments)
    let saved = try arguments.flags[Setting.replan.name].map(SavedJourneyFile.read)
    let (from, to) = saved == nil ? (try required(.from), try required(.to)) : ("", "")
    let criteria = try criteria()
    let input = try RealtimeInput(arguments.repeated[Setting.realtime.name] ?? [], settings)
    let transit = try Transit(home: try settings.home())
    let router = Router(transit, overlay: try input.overlay(transit))
    var request = RouteRequest(from: from, to: to, time: .departAt(.first))
    request.criteria = criteria
    request.isFull = arguments.flags[Setting.full.name] != nil
    request.currency = try currency()
    request.rider = arguments.flags[Setting.rider.name]
    try RouteFlags(arguments).apply(to: &request)
    if let saved { return try replan(saved, request, router) }
    request.time = try time(router, from: from, to: to)
    let start = ContinuousClock.now
    let answer = try router.route(request)
    let took = ContinuousClock.now - start
    let explanations = explanations(answer.journeys, request)
    if arguments.flags[Setting.json.name] != nil {
      print(
        RouteJSON.text(
          answer, microseconds: Int(took / .microseconds(1)), explanations: explanations, overlay: router.overlay))
    } else if answer.journeys.isEmpty {
      say(
        "wayfare: no journey from \(answer.from) to \(answer.to) was found: try another time or other names for the places"
      )
    } else {
      if let overlay = router.overlay { say(RealtimeText.line(overlay)) }
      print(RouteText(answer.journeys, explanations).text, terminator: "")
    }
    return answer.journeys.isEmpty ? .noResult : .done
  }

  /// Why each journey is told; empty if nobody asks.
  private func explanations(_ journeys: [Journey], _ request: RouteRequest) -> [Explanation] {
    arguments.flags[Setting.explain.name] == nil ? [] : Explanation.all(of: journeys, for: request)
  }

  private func replan(_ saved: SavedJourney, _ request: RouteRequest, _ router: Router) throws -> ExitCode {
    for setting in [Setting.from, .to, .arriveBy, .window, .via] where arguments.flags[setting.name] != nil {
      throw UsageError("--replan goes on with the journey in the file: leave out \(setting.flag)")
    }
    let now = try arguments.flags[Setting.at.name].map { text in
      try TypedTime.moment(text, .at) { try router.zone(of: saved.legs[0].from) }
    }
    let answer = try router.replan(saved, request, at: now ?? TypedTime.now)
    print(
      arguments.flags[Setting.json.name] != nil
        ? ReplanText.json(answer, overlay: router.overlay) : ReplanText.text(answer))
    return answer.status == .disrupted && answer.journeys.isEmpty ? .noResult : .done
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
