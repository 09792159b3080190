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
    /// Those that ``counted`` does not tell of come first, and end here.
    let uncountedEnd: UnsafeMutablePointer<Int32>
    let uses: UnsafeMutablePointer<Use>
    /// Of which counted limits each visit uses the least that visits do, as bits.
    let counted: UnsafeMutablePointer<UInt64>
    let countedLimits: UnsafeMutablePointer<CountedLimit>
    let countedLimitCount: Int
    let most: UnsafeMutablePointer<Int64>
    let dayLimits: UnsafeMutablePointer<AmountsOfLimit>
    let dayLimitCount: Int
    let legLimits: UnsafeMutablePointer<AmountsOfLimit>
    let legLimitCount: Int

    func deallocate() {
      useFirst.deallocate()
      uncountedEnd.deallocate()
      uses.deallocate()
      counted.deallocate()
      countedLimits.deallocate()
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

  /// A limit that visits use by fixed amounts, and the least of them: with less room than that it is full.
  struct CountedLimit {
    let limit: Int32
    let firstSlot: Int32
    let slotStride: Int32
    var least: Int64
  }

  /// The limits of which visits use fixed amounts, as many as a word has bits.
  private func countedLimits() -> [CountedLimit] {
    var limits: [CountedLimit] = []
    for use in uses where use.amount > 0 {
      if let bit = limits.firstIndex(where: { $0.limit == use.limit }) {
        limits[bit].least = min(limits[bit].least, use.amount)
      } else if limits.count < UInt64.bitWidth {
        let limit = Int(use.limit)
        limits.append(
          CountedLimit(
            limit: use.limit, firstSlot: Int32(firstSlot[limit]), slotStride: Int32(slotStride[limit]),
            least: use.amount))
      }
    }
    return limits
  }

  /// The same as plain memory, owned by who asks for it.
  func plain() -> Plain {
    let countedLimits = countedLimits()
    var (bits, ends): ([UInt64], [Int32]) = ([], [])
    var sorted: [Use] = []
    for visit in 0..<useFirst.count - 1 {
      var word: UInt64 = 0
      var told: [Use] = []
      for var use in uses[Int(useFirst[visit])..<Int(useFirst[visit + 1])] {
        use.firstSlot = Int32(firstSlot[Int(use.limit)])
        use.slotStride = Int32(slotStride[Int(use.limit)])
        if let bit = countedLimits.firstIndex(where: { $0.limit == use.limit && $0.least == use.amount }) {
          word |= 1 << UInt64(bit)
          told.append(use)
        } else {
          sorted.append(use)
        }
      }
      bits.append(word)
      ends.append(Int32(sorted.count))
      sorted += told
    }
    return Plain(
      useFirst: .copy(useFirst), uncountedEnd: .copy(ends), uses: .copy(sorted), counted: .copy(bits),
      countedLimits: .copy(countedLimits), countedLimitCount: countedLimits.count, most: .copy(most),
      dayLimits: .copy(dayLimits), dayLimitCount: dayLimits.count, legLimits: .copy(legLimits),
      legLimitCount: legLimits.count)
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
