package import Itinerary
package import JSON
import Budget
import Catalogue
import Kernel
import Transport

/// An answer as programs read it.
package struct TripAnswerJSON: JSONWritable {
  private let answer: TripAnswer

  /// An answer to be written.
  package init(_ answer: TripAnswer) { self.answer = answer }

  /// Writes the options with days, journeys and costs, or what could be changed where there are none.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("currency", answer.request.currency.code)
      object.array("options") { array in for option in answer.options { array.object { write(option, to: &$0) } } }
      object.field("unbeaten", answer.unbeatenCount)
      object.field("complete", answer.isComplete)
      object.field("orderGap", ifPresent: answer.orderGap?.amountText)
      if !answer.relaxations.isEmpty {
        object.array("relaxations") { array in
          for relaxation in answer.relaxations {
            array.object {
              $0.field("change", relaxation.change)
              $0.field("cost", relaxation.cost.amountText)
              $0.field("enough", relaxation.isEnough)
            }
          }
        }
      }
      object.object("work") {
        $0.field("searches", answer.work.searches)
        $0.field("candidates", answer.work.candidates)
        $0.field("stays", answer.work.stays)
        $0.field("calendars", answer.work.calendars)
        $0.field("estimates", answer.work.estimates)
      }
    }
  }

  private func write(_ option: TripOption, to object: inout JSONObjectWriter) {
    object.field("names", option.names.map(\.rawValue))
    object.field("start", option.calendar.start.description)
    object.field("end", option.calendar.end.description)
    object.field("nights", option.stays.reduce(0) { $0 + $1.stay.nights })
    object.field("cost", option.estimate.total.amountText)
    object.field("score", option.merit.score)
    object.field("travelMinutes", option.merit.minutes)
    object.field("co2Grams", option.merit.co2Grams)
    object.field("comfort", option.merit.comfort)
    object.field("chanceWithinBudget", ifPresent: option.outlook.chanceWithin.map { ($0 * 1000).rounded() / 1000 })
    object.field("reasons", option.reasons)
    object.array("legs") { array in
      for (leg, fare) in zip(option.legs, option.fares) { array.object { write(leg, fare, to: &$0) } }
    }
    object.array("stays") { array in for stay in option.stays { array.object { write(stay, to: &$0) } } }
    object.object("costs") { object in
      object.object("categories") { object in
        for category in option.estimate.categories {
          object.field(named: category.name, option.estimate.subtotal(category).amountText)
        }
      }
      object.object("perPerson") { object in
        for (traveller, amount) in zip(answer.request.party, option.estimate.perPerson) {
          object.field(named: traveller.name, amount.amountText)
        }
      }
      object.field("p80", option.outlook.p80.amountText)
    }
  }

  private func write(_ leg: LegOption, _ fare: Money, to object: inout JSONObjectWriter) {
    object.field("departure", ZonedTime(leg.journey.departure, leg.journey.legs.first?.from.zone).description)
    object.field("arrival", ZonedTime(leg.journey.arrival, leg.journey.legs.last?.to.zone).description)
    object.field("minutes", leg.minutes)
    object.field("transfers", leg.transfers)
    object.field("co2Grams", leg.co2Grams)
    object.object("price") {
      $0.field("amount", fare.amountText)
      $0.field("currency", fare.currency.code)
      $0.field("complete", !leg.isFareEstimated)
    }
    object.array("legs") { array in
      for part in leg.journey.legs {
        array.object { object in
          object.field("mode", part.ride?.mode ?? "walk")
          object.field("line", ifPresent: part.ride?.line)
          object.field("trip", ifPresent: part.ride?.trip)
          write(part.from, "from", to: &object)
          write(part.to, "to", to: &object)
          object.field("departure", ZonedTime(part.departure, part.from.zone).description)
          object.field("arrival", ZonedTime(part.arrival, part.to.zone).description)
          object.field("geometry", part.path.polyline)
        }
      }
    }
  }

  private func write(_ end: LegEnd, _ name: StaticString, to object: inout JSONObjectWriter) {
    object.object(name) {
      $0.field("stop", ifPresent: end.stop)
      $0.field("code", ifPresent: end.code)
      $0.field("name", end.name)
      $0.field("lat", end.point.latitude)
      $0.field("lon", end.point.longitude)
    }
  }

  private func write(_ stay: OptionStay, to object: inout JSONObjectWriter) {
    object.field("city", stay.city.name)
    object.field("place", stay.city.id)
    object.field("code", ifPresent: stay.city.code)
    object.field("arrival", stay.stay.arrival.description)
    object.field("departure", stay.stay.departure.description)
    object.field("nights", stay.stay.nights)
    object.object("lodging") {
      $0.field("name", stay.lodging.name)
      $0.field("style", stay.lodging.style)
      $0.field("lat", stay.lodging.point.latitude)
      $0.field("lon", stay.lodging.point.longitude)
      $0.field("price", stay.lodgingPrice.amountText)
    }
    object.field("score", stay.plan.score)
    object.field("tickets", stay.plan.tickets.amountText)
    object.field("taxis", stay.plan.taxis.amountText)
    object.array("days") { array in
      for day in stay.plan.days {
        array.object { object in
          object.field("date", day.date.description)
          object.array("visits") { array in for visit in day.visits { array.object { write(visit, to: &$0) } } }
          object.field("travelSecondsAfter", day.travelAfter)
          object.field("taxiAfter", ifPresent: day.taxiAfter?.amountText)
        }
      }
    }
  }

  private func write(_ visit: PlannedVisit, to object: inout JSONObjectWriter) {
    switch visit.kind {
    case .sight(let sight):
      object.field("kind", "sight")
      object.field("id", sight.id)
      object.field("category", sight.category)
    case .meal: object.field("kind", "meal")
    case .appointment: object.field("kind", "appointment")
    }
    object.field("name", visit.name)
    object.field("start", ClockTime(visit.start).description)
    object.field("end", ClockTime(visit.end).description)
    object.field("slackMinutes", visit.slack / 60)
    object.field("travelSeconds", visit.travelBefore)
    object.field("taxi", ifPresent: visit.taxiBefore?.amountText)
    object.field("lat", visit.point.latitude)
    object.field("lon", visit.point.longitude)
  }
}

/// A time of day: `09:30`; beyond midnight it goes on counting.
struct ClockTime: CustomStringConvertible {
  private let seconds: Int

  init(_ seconds: Int) { self.seconds = seconds }

  var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
  }
}

/// A moment by the clocks of a zone, with their offset: `2026-06-01T08:03:00+02:00`.
struct ZonedTime: CustomStringConvertible {
  private let moment: Instant
  private let zone: ZoneRules?

  init(_ moment: Instant, _ zone: ZoneRules?) {
    self.moment = moment
    self.zone = zone
  }

  var description: String {
    guard let zone else { return moment.description }
    let local = zone.local(at: moment)
    let offset = zone.offset(at: moment)
    let text = ClockTime(abs(offset)).description
    let seconds = Int(local.secondOfDay) % 60
    return
      "\(local.date)T\(ClockTime(Int(local.secondOfDay))):\(seconds < 10 ? "0" : "")\(seconds)\(offset < 0 ? "-" : "+")\(text)"
  }
}
