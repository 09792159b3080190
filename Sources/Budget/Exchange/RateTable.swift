package import Kernel

/// Exchange rates by day, all against one base currency, as the European Central Bank publishes them.
///
/// A day without rates (weekends, holidays) takes the last one before it, within a limit. Rates that somebody states go
/// before published ones.
package struct RateTable: Sendable {
  /// How many days back a rate may lie: the longest closure, Easter, takes four.
  package static let daysMaxUsual = 7

  private var base: Currency
  /// Ascending.
  private var dates: [LocalDate] = []
  /// For each currency its rate of each date; zero where none was published.
  private var rates: [Currency: [DecimalFraction]] = [:]
  private var stated: [Currency: DecimalFraction] = [:]
  /// The table for currencies that this one does not know: one or none.
  private var published: [RateTable] = []

  /// No rates but those that are stated: one unit of `base` is so many of each.
  package init(base: Currency = .euro, stated: [Currency: DecimalFraction] = [:]) {
    self.base = base
    self.stated = stated
  }

  /// The days of the first and last rates; nil if there are none.
  package var days: ClosedRange<LocalDate>? {
    guard let first = dates.first, let last = dates.last else { return nil }
    return first...last
  }

  /// Rates that somebody states, one unit of `base` being so many of each, with this table for all others.
  ///
  /// They hold on every day and go before the published ones.
  package func stating(_ stated: [Currency: DecimalFraction], base: Currency) -> RateTable {
    var table = RateTable(base: base, stated: stated)
    table.published = [self]
    return table
  }

  /// The rate from one currency to another on a day, or the newest there is.
  package func rate(
    from: Currency, to: Currency, on day: LocalDate? = nil, daysMax: Int = RateTable.daysMaxUsual
  ) throws(ExchangeError) -> ExchangeRate {
    if let other = published.first, !(knows(from) && knows(to)) {
      return try bridged(from, to, other, on: day, daysMax)
    }
    let (divisor, divisorDate) = try value(of: from, on: day, daysMax)
    let (numerator, numeratorDate) = try value(of: to, on: day, daysMax)
    let date: LocalDate? =
      if let divisorDate, let numeratorDate { min(divisorDate, numeratorDate) } else { divisorDate ?? numeratorDate }
    return ExchangeRate(from: from, to: to, numerator: numerator, divisor: divisor, date: date)
  }

  /// An amount in another currency, with the rate and its day.
  package func convert(
    _ amount: Money, to currency: Currency, on day: LocalDate? = nil, daysMax: Int = RateTable.daysMaxUsual
  ) throws(ExchangeError) -> Conversion {
    if amount.currency == currency { return Conversion(original: amount, converted: amount, rate: nil) }
    let rate = try rate(from: amount.currency, to: currency, on: day, daysMax: daysMax)
    do throws(MoneyError) {
      return Conversion(original: amount, converted: try rate.convert(amount), rate: rate)
    } catch {
      throw .money(error)
    }
  }

  /// A rate of which at most one end is stated: from there to a currency that both tables know, and on from that.
  private func bridged(
    _ from: Currency, _ to: Currency, _ other: RateTable, on day: LocalDate?, _ daysMax: Int
  ) throws(ExchangeError) -> ExchangeRate {
    let bridges = [base] + stated.keys.sorted { $0.code < $1.code }
    guard knows(from) || knows(to), let bridge = bridges.first(where: other.knows), bridge != from, bridge != to else {
      return try other.rate(from: from, to: to, on: day, daysMax: daysMax)
    }
    if knows(from) {
      let start = try rate(from: from, to: bridge, on: day, daysMax: daysMax)
      return try start.then(other.rate(from: bridge, to: to, on: day, daysMax: daysMax))
    }
    let end = try rate(from: bridge, to: to, on: day, daysMax: daysMax)
    return try other.rate(from: from, to: bridge, on: day, daysMax: daysMax).then(end)
  }

  private func knows(_ currency: Currency) -> Bool {
    currency == base || stated[currency] != nil || rates[currency] != nil
  }

  /// What one base unit is in a currency, and since when.
  private func value(
    of currency: Currency, on day: LocalDate?, _ daysMax: Int
  ) throws(ExchangeError) -> (DecimalFraction, LocalDate?) {
    if currency == base { return (.one, nil) }
    if let rate = stated[currency] { return (rate, nil) }
    guard let column = rates[currency] else { throw .noRate(currency) }
    var index = dates.count - 1
    if let day {
      // The newest date that is not after the day.
      var (low, high) = (0, dates.count)
      while low < high {
        let middle = (low + high) / 2
        if dates[middle] <= day { low = middle + 1 } else { high = middle }
      }
      index = low - 1
    }
    while index >= 0 {
      if let day, dates[index].days(until: day) > daysMax { break }
      if column[index].significand > 0 { return (column[index], dates[index]) }
      index -= 1
    }
    guard let day else { throw .noRate(currency) }
    throw .noRateOn(currency, day, daysMax: daysMax)
  }
}

extension RateTable {
  /// Reads the history that the European Central Bank publishes.
  ///
  /// That is `eurofxref-hist.csv`: `Date,USD,…`, one line per day, `N/A` where there is no rate. Columns of currencies
  /// that ISO 4217 no longer knows are passed over.
  package init(ecb file: TableFile) throws(TableError) {
    self.init(base: .euro)
    var reader = FieldReader(file.bytes)
    var columns: [Currency?] = []
    var lines: [(date: LocalDate, values: [DecimalFraction])] = []
    while let (line, fields) = reader.next() {
      func error(_ complaint: String) -> TableError { TableError(file: file.name, line: line, complaint: complaint) }
      if columns.isEmpty {
        guard fields[0] == "Date", fields.count > 1 else {
          throw error("the first line must be Date and the codes of currencies, as the ECB publishes them")
        }
        // A code that is not known any more is passed over: its column is read and dropped.
        columns = fields.dropFirst().map { code in Currency.all.first { $0.code == code } }
        continue
      }
      let values = fields.dropFirst()
      guard values.count == columns.count else {
        throw error("there are \(values.count) rates for \(columns.count) currencies: mend the commas")
      }
      lines.append((try RateTable.date(fields[0], error), try RateTable.rates(values, columns, error)))
    }
    if columns.isEmpty { throw TableError(file: file.name, line: 1, complaint: "the file is empty: restore it") }
    lines.sort { $0.date < $1.date }
    dates = lines.map(\.date)
    for (index, currency) in columns.enumerated() {
      if let currency { rates[currency] = lines.map { $0.values[index] } }
    }
  }

  private static func date(_ text: String, _ error: (String) -> TableError) throws(TableError) -> LocalDate {
    do throws(CivilTextError) {
      return try LocalDate(text)
    } catch let reason {
      throw error("the date \(reason)")
    }
  }

  private static func rates(
    _ values: ArraySlice<String>, _ columns: [Currency?], _ error: (String) -> TableError
  ) throws(TableError) -> [DecimalFraction] {
    var result: [DecimalFraction] = []
    for (currency, text) in zip(columns, values) {
      guard let currency, !text.isEmpty, text != "N/A" else {
        result.append(.zero)
        continue
      }
      do throws(DecimalTextError) {
        let rate = try DecimalFraction(text)
        guard rate.significand > 0 else { throw DecimalTextError.notADecimal(text) }
        result.append(rate)
      } catch let reason {
        throw error("the rate of \(currency) \(reason)")
      }
    }
    return result
  }
}
