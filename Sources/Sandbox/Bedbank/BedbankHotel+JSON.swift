import JSON
import Kernel

/// A house with its rates, in Hotelbeds' shape.
struct BedbankHotel: JSONWritable, Sendable {
  struct Rate: Sendable {
    let room: House.Room
    let key: RateKey
    let left: Int
    let isChecked: Bool
  }

  let house: House
  let rates: [Rate]

  func write(to writer: inout JSONWriter) {
    writer.object { fields(&$0) }
  }

  func fields(_ object: inout JSONObjectWriter) {
    object.field("code", house.code)
    object.field("name", house.name)
    object.field("categoryCode", "\(house.stars)EST")
    object.field("destinationCode", house.destination)
    object.field("currency", "EUR")
    object.array("rooms") { array in
      for rate in rates {
        array.object { room in
          room.field("code", rate.room.code)
          room.field("name", rate.room.name)
          room.array("rates") { $0.element(BedbankRate(rate: rate)) }
        }
      }
    }
  }
}

/// A rate in Hotelbeds' shape.
struct BedbankRate: JSONWritable {
  let rate: BedbankHotel.Rate

  func write(to writer: inout JSONWriter) {
    let room = rate.room
    let key = rate.key
    writer.object { object in
      object.field("rateKey", key.text)
      object.field("rateClass", room.isRefundable ? "NOR" : "NRF")
      object.field("rateType", room.needsRecheck && !rate.isChecked ? "RECHECK" : "BOOKABLE")
      object.field("net", key.net.amountText)
      object.field("allotment", rate.left)
      object.field("paymentType", "AT_WEB")
      object.field("boardCode", key.board)
      object.field("boardName", key.board == "BB" ? "BED AND BREAKFAST" : "ROOM ONLY")
      object.field("rooms", key.room.rooms)
      object.field("adults", key.room.party.adults)
      object.field("children", key.room.party.childAges.count)
      object.array("cancellationPolicies") { array in
        array.object { policy in
          policy.field("amount", Bedbank.fee(rate.room, key).amountText)
          policy.field("from", Bedbank.feeBegins(rate.room, key).description)
        }
      }
    }
  }
}

/// What giving back a room costs.
enum Bedbank {
  /// All of it where nothing is refundable, otherwise a night.
  static func fee(_ room: House.Room, _ key: RateKey) -> Int64 {
    room.isRefundable ? key.net / Int64(max(1, key.room.nights)) : key.net
  }

  /// Two days before the first night; long ago where nothing is refundable.
  static func feeBegins(_ room: House.Room, _ key: RateKey) -> Instant {
    ZoneRules.utc.moments(
      of: LocalDateTime(key.room.checkIn.adding(days: room.isRefundable ? -2 : -700), secondOfDay: 0)
    )
    .earlier
  }
}
