import Budget
import Catalogue
import Foundation
import Itinerary
import Kernel
import Testing
import Transport

/// Judges answers: looks at the timetables, hours and sums themselves, and shares nothing with what plans.
struct TripCheck {
  let world: SampleWorld.Loaded

  /// What is wrong with an answer, a sentence each.
  func violations(_ answer: TripAnswer) throws -> [String] {
    var found: [String] = []
    for (number, option) in answer.options.enumerated() {
      let own = try violations(option, answer.request)
      found += own.map { "option \(number + 1): \($0)" }
      for (other, rival) in answer.options.enumerated() where other != number {
        if isBeaten(option.merit, by: rival.merit) { found.append("option \(number + 1) is beaten by \(other + 1)") }
        if option.merit == rival.merit { found.append("option \(number + 1) is worth what \(other + 1) is") }
      }
    }
    return found
  }

  /// What is wrong with an option, a sentence each.
  func violations(_ option: TripOption, _ request: TripRequest) throws -> [String] {
    dates(option, request) + (try journeys(option, request)) + doors(option, request) + days(option, request)
      + wishes(option, request) + money(option, request)
  }

  private func isBeaten(_ one: Merit, by other: Merit) -> Bool {
    one != other && other.cost <= one.cost && other.score >= one.score && other.minutes <= one.minutes
      && other.co2Grams <= one.co2Grams && other.comfort >= one.comfort
  }

  // MARK: Dates

  private func dates(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    func demand(_ holds: Bool, _ complaint: String) { if !holds { found.append(complaint) } }
    let calendar = option.calendar
    demand(request.start.contains(calendar.start), "it starts on \(calendar.start)")
    demand(calendar.end <= request.end, "it ends on \(calendar.end)")
    demand(request.nights.contains(calendar.start.days(until: calendar.end)), "it has the wrong number of nights")
    demand(option.legs.count == option.stays.count + 1, "it has \(option.legs.count) journeys")
    var date = calendar.start
    for (leg, stay) in zip(option.legs, option.stays) {
      demand(leg.departure.date == date, "a journey leaves on \(leg.departure.date)")
      demand(sleeps(leg, on: stay.stay.arrival), "a journey arrives on \(leg.arrival)")
      let wish = request.destinations[stay.stay.destination]
      demand(wish.nights.contains(stay.stay.nights), "\(stay.stay.nights) nights in \(stay.city.name)")
      demand(wish.city == stay.city && stay.lodging.city == stay.city.id, "a stay is elsewhere")
      date = stay.stay.departure
    }
    demand(option.legs.last?.departure.date == date, "it does not go home on the last day")
    demand(option.legs.last.map { sleeps($0, on: calendar.end) } ?? false, "it does not come home on the last day")
    let seen = Set(option.stays.map(\.stay.destination))
    for (number, wish) in request.destinations.enumerated() where wish.isRequired {
      demand(seen.contains(number), "it does not go to \(wish.city.name)")
    }
    demand(seen.count == option.stays.count, "it goes somewhere twice")
    if request.isOrderFixed {
      let order = option.stays.map(\.stay.destination)
      demand(order == order.sorted(), "its order is not the one asked for")
    }
    return found
  }

  /// Whether one arrives on a day, or in the small hours after it with a bed for that night.
  private func sleeps(_ leg: LegOption, on date: LocalDate) -> Bool {
    if leg.arrival.date == date { return leg.departure.date == date || leg.arrival.secondOfDay >= 5 * 3600 }
    return leg.arrival.date == date.adding(days: 1) && leg.arrival.secondOfDay < 5 * 3600
  }

  // MARK: Journeys

  private func journeys(_ option: TripOption, _ request: TripRequest) throws -> [String] {
    var found: [String] = []
    let feed = try FeedTimes(home: world.home)
    for (before, after) in zip(option.legs, option.legs.dropFirst())
    where before.journey.arrival > after.journey.departure {
      found.append("it leaves at \(after.journey.departure) before it has arrived")
    }
    for leg in option.legs {
      let parts = leg.journey.legs
      let rides = parts.compactMap(\.ride)
      if rides.isEmpty { found.append("a journey rides nothing") }
      if rides.count(where: { !$0.isSeated }) - 1 > request.transfersMax {
        found.append("a journey has too many changes")
      }
      for ride in rides where request.modes.map({ !$0.contains(ride.mode) }) ?? false {
        found.append("a journey goes by \(ride.mode)")
      }
      let emitted = parts.reduce(0) { $0 + Double($1.metres) }
      if leg.co2Grams < 0 || Double(leg.co2Grams) > emitted { found.append("a journey emits \(leg.co2Grams) g") }
      for (before, after) in zip(parts, parts.dropFirst()) {
        if before.arrival > after.departure { found.append("a journey goes back in time at \(after.from.name)") }
        if before.to.point != after.from.point { found.append("a journey jumps from \(before.to.name)") }
      }
      for part in parts {
        if part.arrival < part.departure { found.append("a ride ends before it begins") }
        guard let ride = part.ride, let from = part.from.stop, let to = part.to.stop else { continue }
        if request.needsWheelchair, !(try feed.takesWheelchairs(ride.trip)) {
          found.append("\(ride.trip) takes no wheelchair")
        }
        if !(try feed.runs(ride.trip, from: from, at: part.departure, to: to, at: part.arrival)) {
          found.append("\(ride.trip) does not run from \(from) at \(part.departure)")
        }
      }
    }
    return found
  }

  /// Whether journeys begin and end at home and under the roofs.
  private func doors(_ option: TripOption, _ request: TripRequest) -> [String] {
    let doors = [request.origin.point] + option.stays.map(\.lodging.point) + [request.origin.point]
    var found: [String] = []
    for (number, leg) in option.legs.enumerated() {
      let ends = (leg.journey.legs.first?.from.point, leg.journey.legs.last?.to.point)
      if ends.0.map({ $0.flatMetres(to: doors[number]) > 1 }) ?? true { found.append("a journey begins elsewhere") }
      if ends.1.map({ $0.flatMetres(to: doors[number + 1]) > 1 }) ?? true { found.append("a journey ends elsewhere") }
    }
    return found
  }

  // MARK: Days

  private func days(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    for (number, stay) in option.stays.enumerated() {
      let (arriving, leaving) = (option.legs[number].arrival, option.legs[number + 1].departure)
      for day in stay.plan.days {
        var place = stay.lodging.point
        var clock = request.day.lowerBound
        if day.date == arriving.date { clock = max(clock, Int(arriving.secondOfDay)) }
        var last = request.day.upperBound
        if day.date == leaving.date { last = min(last, Int(leaving.secondOfDay)) }
        for visit in day.visits {
          if visit.start < clock + visit.travelBefore, visit != day.visits.first {
            found.append("\(visit.name) on \(day.date) begins before the way there has ended")
          }
          clock += Int(place.flatMetres(to: visit.point) / 25)
          if visit.start < clock { found.append("\(visit.name) on \(day.date) begins before one can be there") }
          if visit.end < visit.start { found.append("\(visit.name) ends before it begins") }
          if case .sight(let sight) = visit.kind {
            if !seen.insert(sight.id).inserted { found.append("\(sight.name) is seen twice") }
            if request.avoided.contains(sight.id) { found.append("\(sight.name) was not wanted") }
            if !SimpleHours(sight.hours).isOpen(on: day.date.weekday, from: visit.start, to: visit.end) {
              found.append("\(sight.name) is closed on \(day.date) at \(visit.start / 60) minutes")
            }
          }
          (place, clock) = (visit.point, visit.end)
        }
        if !(stay.stay.arrival.adding(days: -1)...stay.stay.departure).contains(day.date) {
          found.append("\(day.date) is no day in \(stay.city.name)")
        }
        clock += max(day.travelAfter, Int(place.flatMetres(to: stay.lodging.point) / 25))
        if clock > last { found.append("\(day.date) in \(stay.city.name) ends too late") }
      }
    }
    return found
  }

  /// Whether what must be is there, or named as missing.
  private func wishes(_ option: TripOption, _ request: TripRequest) -> [String] {
    let visits = option.stays.flatMap { stay in
      stay.plan.days.flatMap { day in day.visits.map { (stay: stay, day: day.date, visit: $0) } }
    }
    let seen = Set(option.stays.flatMap { $0.plan.sights.map(\.id) })
    var found: [String] = []
    if request.mustSee.subtracting(seen).count != option.missedSights.count {
      found.append("\(request.mustSee.subtracting(seen)) is missing and not told")
    }
    for appointment in request.appointments where !option.missedAppointments.contains(appointment.name) {
      let isKept = visits.contains {
        $0.day == appointment.date && $0.visit.start == appointment.start && $0.stay.city.id == appointment.city
          && $0.visit.kind == .appointment(appointment)
      }
      if !isKept { found.append("\(appointment.name) is not kept and not told") }
    }
    if request.needsWheelchair {
      for sight in option.stays.flatMap(\.plan.sights) where sight.wheelchair == .no {
        found.append("\(sight.name) takes no wheelchair")
      }
    }
    for stay in option.stays {
      for day in stay.plan.days {
        let meals = day.visits.compactMap { if case .meal(let name, _) = $0.kind { name } else { nil } }
        if Set(meals).count < meals.count { found.append("\(day.date) has a meal twice") }
        if !request.hasMeals, !meals.isEmpty { found.append("\(day.date) has a meal") }
      }
    }
    return found
  }

  // MARK: Money

  private func money(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    let lines = option.estimate.lines.filter { !$0.isIncluded }
    let sum = lines.reduce(0) { $0 + $1.amount.minorUnits }
    if sum != option.estimate.total.minorUnits { found.append("its lines sum to \(sum)") }
    if option.merit.cost != option.estimate.total.minorUnits { found.append("it is compared by another cost") }
    if option.estimate.perPerson.reduce(0, { $0 + $1.minorUnits }) != sum { found.append("its parts do not sum up") }
    for fare in option.fares where !lines.contains(where: { $0.category == .transport && $0.amount == fare }) {
      found.append("a fare of \(fare) is not among its costs")
    }
    for stay in option.stays where !lines.contains(where: { $0.category == .lodging && $0.amount == stay.lodgingPrice })
    {
      found.append("the lodging in \(stay.city.name) is not among its costs")
    }
    found += parts(option, request)
    if let budget = request.budget, sum > budget.minorUnits { found.append("it costs more than the budget") }
    return found
  }

  /// Whether tickets, taxis, nights and caps add up.
  private func parts(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    let categories = option.estimate.categories.reduce(0) { $0 + option.estimate.subtotal($1).minorUnits }
    if categories != option.estimate.total.minorUnits { found.append("its categories sum to \(categories)") }
    for (category, cap) in request.categoryCaps where option.estimate.subtotal(category).minorUnits > cap.minorUnits {
      found.append("\(category) costs more than \(cap)")
    }
    if let cap = request.perPersonCap, option.estimate.perPerson.contains(where: { $0.minorUnits > cap.minorUnits }) {
      found.append("somebody pays more than \(cap)")
    }
    let rooms = Int64(request.rooms.rooms(for: request.party))
    for stay in option.stays {
      let taxis = stay.plan.days.reduce(Int64(0)) { sum, day in
        sum + (day.taxiAfter?.minorUnits ?? 0) + day.visits.reduce(0) { $0 + ($1.taxiBefore?.minorUnits ?? 0) }
      }
      if taxis != stay.plan.taxis.minorUnits { found.append("taxis in \(stay.city.name) sum to \(taxis)") }
      if taxis > 0, !request.hasTaxis { found.append("it takes a taxi in \(stay.city.name)") }
      // Children pay less, and nobody more than an adult.
      let tickets = stay.plan.sights.reduce(Int64(0)) { $0 + $1.price.minorUnits } * Int64(request.party.count)
      let isEuro = stay.plan.sights.allSatisfy { $0.price.currency == request.currency }
      if isEuro, stay.plan.tickets.minorUnits > tickets { found.append("tickets in \(stay.city.name) cost too much") }
      let isAdult = request.party.allSatisfy { $0.type == .adult }
      if isEuro, isAdult, stay.plan.tickets.minorUnits != tickets {
        found.append("tickets in \(stay.city.name) sum to \(tickets)")
      }
      let nights = stay.lodging.price.minorUnits * rooms * Int64(stay.stay.nights)
      let isNear = (nights * 3 / 10...nights * 3).contains(stay.lodgingPrice.minorUnits)
      if stay.lodging.price.currency == request.currency, !isNear {
        found.append("the nights in \(stay.city.name) cost \(stay.lodgingPrice)")
      }
    }
    return found
  }
}
