import Kernel
import Testing

@testable import Budget

@Suite("Exchange")
struct ExchangeTests {
  private let ecb = """
    Date,USD,JPY,TRL,CZK,
    2026-04-13,1.2,180,N/A,25,
    2026-04-10,1.1,170,N/A,N/A,
    2026-04-09,1.15,175.5,N/A,24.5,
    """

  private func table() throws -> RateTable {
    try RateTable(ecb: TableFile(name: "rates.csv", bytes: Array((ecb + "\n").utf8)))
  }

  @Test("the ECB's history is read, and a day without rates takes the last one before it within a limit")
  func fallsBack() throws {
    let table = try table()
    let saturday = try LocalDate("2026-04-11")
    let conversion = try table.convert(euros("100.00"), to: .dollar, on: saturday)
    #expect(conversion.converted.description == "110.00 USD")
    #expect(try conversion.rate?.date == LocalDate("2026-04-10"))
    // The koruna was not published on the 10th.
    #expect(try table.convert(euros("1.00"), to: Currency("CZK"), on: saturday).converted.amountText == "24.50")
    #expect(try table.convert(euros("1.00"), to: .dollar).converted.amountText == "1.20")
    let late = try LocalDate("2026-04-30")
    #expect(throws: ExchangeError.noRateOn(.dollar, late, daysMax: 7)) {
      try table.rate(from: .euro, to: .dollar, on: late)
    }
    #expect(try table.rate(from: .euro, to: .dollar, on: late, daysMax: 17).date == LocalDate("2026-04-13"))
    #expect(throws: ExchangeError.noRate(try Currency("KWD"))) { try table.rate(from: .euro, to: Currency("KWD")) }
  }

  @Test("a cross rate goes through the euro once, and is kept with its day")
  func crosses() throws {
    // 100 USD at 1.2 is 83.333… EUR, at 180 is 15,000 JPY: rounding in between would give 14,999.
    let conversion = try table().convert(Money("100.00", .dollar), to: Currency("JPY"))
    #expect(conversion.converted.description == "15000 JPY")
    #expect(conversion.rate?.shown == "150")
    #expect(try table().convert(Money("7", Currency("JPY")), to: .dollar).converted.amountText == "0.05")
  }

  @Test("a stated rate goes before a published one")
  func states() throws {
    let stated = try table().stating([.dollar: DecimalFraction(2)], base: .euro)
    #expect(try stated.convert(euros("1.00"), to: .dollar).rate?.date == nil)
    #expect(try stated.convert(euros("1.00"), to: .dollar).converted.amountText == "2.00")
    #expect(try stated.convert(euros("1.00"), to: Currency("JPY")).converted.amountText == "180")
  }

  @Test("a stated rate of a currency that is not published leads to all that are")
  func bridges() throws {
    let dong = try Currency("VND")
    // A dollar is 25,000 dong and a euro 1.20 dollars: a euro is 30,000 dong, whichever of the two is the base.
    let byDollar = try table().stating([dong: DecimalFraction(25_000)], base: .dollar)
    #expect(try byDollar.convert(Money("30000", dong), to: .euro).converted.amountText == "1.00")
    #expect(try byDollar.convert(euros("2.00"), to: dong).converted.amountText == "60000")
    let byDong = try table().stating([.dollar: DecimalFraction("0.00004")], base: dong)
    #expect(try byDong.convert(Money("30000", dong), to: .euro).converted.amountText == "1.00")
    #expect(try byDong.convert(euros("2.00"), to: dong).converted.amountText == "60000")
    #expect(throws: ExchangeError.noRate(try Currency("KWD"))) { try byDong.rate(from: Currency("KWD"), to: dong) }
  }

  @Test(
    "a faulty file is told with its line",
    arguments: [
      ("Data,USD\n", ":1: the first line must be Date"), ("Date,USD\n2026-13-01,1\n", ":2: the date must be a day"),
      ("Date,USD\n2026-01-01,1,2\n", ":2: there are 2 rates for 1"),
      ("Date,USD\n2026-01-01,-1\n", ":2: the rate of USD"),
      ("Date,USD\n\n2026-01-01,1e10\n", ":3: the rate of USD"),
    ])
  func refuses(_ text: String, _ complaint: String) throws {
    let error = #expect(throws: TableError.self) { try RateTable(ecb: TableFile(name: "f", bytes: Array(text.utf8))) }
    #expect("\(try #require(error))".hasPrefix("f" + complaint), "\(String(describing: error))")
  }

  @Test(
    "converted there and back, an amount stays within one minor unit of the coarser currency", arguments: [3, 2026])
  func roundTrips(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let currencies = try ["EUR", "USD", "JPY", "KWD", "KRW", "CLF"].map { try Currency($0) }
    var checked = 0
    for _ in 0..<5000 {
      guard let from = currencies.randomElement(using: &random), let to = currencies.randomElement(using: &random),
        from != to
      else { continue }
      let rate = ExchangeRate(
        from: from, to: to, rate: DecimalFraction(.random(in: 1...2_000_000, using: &random), scale: 3))
      let amount = Money(minorUnits: .random(in: -1_000_000...1_000_000, using: &random), from)
      let back = try rate.inverse.convert(rate.convert(amount))
      // What one minor unit of the other currency is in this one's.
      let other = abs(try rate.inverse.convert(Money(minorUnits: 1_000_000, to)).minorUnits)
      let coarser = max(1, other / 1_000_000 + 1)
      #expect(abs(back.minorUnits - amount.minorUnits) <= coarser, "\(amount) \(rate.shown) \(back)")
      checked += 1
    }
    #expect(checked > 3000)
  }

  @Test("what does not fit is an overflow, not a wrong number")
  func overflows() throws {
    let rate = ExchangeRate(from: .euro, to: .dollar, rate: DecimalFraction(1_000_000))
    #expect(throws: MoneyError.overflow(.dollar)) { try rate.convert(Money(minorUnits: .max, .euro)) }
  }
}
