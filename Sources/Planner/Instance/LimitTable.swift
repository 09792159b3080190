/// Limits as the search counts them: slots of a vector, a limit per day having one slot for each day.
struct LimitTable: Sendable {
  struct Use: Sendable {
    let limit: Int32
    let amount: Int64
    /// The slots of the limit, here too so that tests need not look them up.
    var firstSlot: Int32 = 0
    var slotStride: Int32 = 0
  }

  /// What tests of single visits read, in plain memory: arrays would be counted at every call.
  // Unchecked: written when the instance is laid out, and only read afterwards.
  struct Plain: @unchecked Sendable {
    let useFirst: UnsafeMutablePointer<Int32>
    let uses: UnsafeMutablePointer<Use>
    let most: UnsafeMutablePointer<Int64>
    let dayLimits: UnsafeMutablePointer<AmountsOfLimit>
    let dayLimitCount: Int
    let legLimits: UnsafeMutablePointer<AmountsOfLimit>
    let legLimitCount: Int

    func deallocate() {
      useFirst.deallocate()
      uses.deallocate()
      most.deallocate()
      dayLimits.deallocate()
      legLimits.deallocate()
    }
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
    let firstSlot: Int
    let slotStride: Int

    @inline(__always)
    func slot(_ day: Int) -> Int { firstSlot &+ slotStride &* day }
  }

  /// The same as plain memory, owned by who asks for it.
  func plain() -> Plain {
    Plain(
      useFirst: .copy(useFirst),
      uses: .copy(
        uses.map {
          Use(
            limit: $0.limit, amount: $0.amount, firstSlot: Int32(firstSlot[Int($0.limit)]),
            slotStride: Int32(slotStride[Int($0.limit)]))
        }), most: .copy(most), dayLimits: .copy(dayLimits), dayLimitCount: dayLimits.count,
      legLimits: .copy(legLimits), legLimitCount: legLimits.count)
  }

  func deallocate() {
    for limit in dayLimits { limit.amounts.deallocate() }
    // Fares are the instance's own.
    for limit in legLimits where !limit.isMoney { limit.amounts.deallocate() }
  }

  var countsLegs: Bool { !legLimits.isEmpty }
  var isEmpty: Bool { slotCount == 0 }
  var count: Int { firstSlot.count }

  @inline(__always)
  func slot(_ limit: Int, day: Int) -> Int { firstSlot[limit] &+ slotStride[limit] &* day }
}
