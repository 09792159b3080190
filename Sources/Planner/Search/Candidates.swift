import Kernel

/// Visits that fit in an opened day, with their best place and the key by which they are taken.
struct Candidates: ~Copyable {
  struct Entry {
    var visit: Int32 = 0
    /// Which of the opened days.
    var rank: Int32 = 0
    var position: Int32 = 0
    var cost: Int32 = 0
    var key: Float = 0
    /// What the key has before the cost is weighed.
    var weight: Float = 0
    /// What it uses of limits, as far as that is weighed.
    var burden: Float = 0
    /// Which state of the opened day the place is for.
    var version: Int32 = 0
    var wayIn: Int32 = 0
    var wayOut: Int32 = 0
  }

  let entries: UnsafeMutablePointer<Entry>
  var count = 0
  /// Counts the changes of each opened day.
  let versions: UnsafeMutablePointer<Int32>
  /// Powers of each visit's value on each day: `powers[exponent][day * dayStride + visit]`.
  let powers: [[Float]]
  /// What each visit uses of limits, as parts of them, 1 in the mean: `burdens[day * dayStride + visit]`.
  let burdens: [Float]

  static let exponents = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0]

  init(_ instance: Instance) {
    entries = .filled(instance.visitCount, with: Entry())
    versions = .filled(instance.dayCount, with: 0)
    let cells = instance.dayStride == 0 ? instance.visitCount : instance.visitCount * instance.dayCount
    let plain = (0..<cells).map { max(0.5, Double(instance.value[$0] % instance.mandatoryValue)) }
    let mean = max(1e-9, plain.reduce(0, +) / Double(max(1, cells)))
    burdens = Candidates.burdens(instance, cells)
    powers = Candidates.exponents.map { exponent in
      (0..<cells).map { cell in
        let wishes = Double(instance.value[cell] / instance.mandatoryValue)
        return Float(Elementary.power(plain[cell] / mean, exponent) * (1 + 1e6 * wishes))
      }
    }
  }

  private static func burdens(_ instance: Instance, _ cells: Int) -> [Float] {
    let table = instance.limits
    let parts = (0..<cells).map { cell -> Float in
      let visit = cell % instance.visitCount
      var sum: Float = 0
      for use in table.uses[Int(table.useFirst[visit])..<Int(table.useFirst[visit + 1])] {
        sum += Float(use.amount) / Float(max(1, table.most[table.firstSlot[Int(use.limit)]]))
      }
      for limit in table.dayLimits {
        sum += Float(max(0, limit.amounts[cell])) / Float(max(1, table.most[table.firstSlot[limit.limit]]))
      }
      return sum
    }
    let mean = parts.reduce(0, +) / Float(max(1, cells))
    return mean > 0 ? parts.map { $0 / mean } : parts
  }

  deinit {
    entries.deallocate()
    versions.deallocate()
  }

  @inline(__always)
  mutating func append(_ entry: Entry) {
    entries[count] = entry
    count &+= 1
  }

  /// Takes out the entry with the greatest key.
  @inline(__always)
  mutating func takeGreatest() -> Entry {
    var greatest = 0
    var index = 1
    while index < count {
      if entries[index].key > entries[greatest].key { greatest = index }
      index &+= 1
    }
    let entry = entries[greatest]
    count &-= 1
    entries[greatest] = entries[count]
    return entry
  }
}
