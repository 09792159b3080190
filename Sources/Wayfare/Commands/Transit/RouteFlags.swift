import JSON
import Transport

/// What was typed about how to travel.
struct RouteFlags {
  private let arguments: Arguments

  init(_ arguments: Arguments) {
    self.arguments = arguments
  }

  func apply(to request: inout RouteRequest) throws(UsageError) {
    request.walkMetresMax = try number(.maxWalk, in: 0...20_000) ?? 1000
    request.accessWays = try ways(.access) ?? [.walk]
    request.egressWays = try ways(.egress) ?? [.walk]
    request.directWays = try ways(.direct) ?? []
    request.changeSeconds = Int32(try number(.changeTime, in: 0...7200) ?? 0)
    request.needsWheelchair = arguments.flags[Setting.wheelchair.name] != nil
    request.needsBikes = arguments.flags[Setting.bikes.name] != nil
    request.modes = try modes(.modes)
    if let avoided = try modes(.avoidModes) {
      request.modes = (request.modes ?? Set(Router.modes)).subtracting(avoided)
    }
    request.preferredModes = try modes(.preferModes)
    request.lines.avoided = lines(.avoidLines)
    request.preferredLines = lines(.preferLines)
    request.vias = try vias()
  }

  private func modes(_ setting: Setting) throws(UsageError) -> Set<String>? {
    guard let text = arguments.flags[setting.name] else { return nil }
    let names = text.split(separator: ",").map { String($0.trimmed) }
    for name in names where !Router.modes.contains(name) {
      let near = nearestName(to: name, among: Router.modes).map { "did you mean \($0)?" }
      throw UsageError(
        "\(setting.flag): there is no \"\(name)\": \(near ?? "there are \(Router.modes.joined(separator: ", "))")")
    }
    return Set(names)
  }

  private func ways(_ setting: Setting) throws(UsageError) -> Set<OwnWay>? {
    guard let text = arguments.flags[setting.name] else { return nil }
    var ways: Set<OwnWay> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map({ String($0.trimmed) }) {
      guard let way = OwnWay(rawValue: name) else {
        let known = OwnWay.allCases.map(\.rawValue)
        let near = nearestName(to: name, among: known).map { "did you mean \($0)?" }
        throw UsageError(
          "\(setting.flag): \"\(name)\" is no way to go: \(near ?? "write some of \(known.joined(separator: ","))")")
      }
      ways.insert(way)
    }
    return ways
  }

  private func lines(_ setting: Setting) -> Set<String> {
    let names = (arguments.flags[setting.name] ?? "").split(separator: ",").map { String($0.trimmed) }
    return Set(names.filter { !$0.isEmpty })
  }

  /// `PLACE` or `PLACE,MINUTES`; a point is two numbers already, so its stay is the third.
  private func vias() throws(UsageError) -> [Via] {
    let texts = arguments.repeated[Setting.via.name] ?? []
    guard texts.count <= Router.viasMax else {
      throw UsageError("--via is given \(texts.count) times: at most \(Router.viasMax) places can be come by")
    }
    var vias: [Via] = []
    for text in texts {
      var parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
      let isPoint = !text.hasPrefix("stop:") && !text.hasPrefix("place:")
      var minutes = 0
      if parts.count > (isPoint ? 2 : 1), let last = parts.last, last.utf8.allSatisfy({ (48...57).contains($0) }) {
        guard let number = Int(last), (0...1440).contains(number) else {
          throw UsageError("--via: \"\(last)\" will not do; stay from 0 to 1440 minutes")
        }
        minutes = number
        parts.removeLast()
      }
      vias.append(Via(parts.joined(separator: ","), staySeconds: minutes * 60))
    }
    return vias
  }

  private func number(_ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    try TypedTime.number(arguments.flags[setting.name], setting, in: range)
  }
}
