import Budget
import BudgetWire
import Catalogue
package import Itinerary
package import JSON
import Kernel

/// An option after a change: the document, and what the change came to.
package struct OptionEdit: Sendable {
  /// What a change is told with, as `EditWriter` writes it.
  package static let changeSchema: JSONSchema = {
    let told: JSONSchema = .fields(["activity": ActivityName.schema, "name?": .text, "day?": .date])
    return .fields([
      "added": .list(told), "removed": .list(told), "moved": .list(told.with(["from?": .date])), "dropped": .list(told),
      "retimed": .list(told.with(["from": TripAnswerJSON.clock, "to": TripAnswerJSON.clock])), "scoreLost": .integer,
      "ticketsMore": .amount, "taxisMore": .amount, "costMore": .amount, "currency": TripAnswerJSON.currency,
      "travelMinutesMore": .integer,
    ])
  }()

  /// The option as it is kept from now on: JSON text.
  package let document: String
  /// Numbers that were given to what is done on its days.
  package let activityCount: Int
  /// What the change came to: JSON text.
  package let change: String
  /// What came in, by name.
  package let added: [ActivityName]
}

/// Why an option cannot be changed so.
package enum OptionEditError: Error, Sendable {
  /// The change is not possible; with the pointer into what was sent.
  case impossible(EditError, pointer: String)
  /// What is kept does not fit the catalogue of now.
  case outdated(String)
}

/// Changes an option that is kept.
package struct OptionEditor {
  private let ground: TripGround
  private let request: TripRequest
  private let document: OptionDocument
  private var activityCount: Int
  private var stays: [KeptStay] = []

  /// - Parameters:
  ///   - library: what trips are planned with now.
  ///   - request: what was asked: JSON text.
  ///   - option: the option as it is kept: JSON text.
  ///   - activityCount: numbers that were given to what is done on its days.
  /// - Throws: `OptionEditError.outdated` where what is kept cannot be read any more; what loading throws.
  package init(_ library: TripLibrary, request: String, option: String, activityCount: Int) throws {
    do {
      self.request = try library.question(JSONDocument(text: request).root).request
      document = try OptionDocument(option)
      self.activityCount = activityCount
      for index in document.stays.indices { stays.append(try document.stay(index)) }
    } catch let error as JSONError {
      throw OptionEditError.outdated(error.description)
    }
    ground = try library.ground()
  }

  /// The option after a change.
  ///
  /// - Throws: `JSONError` for what is wrong with what was sent, `OptionEditError` where the change is not possible.
  package mutating func edit(_ question: OptionQuestion) throws -> OptionEdit {
    let reader = WantedReader(names: PlaceNames(ground.places), cities: request.destinations.map(\.city))
    let parts = try parts(question, reader)
    var repairs: [Int: StayRepair] = [:]
    for part in parts {
      let repairer = StayRepairer(ground, request, stays[part.stay])
      do throws(EditError) {
        repairs[part.stay] = try repairer.repair(part.change, from: activityCount + 1)
      } catch {
        throw OptionEditError.impossible(error, pointer: pointer(of: error, part.wishes))
      }
      activityCount += part.comingIn
    }
    let writer = EditWriter(ground: ground, request: request, document: document, stays: stays, repairs: repairs)
    do {
      return try writer.edit(activityCount: activityCount)
    } catch let error as JSONError {
      throw OptionEditError.outdated(error.description)
    }
  }

  // MARK: Which stay

  private struct Part {
    let stay: Int
    let change: StayChange
    var wishes: [WantedReader.Wish] = []

    var comingIn: Int { wishes.count { if case .kept = $0.visit.what { false } else { true } } }
  }

  private func parts(_ question: OptionQuestion, _ reader: WantedReader) throws -> [Part] {
    let start: LocalDate
    do throws(JSONError) { start = try document.start } catch { throw OptionEditError.outdated(error.description) }
    switch question {
    case .remove(let activity):
      guard let stay = stay(with: activity.number) else { throw impossible(.noActivity(activity.number)) }
      return [Part(stay: stay, change: .remove(activity.number))]
    case .add(let body):
      let (wish, day) = try reader.added(body)
      let date = day?.date(from: start)
      let open = try date.map { try staysOpen(on: $0) } ?? Array(stays.indices)
      let stay = try home(of: wish, among: open)
      return [Part(stay: stay, change: .add(wish.visit, on: date), wishes: [wish])]
    case .day(let day, let body):
      let date = day.date(from: start)
      let wishes = try reader.day(body)
      let open = try staysOpen(on: date)
      // A day on which one goes on has a morning here and an evening there.
      var divided: [Int: [WantedReader.Wish]] = [:]
      for wish in wishes { divided[try home(of: wish, among: open), default: []].append(wish) }
      return Set(open).union(divided.keys).sorted().map { stay in
        let own = divided[stay] ?? []
        return Part(stay: stay, change: .day(date, own.map(\.visit)), wishes: own)
      }
    }
  }

  private func stay(with activity: Int) -> Int? {
    stays.firstIndex { $0.days.contains { $0.visits.contains { $0.activity == activity } } }
  }

  private func staysOpen(on date: LocalDate) throws -> [Int] {
    let dates = stays.map { StayRepairer(ground, request, $0).dates }
    let open = stays.indices.filter { dates[$0].contains(date) }
    if open.isEmpty { throw impossible(.noDay(date, days: Set(dates.joined()).sorted())) }
    return open
  }

  /// The stay that a wish belongs to: that of the activity or the sight's city, else the nearest bed.
  private func home(of wish: WantedReader.Wish, among open: [Int]) throws -> Int {
    switch wish.visit.what {
    case .kept(let number):
      guard let stay = stay(with: number) else {
        throw impossible(.noActivity(number), wish.node.pointer + "/activity")
      }
      return stay
    case .sight(let sight):
      guard let stay = stays.firstIndex(where: { $0.city == sight.city }) else {
        throw wish.node.fault("must be in a city where this option stays", at: "/sight")
      }
      return stay
    case .own(_, let point):
      let nearest = open.min { stays[$0].lodging.flatMetres(to: point) < stays[$1].lodging.flatMetres(to: point) }
      guard let nearest else { throw wish.node.fault("has no stay near it") }
      return nearest
    }
  }

  // MARK: What is told

  private func impossible(_ error: EditError, _ pointer: String = "") -> OptionEditError {
    .impossible(error, pointer: pointer)
  }

  /// Where in what was sent the thing stands that is not possible; the whole where it was not sent.
  private func pointer(of error: EditError, _ wishes: [WantedReader.Wish]) -> String {
    let name: String
    switch error {
    case .closed(let own, _, _), .closedAlways(let own, _), .notOpen(let own, _, _, _), .outsideDay(let own, _, _, _),
      .noTime(let own, _, _), .tooFar(let own), .twice(let own), .already(let own, _):
      name = own
    case .noActivity, .noDay, .trip: return ""
    }
    return wishes.last { called($0.visit.what) == name }?.node.pointer ?? ""
  }

  private func called(_ what: WantedVisit.What) -> String? {
    switch what {
    case .sight(let sight): sight.name
    case .own(let name, _): name
    case .kept(let number):
      stays.lazy.flatMap(\.days).flatMap(\.visits).first { $0.activity == number }?.name
    }
  }
}
