extension Money {
  /// Divides the amount by weights so that the parts always sum to it (Hamilton's largest remainder).
  ///
  /// Every part is its exact quota rounded down or up. The minor units left over go to the largest remainders; among
  /// equal remainders to the lowest number in `turns`, then to the earlier part. Callers who count in `turns` how often
  /// a part had a leftover unit make it rotate over many amounts.
  ///
  /// - Parameters:
  ///   - weights: how much of the amount each part gets, relative to the others.
  ///   - turns: for each part how often it went first before; empty if that does not matter.
  /// - Returns: one amount per weight.
  /// - Throws: ``MoneyError/noWeight`` if no weight is above zero, ``MoneyError/weightsTooLarge``.
  /// - Complexity: O(n log n).
  public func allocated(by weights: [UInt32], turns: [Int] = []) throws(MoneyError) -> [Money] {
    try allocated(byWide: weights.map { Int64($0) }, turns: turns)
  }

  /// The same with wide weights, such as amounts of other money.
  ///
  /// - Precondition: no weight is negative.
  public func allocated(byWide weights: [Int64], turns: [Int] = []) throws(MoneyError) -> [Money] {
    precondition(turns.isEmpty || turns.count == weights.count, "one number of turns for each weight")
    var total: Int64 = 0
    for weight in weights {
      precondition(weight >= 0, "a weight below zero")
      let (sum, overflow) = total.addingReportingOverflow(weight)
      if overflow { throw .weightsTooLarge }
      total = sum
    }
    guard total > 0 else { throw .noWeight }
    var parts: [Int64] = []
    var remainders: [(rest: UInt64, index: Int)] = []
    var left = minorUnits
    parts.reserveCapacity(weights.count)
    remainders.reserveCapacity(weights.count)
    // No weight passes the total: if that product fits 64 bits, all do, and dividing costs a tenth.
    let isNarrow = !minorUnits.multipliedReportingOverflow(by: total).overflow
    for (index, weight) in weights.enumerated() {
      let part: Int64
      let rest: UInt64
      if isNarrow {
        let (quotient, remainder) = (minorUnits * weight).quotientAndRemainder(dividingBy: total)
        (part, rest) = (quotient, remainder.magnitude)
      } else {
        let product = Int128(minorUnits) * Int128(weight)
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: Int128(total))
        (part, rest) = (Int64(quotient), UInt64(remainder.magnitude))
      }
      parts.append(part)
      left -= part
      if rest != 0 { remainders.append((rest, index)) }
    }
    if remainders.isEmpty { return parts.map { Money(minorUnits: $0, currency) } }
    remainders.sort { one, other in
      if one.rest != other.rest { return one.rest > other.rest }
      if !turns.isEmpty, turns[one.index] != turns[other.index] { return turns[one.index] < turns[other.index] }
      return one.index < other.index
    }
    let unit: Int64 = minorUnits < 0 ? -1 : 1
    for (_, index) in remainders.prefix(Int(left.magnitude)) { parts[index] += unit }
    return parts.map { Money(minorUnits: $0, currency) }
  }
}
