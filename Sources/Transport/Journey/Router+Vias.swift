import Kernel

/// A place to come by, and how long to stay there.
package struct Via: Hashable, Sendable {
  package let place: String
  package let staySeconds: Int

  package init(_ place: String, staySeconds: Int = 0) {
    (self.place, self.staySeconds) = (place, staySeconds)
  }
}

extension Router {
  /// Places to come by at most.
  package static let viasMax = 8

  /// Journeys by some places, in their order: a journey to each, the stay, and on from there.
  ///
  /// Exact: of two ways to a place the one that is there no later with no more vehicles can do all that the other can, so
  /// that only the best of each part are continued. A place to come by is one where travellers get off.
  func routeByVias(_ request: RouteRequest) throws(RouteError) -> RouteAnswer {
    let isBackwards = if case .arriveBy = request.time { true } else { false }
    let places = [request.from] + request.vias.map(\.place) + [request.to]
    let parts = Array(zip(places, places.dropFirst()))
    var work = SearchWork()
    var ends = ("", "")
    var partial: [PartJourney] = [PartJourney(legs: [], time: request.time)]
    for step in parts.indices {
      let part = isBackwards ? parts.count - 1 - step : step
      let stay = part < request.vias.count && !isBackwards ? request.vias[part].staySeconds : 0
      let stayBefore = isBackwards && part > 0 ? request.vias[part - 1].staySeconds : 0
      var next: [PartJourney] = []
      for known in partial {
        var own = request
        own.vias = []
        // What one has come by is not at hand any more where one gets off.
        if part > 0 { own.accessWays = [.walk] }
        if part < parts.count - 1 { own.egressWays = [.walk] }
        (own.from, own.to, own.time) = (parts[part].0, parts[part].1, known.time)
        let found = try route(own)
        work.add(found.work)
        if part == 0 { ends.0 = found.from }
        if part == parts.count - 1 { ends.1 = found.to }
        for journey in found.journeys {
          let legs = isBackwards ? journey.legs + known.legs : known.legs + journey.legs
          let time: RouteRequest.Time =
            isBackwards
            ? .arriveBy(journey.departure.adding(seconds: -Int64(stayBefore)))
            : .departAt(journey.arrival.adding(seconds: Int64(stay)))
          next.append(PartJourney(legs: legs, time: time))
        }
      }
      partial = Self.best(next, request)
    }
    var journeys = partial.map { Journey(legs: $0.legs) }
    journeys.sort {
      isBackwards ? $0.departure > $1.departure : ($0.departure, $0.arrival) < ($1.departure, $1.arrival)
    }
    if case .departAt = request.time { journeys.sort { $0.arrival < $1.arrival } }
    return RouteAnswer(journeys: journeys, work: work, from: ends.0, to: ends.1)
  }

  private struct PartJourney {
    let legs: [Leg]
    /// When the next part begins, or must end.
    let time: RouteRequest.Time

    var journey: Journey { Journey(legs: legs) }
  }

  /// Those of which none is as good in everything that counts.
  private static func best(_ parts: [PartJourney], _ request: RouteRequest) -> [PartJourney] {
    let values = parts.map { part -> [Int64] in
      let journey = part.journey
      let boardings = Int64(journey.boardings)
      let walk = request.weighsWalking ? Int64(journey.walkSeconds) : 0
      switch request.time {
      case .departAt: return [journey.arrival.secondsSinceEpoch, boardings, walk]
      case .arriveBy: return [-journey.departure.secondsSinceEpoch, boardings, walk]
      case .between:
        return [journey.arrival.secondsSinceEpoch, -journey.departure.secondsSinceEpoch, boardings, walk]
      }
    }
    return parts.indices.filter { own in
      !parts.indices.contains { other in
        other != own && zip(values[other], values[own]).allSatisfy { $0 <= $1 }
          && (values[other] != values[own] || other < own)
      }
    }.map { parts[$0] }
  }
}
