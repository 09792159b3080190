import Budget
import JSON
import Kernel

// The words of budgets as they travel: an unknown one is refused with the nearest.

enum WireCostUnit: String, JSONReadable, CaseIterable {
  case person, room, group

  var unit: CostUnit {
    switch self {
    case .person: .person
    case .room: .room
    case .group: .group
    }
  }
}

enum WireCostPeriod: String, JSONReadable, CaseIterable {
  case night, day, trip

  var period: CostPeriod {
    switch self {
    case .night: .night
    case .day: .day
    case .trip: .trip
    }
  }
}

enum WireCondition: String, JSONReadable, CaseIterable {
  case always, card, foreign

  var condition: TaxRule.Condition {
    switch self {
    case .always: .always
    case .card: .card
    case .foreign: .foreign
    }
  }
}

enum WireTaxKind: String, JSONReadable, CaseIterable {
  case percent
  case percentIncluded = "percent-included"
  case personNight = "person-night"
  case roomNight = "room-night"
  case personStay = "person-stay"
  case personTrip = "person-trip"
  case groupTrip = "group-trip"

  func amount(_ value: JSONNode, _ currency: Currency) throws(JSONError) -> TaxRule.Amount {
    switch self {
    case .percent: .percent(try value.percentage())
    case .percentIncluded: .percentIncluded(try value.percentage())
    case .personNight: .personNight(try value.cost(currency))
    case .roomNight: .roomNight(try value.cost(currency))
    case .personStay: .personStay(try value.cost(currency))
    case .personTrip: .personTrip(try value.cost(currency))
    case .groupTrip: .groupTrip(try value.cost(currency))
    }
  }
}
