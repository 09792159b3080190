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
  /// Limits that count money.
  let moneyLimits: [Int]
  /// Limits of which visits use amounts that depend on the day: money, and whatever activities name so.
  let dayLimits: [AmountsOfLimit]
  /// Limits that count fares or walking along legs.
  let legLimits: [AmountsOfLimit]

  // Unchecked: written when the instance is laid out, and only read afterwards.
  struct AmountsOfLimit: @unchecked Sendable {
    let limit: Int
    /// By the instance's cells, or by way and nodes.
    let amounts: UnsafeMutablePointer<Int64>
    /// Whether it counts money.
    let isMoney: Bool
  }

  func deallocate() {
    for limit in dayLimits { limit.amounts.deallocate() }
    for limit in legLimits { limit.amounts.deallocate() }
  }

  var countsLegs: Bool { !legLimits.isEmpty }
  var isEmpty: Bool { slotCount == 0 }
  var count: Int { firstSlot.count }

  @inline(__always)
  func slot(_ limit: Int, day: Int) -> Int { firstSlot[limit] &+ slotStride[limit] &* day }
}
