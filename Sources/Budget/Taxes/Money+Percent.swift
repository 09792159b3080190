import Kernel

extension Money {
  /// So many percent of the amount, rounded once.
  ///
  /// - Precondition: the percentage has at most six decimals.
  func percent(_ percent: DecimalFraction) throws(MoneyError) -> Money {
    try scaled(by: millionths(percent), over: 100_000_000)
  }

  /// The tax of so many percent that is contained in the amount: of 107 at 7 %, it is 7.
  ///
  /// - Precondition: the percentage has at most six decimals.
  func percentContained(_ percent: DecimalFraction) throws(MoneyError) -> Money {
    let units = millionths(percent)
    return try scaled(by: units, over: 100_000_000 + units)
  }

  private func millionths(_ percent: DecimalFraction) -> Int64 {
    guard let units = percent.units(scale: 6) else { preconditionFailure("\(percent) % has too many decimals") }
    return units
  }
}
