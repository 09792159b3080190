/// Limits as the search counts them: slots of a vector, a limit per day having one slot for each day.
struct LimitTable: Sendable {
  struct Use: Sendable {
    let limit: Int32
    let amount: Int64
  }

  /// The first slot of each limit.
  let firstSlot: [Int]
  /// 1 if the limit has a slot per day, else 0.
  let slotStride: [Int]
  let slotCount: Int
  /// The most for each slot.
  let most: [Int64]
  /// What a visit uses, by node: `uses[useFirst[node]..<useFirst[node + 1]]`.
  let useFirst: [Int32]
  let uses: [Use]
  /// Limits that count prices: they depend on the day.
  let moneyLimits: [Int]
  /// Limits that count fares or walking along legs.
  let legLimits: [LegLimit]

  struct LegLimit: Sendable {
    let limit: Int
    /// By nodes, row by row.
    let amounts: [Int64]
  }

  var countsLegs: Bool { !legLimits.isEmpty }
  var isEmpty: Bool { slotCount == 0 }
  var count: Int { firstSlot.count }

  @inline(__always)
  func slot(_ limit: Int, day: Int) -> Int { firstSlot[limit] &+ slotStride[limit] &* day }
}
