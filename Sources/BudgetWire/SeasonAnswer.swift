import Budget
package import JSON
package import Kernel

/// How prices at a place move through the year: each category's profile, and its factor on some dates.
package struct SeasonAnswer: JSONWritable, Sendable {
  private let ground: BudgetGround
  private let place: Int
  private let from: LocalDate?
  private let days: Int

  /// Days that are told one by one, at most.
  package static let daysMax = 400

  /// The seasons of a place.
  ///
  /// - Parameters:
  ///   - ground: prices and seasons.
  ///   - place: by id or name.
  ///   - from: the first day to tell the factor of; nil for no days.
  ///   - days: how many days.
  /// - Throws: ``BudgetFault``.
  package init(_ ground: BudgetGround, place: String, from: LocalDate?, days: Int) throws(BudgetFault) {
    precondition((1...Self.daysMax).contains(days), "a profile of \(days) days")
    self.ground = ground
    self.place = try ground.place(place)
    self.from = from
    self.days = days
  }

  /// Writes the profiles; factors are multiples of the base price.
  package func write(to writer: inout JSONWriter) {
    let catalogue = ground.catalogue
    writer.object { object in
      object.field("id", catalogue.places[place].id)
      object.field("name", catalogue.places[place].name)
      object.field("currency", catalogue.places[place].currency.code)
      object.array("profiles") { array in
        for category in catalogue.categories {
          guard let (profile, scope) = catalogue.scopedProfile(at: place, category) else { continue }
          array.object { object in
            object.field("category", category.name)
            object.field("scope", catalogue.places[scope].id)
            write(profile, to: &object)
          }
        }
      }
    }
  }

  private func write(_ profile: SeasonProfile, to object: inout JSONObjectWriter) {
    func factors(_ name: StaticString, _ values: [Int64]) {
      if !values.isEmpty { object.field(name, values.map(SeasonAnswer.factor)) }
    }
    factors("months", profile.months)
    factors("weeks", profile.weeks)
    factors("weekdays", profile.weekdays)
    if !profile.events.isEmpty {
      object.array("events") { array in
        for event in profile.events {
          array.object { object in
            object.field("name", event.name)
            switch event.days {
            case .yearly(let from, let to):
              object.field("from", from.description)
              object.field("to", to.description)
            case .dated(let from, let to):
              object.field("from", from.description)
              object.field("to", to.description)
            }
            object.field("factor", SeasonAnswer.factor(event.factor))
          }
        }
      }
    }
    guard let from else { return }
    object.array("days") { array in
      for day in 0..<days {
        let date = from.adding(days: day)
        array.object { object in
          object.field("date", date.description)
          object.field("factor", SeasonAnswer.factor(profile.factor(on: date)))
          object.field("event", ifPresent: profile.event(on: date)?.name)
        }
      }
    }
  }

  /// Millionths as a plain number: six digits are exact in a double.
  private static func factor(_ millionths: Int64) -> Double { Double(millionths) / 1e6 }
}
