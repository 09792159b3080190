import Testing

@testable import Kernel

@Suite("Money")
struct MoneyTests {
  private func euros(_ text: String) throws -> Money { try Money(text, .euro) }

  @Test("ISO 4217 is known whole, with its exponents")
  func currencies() throws {
    #expect(Currency.all.count(where: \.isCurrent) == 165)
    #expect(try Currency("JPY").exponent == 0)
    #expect(try Currency("KWD").exponent == 3)
    #expect(try Currency("CLF").exponent == 4)
    #expect(try Currency("EUR") == .euro)
    #expect(Currency.euro.code == "EUR")
    #expect(Currency.all.map(\.code) == Currency.all.map(\.code).sorted())
    #expect(try Currency("BGN").isCurrent == false)
    for code in ["eur", "EURO", "", "E1R", "ZZZ", "ÄÖÜ"] {
      #expect(throws: CurrencyError.unknown(code)) { try Currency(code) }
    }
    #expect(throws: CurrencyError.withoutMinorUnit("XAU")) { try Currency("XAU") }
  }

  @Test("machines read and write a point and all decimals, and nothing else is an amount")
  func machineText() throws {
    #expect(try euros("12.50").minorUnits == 1250)
    #expect(try euros("12.5").amountText == "12.50")
    #expect(try euros("-0.05").amountText == "-0.05")
    #expect(try Money("1200", Currency("JPY")).description == "1200 JPY")
    #expect(try Money("1.005", Currency("KWD")).minorUnits == 1005)
    #expect(try euros("-92233720368547758.08").minorUnits == .min)
    #expect(throws: MoneyError.overflow(.euro)) { try euros("92233720368547758.08") }
    #expect(throws: MoneyError.tooManyDecimals("1.005", .euro)) { try euros("1.005") }
    #expect(throws: MoneyError.tooManyDecimals("1.5", try Currency("JPY"))) { try Money("1.5", Currency("JPY")) }
    for text in ["", "-", ".5", "5.", "+5", "1e3", "1e9999999999", "1,50", "1 000", "٣", "0x1", "1.2.3", "--1"] {
      #expect(throws: MoneyError.notAnAmount(text, example: "12.50")) { try euros(text) }
    }
  }

  @Test("people's separators are given explicitly, and a group has three digits")
  func peopleText() throws {
    let swiss = MoneyNotation(decimalSeparator: ".", groupSeparator: "’", isCodeFirst: true)
    let amount = try euros("1234567.80")
    #expect(amount.text(.comma) == "1.234.567,80 EUR")
    #expect(amount.text(.point) == "1,234,567.80 EUR")
    #expect(amount.text(swiss) == "EUR 1’234’567.80")
    #expect(try Money(minorUnits: -999, Currency("JPY")).text(.point) == "-999 JPY")
    for notation in [MoneyNotation.comma, .point, swiss] {
      let text = amount.text(notation, withCode: false)
      #expect(try Money(text, .euro, notation: notation) == amount)
    }
    #expect(try Money("1234,5", .euro, notation: .comma).minorUnits == 123_450)
    for text in ["1.5", "12.34,00", "1.2345,00", "1234.567"] {
      #expect(throws: MoneyError.self) { try Money(text, .euro, notation: .comma) }
    }
  }

  @Test("a sum that leaves 64 bits, or mixes currencies, is an error")
  func arithmetic() throws {
    let most = Money(minorUnits: .max, .euro)
    #expect(throws: MoneyError.overflow(.euro)) { try most.adding(euros("0.01")) }
    #expect(throws: MoneyError.overflow(.euro)) { try most.multiplied(by: 2) }
    #expect(throws: MoneyError.overflow(.euro)) { try Money(minorUnits: .min, .euro).negated() }
    #expect(throws: MoneyError.overflow(.euro)) { try most.scaled(by: 3, over: 2) }
    #expect(throws: MoneyError.currencyMismatch(.euro, .dollar)) { try most.adding(.zero(.dollar)) }
    // 10.05 × 1.5 = 15.075, a half away from zero; 0.19 of it is 1.9095.
    #expect(try euros("10.05").multiplied(by: DecimalFraction("1.5")).amountText == "15.08")
    #expect(try euros("-10.05").multiplied(by: DecimalFraction("1.5")).amountText == "-15.08")
    #expect(try euros("10.05").scaled(by: 3, over: 2, rounding: .halfToEven).amountText == "15.08")
    #expect(try euros("0.05").scaled(by: 1, over: 2, rounding: .halfToEven).amountText == "0.02")
    #expect(try euros("10.05").scaled(by: 19, over: 100, rounding: .up).amountText == "1.91")
    #expect(try euros("10.05").scaled(by: 19, over: 100, rounding: .down).amountText == "1.90")
    #expect(throws: MoneyError.zeroDivisor) { try most.scaled(by: 1, over: 0) }
  }

  @Test("allocations always sum to the amount, and each part is its quota rounded down or up", arguments: [1, 7, 2026])
  func allocationsSum(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      let amount = Money(minorUnits: .random(in: -1_000_000...1_000_000, using: &random), .euro)
      // Up to sixteen parts are looked through, more are sorted.
      var weights = (0..<Int.random(in: 1...24, using: &random)).map { _ in UInt32.random(in: 0...50, using: &random) }
      weights[0] += 1
      let parts = try amount.allocated(by: weights)
      #expect(parts.reduce(0) { $0 + $1.minorUnits } == amount.minorUnits)
      let total = weights.reduce(0) { $0 + Int64($1) }
      for (part, weight) in zip(parts, weights) {
        let exact = amount.minorUnits * Int64(weight)
        #expect(abs(part.minorUnits * total - exact) < total)
      }
    }
    let huge = try Money(minorUnits: .max, .euro).allocated(byWide: [.max - 1, 1])
    #expect(huge.map(\.minorUnits) == [.max - 1, 1])
  }

  @Test("the leftover cent goes to whose turn it is")
  func leftoverRotates() throws {
    // 10.00 by three: 3.33 each and one cent over.
    let amount = try euros("10.00")
    #expect(try amount.allocated(by: [1, 1, 1]).map(\.minorUnits) == [334, 333, 333])
    #expect(try amount.allocated(by: [1, 1, 1], turns: [1, 0, 0]).map(\.minorUnits) == [333, 334, 333])
    #expect(try amount.allocated(by: [1, 1, 1], turns: [1, 1, 0]).map(\.minorUnits) == [333, 333, 334])
    // The larger remainder goes before any turn: 1.00 by 2 and 1 is 66.67 and 33.33.
    #expect(try euros("1.00").allocated(by: [2, 1], turns: [9, 0]).map(\.minorUnits) == [67, 33])
    #expect(throws: MoneyError.noWeight) { try amount.allocated(by: [0, 0]) }
    #expect(throws: MoneyError.noWeight) { try amount.allocated(by: []) }
    #expect(throws: MoneyError.weightsTooLarge) { try amount.allocated(byWide: [.max, .max]) }
  }

  @Test("a bag keeps currencies apart and forgets what comes to nothing")
  func bag() throws {
    var bag = try MoneyBag([euros("5.00"), Money("300", Currency("JPY")), euros("7.50")])
    #expect(bag.description == "12.50 EUR + 300 JPY")
    try bag.add(euros("-12.50"))
    #expect(bag.amounts == [try Money("300", Currency("JPY"))])
    #expect(bag.amount(in: .euro).isZero)
  }
}

@Suite("Decimal fractions")
struct DecimalFractionTests {
  @Test("a decimal is kept exactly, equal numbers are equal, and an exponent is refused")
  func text() throws {
    #expect(try DecimalFraction("1.1684").significand == 11_684)
    #expect(try DecimalFraction("-0.0350") == DecimalFraction("-0.035"))
    #expect(try DecimalFraction("100").description == "100")
    #expect(try DecimalFraction("0.05").description == "0.05")
    #expect(try DecimalFraction("0.1") < DecimalFraction("0.11"))
    #expect(try DecimalFraction("2.5").units(scale: 2) == 250)
    #expect(try DecimalFraction("2.555").units(scale: 2) == nil)
    for text in ["", "1e3", "1e9999999999", ".5", "5.", "+1", "1,5", "1..2"] {
      #expect(throws: DecimalTextError.notADecimal(text)) { try DecimalFraction(text) }
    }
    #expect(throws: DecimalTextError.tooManyDigits("1234567890123456789")) {
      try DecimalFraction("1234567890123456789")
    }
  }
}
