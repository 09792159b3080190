import Budget
import BudgetWire
import Catalogue
import Itinerary
import JSON
import Kernel

/// Writes an option after some of its stays were repaired, and what that came to.
struct EditWriter {
  let ground: TripGround
  let request: TripRequest
  let document: OptionDocument
  let stays: [KeptStay]
  let repairs: [Int: StayRepair]

  func edit(activityCount: Int) throws -> OptionEdit {
    let before = try document.spending(request.currency)
    var after = before
    for (stay, repair) in repairs { after[stay] = StaySpending(tickets: repair.tickets, taxis: repair.taxis) }
    // Both with the prices of now, so that the difference is the change's alone.
    let costBefore = try ground.estimate(document.costs(request.currency, before), request)
    let costAfter = try ground.estimate(document.costs(request.currency, after), request)
    let scores = try document.stays.map { (stay) throws(JSONError) in try stay.part("score").int }
    let lost = repairs.reduce(0) { $0 + scores[$1.key] - $1.value.score }

    var option = try Piece(opening: document.root)
    option.set("score", .whole(try document.root.part("score").int - lost))
    option.set("cost", .text(costAfter.total.amountText))
    let outlook = ground.outlook(costAfter, request)
    if let chance = outlook.chanceWithin {
      option.set("chanceWithinBudget", .decimal((chance * 1000).rounded() / 1000))
    }
    option.set("costs", costs(costAfter, outlook))
    option.set("stays", .array(try document.stays.indices.map { try stay($0) }))

    var change = try changes()
    change.set("scoreLost", .whole(lost))
    change.set("ticketsMore", .text(try difference(sum(before.map(\.tickets)), sum(after.map(\.tickets)))))
    change.set("taxisMore", .text(try difference(sum(before.map(\.taxis)), sum(after.map(\.taxis)))))
    change.set("costMore", .text(try difference(costBefore.total, costAfter.total)))
    change.set("currency", .text(request.currency.code))
    change.set("travelMinutesMore", .whole(try travelMinutesMore()))
    return OptionEdit(
      document: option.text, activityCount: activityCount, change: change.text,
      added: repairs.sorted { $0.key < $1.key }.flatMap(\.value.added).map { ActivityName(number: $0) })
  }

  // MARK: The option

  private func costs(_ estimate: Estimate, _ outlook: Outlook) -> Piece {
    var categories = Piece.object([])
    for category in estimate.categories {
      categories.set(category.name, .text(estimate.subtotal(category).amountText))
    }
    var people = Piece.object([])
    for (traveller, amount) in zip(request.party, estimate.perPerson) {
      people.set(traveller.name, .text(amount.amountText))
    }
    return Piece(("categories", categories), ("perPerson", people), ("p80", .text(outlook.p80.amountText)))
  }

  private func stay(_ index: Int) throws(JSONError) -> Piece {
    let node = document.stays[index]
    guard let repair = repairs[index] else { return .node(node) }
    let known = try visitNodes(node)
    var stay = try Piece(opening: node)
    stay.set("score", .whole(repair.score))
    stay.set("tickets", .text(repair.tickets.amountText))
    stay.set("taxis", .text(repair.taxis.amountText))
    var days: [Piece] = []
    for day in repair.days {
      var visits: [Piece] = []
      for visit in day.visits { visits.append(try self.visit(visit, known[visit.visit.activity])) }
      var piece = Piece(
        ("date", .text(day.date.description)), ("visits", .array(visits)),
        ("travelSecondsAfter", .whole(day.travelAfter)))
      if let taxi = day.taxiAfter { piece.set("taxiAfter", .text(taxi.amountText)) }
      days.append(piece)
    }
    stay.set("days", .array(days))
    return stay
  }

  private func visitNodes(_ stay: JSONNode) throws(JSONError) -> [Int: JSONNode] {
    var nodes: [Int: JSONNode] = [:]
    for day in try stay.list("days") {
      for visit in try day.list("visits") {
        if let name = ActivityName(try visit.part("activity").string) { nodes[name.number] = visit }
      }
    }
    return nodes
  }

  private func visit(_ planned: StayRepair.Visit, _ node: JSONNode?) throws(JSONError) -> Piece {
    let visit = planned.visit
    var piece = Piece(("activity", .text(ActivityName(number: visit.activity).description)))
    if let node {
      piece = try Piece(opening: node)
    } else if case .sight(let id) = visit.kind {
      piece.set("kind", .text("sight"))
      piece.set("id", .text(id))
      let sight = ground.places.sights.values.lazy.joined().first { $0.id == id }
      if let sight { piece.set("category", .text(sight.category)) }
    } else {
      piece.set("kind", .text("own"))
    }
    piece.set("name", .text(visit.name))
    piece.set("start", .text(ClockTime(visit.start).description))
    piece.set("end", .text(ClockTime(visit.end).description))
    piece.set("slackMinutes", .whole(planned.slack / 60))
    piece.set("travelSeconds", .whole(planned.travelBefore))
    if let taxi = planned.taxiBefore { piece.set("taxi", .text(taxi.amountText)) } else { piece.remove("taxi") }
    piece.set("lat", .decimal(visit.point.latitude))
    piece.set("lon", .decimal(visit.point.longitude))
    if visit.isPinned, visit.kind != .appointment { piece.set("pinned", .truth(true)) } else { piece.remove("pinned") }
    return piece
  }

  // MARK: The change

  private func changes() throws -> Piece {
    var lists: [String: [Piece]] = [:]
    for (index, repair) in repairs.sorted(by: { $0.key < $1.key }) {
      let before = places(stays[index].days.flatMap { day in day.visits.map { (day.date, $0) } })
      let after = places(repair.days.flatMap { day in day.visits.map { (day.date, $0.visit) } })
      func told(_ number: Int) -> Piece {
        let place = after[number] ?? before[number]
        var piece = Piece(("activity", .text(ActivityName(number: number).description)))
        guard let place else { return piece }
        piece.set("name", .text(place.visit.name))
        piece.set("day", .text(place.date.description))
        return piece
      }
      for number in repair.moved {
        var piece = told(number)
        if let old = before[number] { piece.set("from", .text(old.date.description)) }
        lists["moved", default: []].append(piece)
      }
      for number in repair.kept {
        guard let (old, new) = before[number].flatMap({ old in after[number].map { (old.visit, $0.visit) } }),
          old.start / 60 != new.start / 60
        else { continue }
        var piece = told(number)
        piece.set("from", .text(ClockTime(old.start).description))
        piece.set("to", .text(ClockTime(new.start).description))
        lists["retimed", default: []].append(piece)
      }
      for number in repair.dropped { lists["dropped", default: []].append(told(number)) }
      for number in repair.removed { lists["removed", default: []].append(told(number)) }
      for number in repair.added { lists["added", default: []].append(told(number)) }
    }
    var piece = Piece.object([])
    for name in ["added", "removed", "moved", "dropped", "retimed"] { piece.set(name, .array(lists[name] ?? [])) }
    return piece
  }

  private func places(_ visits: [(LocalDate, KeptVisit)]) -> [Int: (date: LocalDate, visit: KeptVisit)] {
    Dictionary(visits.map { ($0.1.activity, (date: $0.0, visit: $0.1)) }, uniquingKeysWith: { first, _ in first })
  }

  private func travelMinutesMore() throws(JSONError) -> Int {
    var more = 0
    for (index, repair) in repairs {
      for day in repair.days { more += day.travelAfter + day.visits.reduce(0) { $0 + $1.travelBefore } }
      for day in try document.stays[index].list("days") {
        more -= try day.part("travelSecondsAfter").int
        for visit in try day.list("visits") { more -= try visit.part("travelSeconds").int }
      }
    }
    return Int((Double(more) / 60).rounded())
  }

  private func sum(_ amounts: [Money]) -> Money {
    Money(minorUnits: amounts.reduce(0) { $0 + $1.minorUnits }, request.currency)
  }

  private func difference(_ before: Money, _ after: Money) throws -> String {
    Money(minorUnits: after.minorUnits - before.minorUnits, request.currency).amountText
  }
}
