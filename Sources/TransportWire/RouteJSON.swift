package import JSON
import Kernel
package import Transport

/// Journeys as programs read them.
package enum RouteJSON {
  /// A whole answer for a terminal: indented.
  package static func text(
    _ answer: RouteAnswer, microseconds: Int, explanations: [Explanation] = [], overlay: RealtimeOverlay? = nil
  ) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      write(answer.journeys, explanations, to: &object)
      write(answer.work, microseconds: microseconds, to: &object)
      if let overlay { object.field("realtime", RealtimeJSON(overlay: overlay)) }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  /// Writes `journeys`, each with why it is told where that is known.
  package static func write(_ journeys: [Journey], _ explanations: [Explanation], to object: inout JSONObjectWriter) {
    object.array("journeys") { array in
      for (index, journey) in journeys.enumerated() {
        array.element(
          JourneyJSON(
            journey: journey, explanation: explanations.indices.contains(index) ? explanations[index] : nil))
      }
    }
  }

  /// Writes `stats`: what a search took.
  package static func write(_ work: SearchWork, microseconds: Int?, to object: inout JSONObjectWriter) {
    object.object("stats") { stats in
      stats.field("rounds", work.rounds)
      stats.field("labels", work.labels)
      stats.field("segments", work.segments)
      stats.field("searchMicroseconds", ifPresent: microseconds)
    }
  }

  private struct JourneyJSON: JSONWritable {
    let journey: Journey
    let explanation: Explanation?

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        if let first = journey.legs.first, let last = journey.legs.last {
          object.field("departure", journey.departure.text(in: first.from.zone))
          object.field("arrival", journey.arrival.text(in: last.to.zone))
        }
        object.field("durationSeconds", journey.durationSeconds)
        object.field("transfers", journey.transfers)
        if let price = journey.price { object.field("price", PriceJSON(price: price)) }
        object.field("walkSeconds", journey.walkSeconds)
        object.field("walkMetres", journey.walkMetres)
        object.field("co2Grams", journey.co2Grams)
        if journey.isPreferred { object.field("preferred", true) }
        if let explanation { object.field("explanation", ExplanationJSON(explanation: explanation)) }
        object.array("legs") { array in for leg in journey.legs { array.element(LegJSON(leg: leg)) } }
      }
    }
  }

  private struct PriceJSON: JSONWritable {
    let price: JourneyPrice

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        if let amount = price.amount {
          object.field("amount", amount.text(.machine, withCode: false))
          object.field("currency", amount.currency.code)
        }
        object.field("complete", price.isComplete)
        if !price.products.isEmpty {
          object.array("products") { array in
            for product in price.products { array.element(ProductJSON(product: product)) }
          }
        }
        if !price.missing.isEmpty {
          object.array("missing") { array in for reason in price.missing { array.element(reason) } }
        }
      }
    }
  }

  private struct ProductJSON: JSONWritable {
    let product: JourneyPrice.Product

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("name", product.name)
        object.field("amount", product.amount.text(.machine, withCode: false))
      }
    }
  }

  private struct LegJSON: JSONWritable {
    let leg: Leg

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("mode", leg.mode)
        object.field("from", EndJSON(end: leg.from))
        object.field("to", EndJSON(end: leg.to))
        object.field("departure", leg.departure.text(in: leg.from.zone))
        object.field("arrival", leg.arrival.text(in: leg.to.zone))
        object.field("metres", leg.metres)
        if let ride = leg.ride {
          object.field("trip", ride.trip)
          object.field("route", ride.route)
          object.field("line", ifPresent: ride.line)
          object.field("headsign", ifPresent: ride.headsign)
          object.field("agency", ride.agency)
          object.field("stops", ride.stops)
          if ride.isSeated { object.field("staySeated", true) }
          if ride.isApproximate { object.field("approximate", true) }
          if ride.checkInSeconds > 0 { object.field("checkInSeconds", ride.checkInSeconds) }
          if ride.exitSeconds > 0 { object.field("exitSeconds", ride.exitSeconds) }
          ride.live?.write(to: &object, leg)
        }
        if !leg.alerts.isEmpty { object.array("alerts") { array in for alert in leg.alerts { array.element(alert) } } }
        object.field("geometry", leg.path.polyline)
      }
    }
  }

  private struct ExplanationJSON: JSONWritable {
    let explanation: Explanation

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("text", explanation.text)
        object.array("best") { array in for criterion in explanation.best { array.element(criterion.rawValue) } }
        object.array("against") { array in
          for comparison in explanation.comparisons {
            array.object { element in
              element.field("journey", comparison.other)
              element.object("gains") { gains in
                for gain in comparison.gains { gains.field(named: gain.criterion.rawValue, -gain.difference) }
              }
              element.object("costs") { costs in
                for cost in comparison.costs { costs.field(named: cost.criterion.rawValue, cost.difference) }
              }
            }
          }
        }
      }
    }
  }

  /// Where a leg begins or ends, or a stop.
  package struct EndJSON: JSONWritable {
    private let end: LegEnd

    /// An end to be written.
    package init(end: LegEnd) { self.end = end }

    /// Writes the stop, its name and where it is.
    package func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("stop", ifPresent: end.stop)
        object.field("name", end.name)
        object.field("platform", ifPresent: end.platform)
        object.field("lat", end.point.latitude)
        object.field("lon", end.point.longitude)
      }
    }
  }
}

extension MoneyNotation {
  /// As programs read amounts: `1234.50`.
  fileprivate static let machine = MoneyNotation(decimalSeparator: ".", groupSeparator: nil)
}

/// A whole answer: `journeys` and `stats`.
package struct RouteAnswerJSON: JSONWritable {
  private let answer: RouteAnswer
  private let microseconds: Int
  private let explanations: [Explanation]

  /// An answer to be written.
  package init(_ answer: RouteAnswer, microseconds: Int, explanations: [Explanation] = []) {
    self.answer = answer
    self.microseconds = microseconds
    self.explanations = explanations
  }

  /// Writes what `wayfare route --json` prints.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      RouteJSON.write(answer.journeys, explanations, to: &object)
      RouteJSON.write(answer.work, microseconds: microseconds, to: &object)
    }
  }
}
