import Budget
import Catalogue
package import Itinerary
import Kernel
import Transport

/// An answer as one page for a browser: everything in it, nothing from elsewhere.
package struct TripWebPage {
  private let answer: TripAnswer

  /// An answer to be shown.
  package init(_ answer: TripAnswer) { self.answer = answer }

  /// The page.
  package var text: String {
    let cities = answer.request.destinations.map(\.city.name).joined(separator: ", ")
    let title = "\(answer.request.origin.name) to \(cities)".asMarkup
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title><style>\(Self.style)</style></head><body>
      <header><h1>\(title)</h1><p>\(answer.options.count) of \(answer.unbeatenCount) trips that none beats in everything.</p></header>
      \(overview)
      \(answer.options.enumerated().map { section($0.offset + 1, $0.element) }.joined(separator: "\n"))
      </body></html>

      """
  }

  private static let style = """
    body{font:16px/1.5 system-ui,sans-serif;color:#222;background:#f6f5f2;margin:0 auto;max-width:60rem;padding:1rem}
    h1{margin:.2em 0}h2{margin:0}h3{margin:1em 0 .3em}
    section,table{background:#fff;border-radius:.6rem;box-shadow:0 1px 3px #0002}
    section{padding:1rem 1.2rem;margin:1.2rem 0}
    table{border-collapse:collapse;width:100%}td,th{padding:.45rem .7rem;text-align:right}
    td:last-child,th:last-child{text-align:left}tbody tr+tr{border-top:1px solid #eee}
    svg{width:100%;height:auto;background:#fbfaf8;border-radius:.4rem}svg text{font:13px system-ui,sans-serif;fill:#333}
    svg text.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;font-weight:600}
    .leg{border-left:4px solid #00798c;padding:.2rem .8rem;margin:.8rem 0;background:#f2f8f9}
    .days{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.8rem}
    .days ol{list-style:none;margin:0;padding:0}.days li{display:flex;gap:.7rem}.days time{color:#666;min-width:6.4rem}
    .meal{color:#8a6d3b}.bar{display:flex;align-items:center;gap:.6rem;margin:.15rem 0}
    .bar span:first-child{width:9rem}.bar i{display:block;height:.9rem;background:#edae49;border-radius:.2rem}
    .reason{margin:.1rem 0;color:#444}
    @media(prefers-color-scheme:dark){body{background:#191a1c;color:#e6e6e6}section,table{background:#242628}
    svg{background:#2b2d30}svg text{fill:#ddd}svg text.halo{stroke:#242628}.leg{background:#22313a}.reason,.days time{color:#aaa}
    tbody tr+tr{border-color:#333}svg circle[fill=black]{fill:#eee}}
    """

  // MARK: Side by side

  private var overview: String {
    if answer.options.isEmpty {
      let ways = answer.relaxations.map {
        "<li>\($0.change.asMarkup): the cheapest trip costs \($0.cost.description.asMarkup)\($0.isEnough ? "" : ", still too much")</li>"
      }
      return "<section><h2>Nothing keeps the budget</h2><p>What would help:</p><ul>\(ways.joined())</ul></section>"
    }
    let rows = answer.options.enumerated().map { number, option in
      """
      <tr><td><a href="#option-\(number + 1)">\(number + 1)</a></td><td>\(option.estimate.total.description)</td>\
      <td>\(option.stays.reduce(0) { $0 + $1.stay.nights })</td><td>\(durationText(minutes: option.merit.minutes))</td>\
      <td>\(option.sightCount)</td><td>\((option.merit.co2Grams + 500) / 1000)</td><td>\(names(option).asMarkup)</td></tr>
      """
    }
    return """
      <table><thead><tr><th></th><th>cost</th><th>nights</th><th>on the way</th><th>sights</th><th>kg CO₂</th><th>best at</th></tr></thead>
      <tbody>\(rows.joined())</tbody></table>
      <section><h2>What more money buys</h2>\(TripDrawing.tradeOffs(answer))</section>
      """
  }

  private func names(_ option: TripOption) -> String {
    option.names.map { $0.rawValue.split(separator: "-").joined(separator: " ") }.joined(separator: ", ")
  }

  // MARK: One trip

  private func section(_ number: Int, _ option: TripOption) -> String {
    let reasons = option.reasons.map { "<p class=\"reason\">\($0.asMarkup)</p>" }.joined()
    var parts = [
      "<section id=\"option-\(number)\"><h2>\(number). \(names(option).asMarkup)</h2>",
      "<p>\(option.calendar.start) to \(option.calendar.end), \(option.estimate.total.description.asMarkup)\(chance(option))</p>\(reasons)",
      TripDrawing.journeys(option, from: answer.request.origin),
    ]
    for (place, leg) in option.legs.enumerated() {
      parts.append(journey(leg, option.fares[place]))
      if place < option.stays.count { parts.append(stay(option.stays[place])) }
    }
    parts.append(costs(option))
    parts.append("</section>")
    return parts.joined(separator: "\n")
  }

  private func chance(_ option: TripOption) -> String {
    option.outlook.chanceWithin.map { ", within the budget with a chance of \(Int(($0 * 100).rounded())) %" } ?? ""
  }

  private func journey(_ leg: LegOption, _ fare: Money) -> String {
    let rides = leg.journey.legs.compactMap { part in
      part.ride.map { ride in
        "\(ride.mode) \(ride.line ?? "") \(ZonedTime(part.departure, part.from.zone).clock) \(part.from.name) – \(ZonedTime(part.arrival, part.to.zone).clock) \(part.to.name)"
          .asMarkup
      }
    }
    let clock = { (time: LocalDateTime) in ClockTime(Int(time.secondOfDay)).description }
    return """
      <div class="leg"><strong>\(leg.departure.date) \(clock(leg.departure)) → \(clock(leg.arrival))</strong> \
      \(durationText(minutes: leg.minutes)), \(leg.isFareEstimated ? "about " : "")\(fare.description.asMarkup)<br><small>\(rides.joined(separator: "<br>"))</small></div>
      """
  }

  private func stay(_ stay: OptionStay) -> String {
    let days = stay.plan.days.map { day in
      let visits = day.visits.map { visit in
        let kind = if case .meal = visit.kind { " class=\"meal\"" } else { "" }
        return
          "<li\(kind)><time>\(ClockTime(visit.start))–\(ClockTime(visit.end))</time><span>\(visit.name.asMarkup)\(visit.taxiBefore.map { " <small>by taxi, about \($0.description.asMarkup)</small>" } ?? "")</span></li>"
      }
      return "<div><h4>\(day.date)</h4><ol>\(visits.joined())</ol></div>"
    }
    return """
      <h3>\(stay.city.name.asMarkup), \(stay.stay.nights) \(stay.stay.nights == 1 ? "night" : "nights"): \(stay.lodging.name.asMarkup)</h3>
      \(stay.plan.days.isEmpty ? "" : TripDrawing.days(stay))
      <div class="days">\(days.joined())</div>
      """
  }

  private func costs(_ option: TripOption) -> String {
    let most = option.estimate.categories.map { option.estimate.subtotal($0).minorUnits }.max() ?? 1
    let bars = option.estimate.categories.map { category in
      let amount = option.estimate.subtotal(category)
      let share = max(0, amount.minorUnits) * 100 / max(1, most)
      return
        "<div class=\"bar\"><span>\(category.name.asMarkup)</span><i style=\"width:\(share / 2)%\"></i><span>\(amount.amountText)</span></div>"
    }
    let people = zip(answer.request.party, option.estimate.perPerson).map { "\($0.name) \($1.amountText)" }
    return "<h3>Costs</h3>\(bars.joined())<p>\(people.joined(separator: ", ").asMarkup)</p>"
  }

}

extension ZonedTime {
  /// The time of day alone: `08:03`.
  var clock: String {
    let text = description
    return text.firstIndex(of: "T").map { String(text[text.index(after: $0)...].prefix(5)) } ?? text
  }
}
