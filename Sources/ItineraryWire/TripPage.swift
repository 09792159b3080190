import Budget
import Catalogue
package import Itinerary
import Kernel
import Transport

/// An answer as people read it in a terminal: options side by side, then each day by day.
package struct TripPage {
  private let answer: TripAnswer

  /// An answer to be read.
  package init(_ answer: TripAnswer) { self.answer = answer }

  /// The page.
  package var text: String {
    let request = answer.request
    let cities = request.destinations.map(\.city.name).joined(separator: ", ")
    var lines = [
      "\(request.origin.name) to \(cities): \(answer.options.count) of \(answer.unbeatenCount) trips that none beats in everything",
      "",
    ]
    if let gap = answer.orderGap {
      lines.insert(
        "Of so many places not all orders were tried: in another one, cost, time and sights together could be better by at most \(gap).",
        at: 1)
    }
    if answer.options.isEmpty {
      lines = ["No trip from \(request.origin.name) to \(cities) keeps the budget. What would help:", ""]
      for relaxation in answer.relaxations {
        lines.append(
          "  \(relaxation.change): the cheapest trip costs \(relaxation.cost)\(relaxation.isEnough ? "" : ", still too much")"
        )
      }
      return lines.joined(separator: "\n") + "\n"
    }
    lines += summary()
    for (number, option) in answer.options.enumerated() { lines += [""] + block(number + 1, option) }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Side by side

  private func summary() -> [String] {
    var rows = [["", "cost", "each", "nights", "on the way", "sights", "kg CO2", "best at"]]
    for (number, option) in answer.options.enumerated() {
      let each = option.estimate.perPerson.map(\.minorUnits).max() ?? 0
      rows.append([
        "\(number + 1)", option.estimate.total.amountText, Money(minorUnits: each, answer.request.currency).amountText,
        "\(option.stays.reduce(0) { $0 + $1.stay.nights })", durationText(minutes: option.merit.minutes),
        "\(option.sightCount)", "\((option.merit.co2Grams + 500) / 1000)",
        option.names.map { $0.rawValue.split(separator: "-").joined(separator: " ") }.joined(separator: ", "),
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let room = String(repeating: " ", count: widths[column] - cell.count)
        return column == row.count - 1 ? cell : room + cell
      }.joined(separator: "  ")
    }
  }

  // MARK: One trip

  private func block(_ number: Int, _ option: TripOption) -> [String] {
    let title = option.names.first?.rawValue.split(separator: "-").joined(separator: " ") ?? "another one"
    var lines = [
      "\(number)  \(title): \(option.estimate.total), \(option.calendar.start) to \(option.calendar.end)"
    ]
    for reason in option.reasons { lines.append("   \(reason)") }
    if let chance = option.outlook.chanceWithin {
      lines.append("   stays within the budget with a chance of \(Int((chance * 100).rounded())) %")
    }
    for (place, leg) in option.legs.enumerated() {
      lines.append(line(leg, option.fares[place]))
      if place < option.stays.count { lines += self.lines(option.stays[place]) }
    }
    let costs = option.estimate.categories.map { "\($0) \(option.estimate.subtotal($0).amountText)" }
    lines.append("   costs: \(costs.joined(separator: ", "))")
    return lines
  }

  private func line(_ leg: LegOption, _ fare: Money) -> String {
    let days = leg.departure.date.days(until: leg.arrival.date)
    let later = days > 0 ? " (+\(days) d)" : ""
    let changes = leg.transfers == 0 ? "no change" : leg.transfers == 1 ? "1 change" : "\(leg.transfers) changes"
    return
      "   \(leg.departure.date)  \(TripPage.clock(leg.departure)) → \(TripPage.clock(leg.arrival))\(later)  \(leg.modes.joined(separator: ", ")), \(durationText(minutes: leg.minutes)), \(changes), \(leg.isFareEstimated ? "about " : "")\(fare)"
  }

  private func lines(_ stay: OptionStay) -> [String] {
    let nights = stay.stay.nights == 1 ? "1 night" : "\(stay.stay.nights) nights"
    var lines = ["   \(stay.city.name), \(nights), \(stay.lodging.name), \(stay.lodgingPrice)"]
    for day in stay.plan.days {
      lines.append("     \(TripPage.weekday(day.date)) \(day.date)")
      for visit in day.visits {
        let taxi = visit.taxiBefore.map { ", by taxi for about \($0)" } ?? ""
        lines.append("       \(ClockTime(visit.start))–\(ClockTime(visit.end))  \(visit.name)\(taxi)")
      }
    }
    return lines
  }

  private static func clock(_ time: LocalDateTime) -> String { ClockTime(Int(time.secondOfDay)).description }

  private static func weekday(_ date: LocalDate) -> String {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][date.weekday - 1]
  }

}
