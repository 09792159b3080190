/// How people of some place write amounts; given explicitly, never guessed from the surroundings.
public struct MoneyNotation: Hashable, Sendable {
  /// Between units and decimals.
  public var decimalSeparator: Character
  /// Between groups of three digits; nil for none.
  public var groupSeparator: Character?
  /// Whether the code stands before the amount.
  public var isCodeFirst: Bool

  /// A notation.
  public init(decimalSeparator: Character, groupSeparator: Character?, isCodeFirst: Bool = false) {
    self.decimalSeparator = decimalSeparator
    self.groupSeparator = groupSeparator
    self.isCodeFirst = isCodeFirst
  }

  /// `1,234.50 EUR`.
  public static let point = MoneyNotation(decimalSeparator: ".", groupSeparator: ",")
  /// `1.234,50 EUR`.
  public static let comma = MoneyNotation(decimalSeparator: ",", groupSeparator: ".")
}

extension Money {
  /// Reads `12.50`, `-3` or `12.5` as machines write it: a point, no grouping, no exponent, no more decimals than the
  /// currency has.
  public init(_ text: some StringProtocol, _ currency: Currency) throws(MoneyError) {
    let machine = MoneyNotation(decimalSeparator: ".", groupSeparator: nil)
    self = try Money(text, currency, notation: machine)
  }

  /// Reads an amount as people write it: `1.234,50` with ``MoneyNotation/comma``.
  ///
  /// Groups, where there are any, have three digits; `1.5` in a notation whose group separator is the point is
  /// therefore refused rather than taken for 15.
  public init(_ text: some StringProtocol, _ currency: Currency, notation: MoneyNotation) throws(MoneyError) {
    var reader = AmountReader(Array(text), notation)
    guard let parts = reader.read() else {
      throw .notAnAmount(String(text), example: Money(minorUnits: 1250, currency).text(notation, withCode: false))
    }
    guard parts.decimals.count <= Int(currency.exponent) else { throw .tooManyDecimals(String(text), currency) }
    let padding = repeatElement(UInt8(0), count: Int(currency.exponent) - parts.decimals.count)
    var value: Int64 = 0
    for digit in parts.units + parts.decimals + padding {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      // Subtracting keeps the least number, which has no positive counterpart, readable.
      let (sum, overflowToo) = tenfold.subtractingReportingOverflow(Int64(digit))
      if overflow || overflowToo { throw .overflow(currency) }
      value = sum
    }
    if !parts.isNegative {
      guard value != .min else { throw .overflow(currency) }
      value = -value
    }
    self.init(minorUnits: value, currency)
  }

  /// As people write it, with or without the currency's code.
  public func text(_ notation: MoneyNotation, withCode: Bool = true) -> String {
    let plain = decimalText(minorUnits, scale: Int(currency.exponent)).drop { $0 == "-" }
    let parts = plain.split(separator: ".")
    var units = String(parts[0])
    if let separator = notation.groupSeparator {
      var grouped = ""
      for (index, digit) in units.enumerated() {
        if index > 0, (units.utf8.count - index) % 3 == 0 { grouped.append(separator) }
        grouped.append(digit)
      }
      units = grouped
    }
    let amount = (isNegative ? "-" : "") + units + (parts.count > 1 ? "\(notation.decimalSeparator)\(parts[1])" : "")
    if !withCode { return amount }
    return notation.isCodeFirst ? "\(currency) \(amount)" : "\(amount) \(currency)"
  }
}

/// Takes an amount apart.
private struct AmountReader {
  private let characters: [Character]
  private let notation: MoneyNotation
  private var place = 0

  init(_ characters: [Character], _ notation: MoneyNotation) {
    self.characters = characters
    self.notation = notation
  }

  mutating func read() -> (isNegative: Bool, units: [UInt8], decimals: [UInt8])? {
    let isNegative = take("-")
    var units = digits()
    guard !units.isEmpty else { return nil }
    if let separator = notation.groupSeparator, units.count <= 3 {
      while take(separator) {
        let group = digits()
        guard group.count == 3 else { return nil }
        units += group
      }
    }
    var decimals: [UInt8] = []
    if take(notation.decimalSeparator) {
      decimals = digits()
      guard !decimals.isEmpty else { return nil }
    }
    return place == characters.count ? (isNegative, units, decimals) : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard place < characters.count, characters[place] == character else { return false }
    place += 1
    return true
  }

  private mutating func digits() -> [UInt8] {
    var result: [UInt8] = []
    while place < characters.count, let digit = characters[place].asciiValue,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
    {
      result.append(digit - UInt8(ascii: "0"))
      place += 1
    }
    return result
  }
}
