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
    var parts: [Money] = []
    parts.reserveCapacity(weights.count)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: weights.count) { rests in
      var left = minorUnits
      // No weight passes the total: if that product fits 64 bits, all do, and dividing costs a tenth.
      let isNarrow = !minorUnits.multipliedReportingOverflow(by: total).overflow
      for index in weights.indices {
        let part: Int64
        if isNarrow {
          let (quotient, remainder) = (minorUnits * weights[index]).quotientAndRemainder(dividingBy: total)
          part = quotient
          rests.initializeElement(at: index, to: remainder.magnitude)
        } else {
          let product = Int128(minorUnits) * Int128(weights[index])
          let (quotient, remainder) = product.quotientAndRemainder(dividingBy: Int128(total))
          part = Int64(quotient)
          rests.initializeElement(at: index, to: UInt64(remainder.magnitude))
        }
        parts.append(Money(minorUnits: part, currency))
        left -= part
      }
      // Fewer units are left over than there are remainders.
      if left != 0 { handOut(left, to: &parts, rests, turns) }
    }
    return parts
  }

  /// Gives the units left over to the parts whose turn it is, one each.
  private func handOut(
    _ left: Int64, to parts: inout [Money], _ rests: UnsafeMutableBufferPointer<UInt64>, _ turns: [Int]
  ) {
    func goesBefore(_ one: Int, _ other: Int) -> Bool {
      if rests[one] != rests[other] { return rests[one] > rests[other] }
      if !turns.isEmpty, turns[one] != turns[other] { return turns[one] < turns[other] }
      return one < other
    }
    let unit: Int64 = left < 0 ? -1 : 1
    // Among a few, looking for the first again and again is faster than sorting, and takes no memory.
    if parts.count <= 16 {
      for _ in 0..<left.magnitude {
        var first = 0
        for index in 1..<parts.count where goesBefore(index, first) { first = index }
        parts[first] = Money(minorUnits: parts[first].minorUnits + unit, currency)
        rests[first] = 0
      }
    } else {
      for index in parts.indices.sorted(by: goesBefore).prefix(Int(left.magnitude)) {
        parts[index] = Money(minorUnits: parts[index].minorUnits + unit, currency)
      }
    }
  }
}
