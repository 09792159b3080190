import Kernel
import Synchronization

extension Router {
  /// The fares that a request reckons with, read once.
  func fares(_ request: RouteRequest) throws(RouteError) -> FareModel {
    let wish = FareSource.Wish(currency: request.currency, rider: request.rider, hasOwnWays: request.hasOwnWays)
    if let known = fareModels.withLock({ $0[wish] }) { return known }
    let model: FareModel
    do throws(FeedError) {
      model = try transit.fares(wish)
    } catch {
      throw .data(error)
    }
    fareModels.withLock { models in
      if models.count >= Self.fareModelsMax { models.removeAll() }
      models[wish] = model
    }
    return model
  }

  private static let fareModelsMax = 16

  /// A journey without a ride: a walk costs nothing.
  func priced(_ alone: Journey, _ request: RouteRequest) throws(RouteError) -> Journey {
    var journey = alone
    let currency = try fares(request).currency
    journey.price = .free(currency).adding(alone.legs, currency)
    return journey
  }

  /// What rides cost, and what a search calls that.
  func price(
    _ rides: [FoundJourney.Ride], _ request: RouteRequest, _ slice: DaySlice, _ names: TransitNames
  ) throws(RouteError) -> (price: JourneyPrice, units: Int32) {
    let model = try fares(request)
    var priced: [FarePricer.Ride] = []
    for ride in slice.inOrderOfTravel(rides) {
      let own = slice.fareRide(ride, model)
      if ride.isSeated, let last = priced.indices.last {
        priced[last].ride = priced[last].ride.goingOn(own)
      } else {
        let number = slice.timetable.runTrips[Int(slice.tripRuns[Int(ride.trip)])]
        priced.append(FarePricer.Ride(ride: own, trip: number))
      }
    }
    return FarePricer(model, slice).price(priced) { trip in
      // A graph that cannot be read was told when the journey was put into words.
      (try? names.trip(trip, from: 0).route) ?? "a route"
    }
  }
}

extension FareReckoner.Ride {
  /// A ride and another for which riders stay seated.
  fileprivate func goingOn(_ next: FareReckoner.Ride) -> FareReckoner.Ride {
    FareReckoner.Ride(
      fareClass: fareClass, from: from, to: next.to, zonesPassed: zonesPassed | next.zonesPassed,
      departure: departure, arrival: next.arrival)
  }
}

extension DaySlice {
  /// A ride in the direction of travel: its positions and where it leads on from.
  struct TravelledRide {
    let trip: Int32
    /// Positions of the slice at which riders board and leave.
    let boarded: Int
    let left: Int
    let isSeated: Bool
  }

  func inOrderOfTravel(_ rides: [FoundJourney.Ride]) -> [TravelledRide] {
    if !isReversed {
      return rides.map {
        TravelledRide(trip: $0.trip, boarded: Int($0.boarded), left: Int($0.left), isSeated: $0.isSeated)
      }
    }
    // Found backwards: whoever stays seated does so for the ride that was found before.
    return rides.indices.reversed().map { index in
      TravelledRide(
        trip: rides[index].trip, boarded: Int(rides[index].left), left: Int(rides[index].boarded),
        isSeated: index + 1 < rides.count && rides[index + 1].isSeated)
    }
  }

  /// A ride as fares see it.
  func fareRide(_ ride: TravelledRide, _ model: FareModel) -> FareReckoner.Ride {
    let pattern = Int(positionPatterns[ride.boarded])
    let start = Int(positionStarts[pattern])
    let route = timetable.patternFareRoutes[Int(sourcePatterns[pattern])]
    let fareClass = route >= 0 && Int(route) < model.classOfRoute.count ? model.classOfRoute[Int(route)] : -1
    var passed: UInt64 = 0
    if fareClass >= 0 {
      let bits = model.zoneBits[Int(model.classes[Int(fareClass)].system)]
      for position in min(ride.boarded, ride.left)...max(ride.boarded, ride.left) {
        let zone = Int(model.zoneOfStop[Int(callStops[position])])
        if zone < bits.count { passed |= bits[zone] }
      }
    }
    let (from, to) = (callStops[ride.boarded], callStops[ride.left])
    // A reversed slice tells departures as arrivals, from its end.
    let (leaving, reaching) =
      isReversed
      ? (
        Self.horizon - arrival(of: ride.trip, at: ride.boarded - start),
        Self.horizon - departure(of: ride.trip, at: ride.left - start)
      )
      : (departure(of: ride.trip, at: ride.boarded - start), arrival(of: ride.trip, at: ride.left - start))
    return FareReckoner.Ride(
      fareClass: fareClass, from: model.zoneOfStop[Int(from)], to: model.zoneOfStop[Int(to)], zonesPassed: passed,
      departure: leaving, arrival: reaching)
  }
}
