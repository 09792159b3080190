package import Budget
package import JSON
package import Kernel

// How money and its neighbours are read from JSON: amounts are text or numbers in plain decimals, never doubles.

extension JSONNode {
  /// Digits as they were written: in a string or as a number.
  package func decimalDigits() throws(JSONError) -> String {
    switch kind {
    case .string: try string
    case .number: try decimalText
    default: throw wrongType("an amount like \"12.50\"")
    }
  }

  /// An amount in a currency.
  package func money(_ currency: Currency) throws(JSONError) -> Money {
    let text = try decimalDigits()
    do throws(MoneyError) { return try Money(text, currency) } catch { throw fault("\(error)") }
  }

  /// An amount that is not below zero.
  package func cost(_ currency: Currency) throws(JSONError) -> Money {
    let amount = try money(currency)
    if amount.isNegative { throw fault("must not be below zero, found \(amount.amountText)") }
    return amount
  }

  /// A plain decimal.
  package func decimal() throws(JSONError) -> DecimalFraction {
    let text = try decimalDigits()
    do throws(DecimalTextError) { return try DecimalFraction(text) } catch { throw fault("\(error)") }
  }

  /// A percentage from 0 to 100.
  package func percentage() throws(JSONError) -> DecimalFraction {
    let percent = try decimal()
    guard (DecimalFraction.zero...DecimalFraction(100)).contains(percent), percent.scale <= 6 else {
      throw fault("must be a percentage from 0 to 100 with at most six decimals, found \(percent)")
    }
    return percent
  }

  /// A currency's code, with the nearest where it is none.
  package func currency() throws(JSONError) -> Currency {
    let text = try string
    do throws(CurrencyError) {
      return try Currency(text)
    } catch {
      let nearest = nearestName(to: text, among: Currency.all.map(\.code)).map { ": did you mean \($0)?" } ?? ""
      throw fault("\(error)\(nearest)")
    }
  }

  /// A day from 1900 to 2999.
  package func date() throws(JSONError) -> LocalDate {
    let text = try string
    do throws(CivilTextError) {
      let date = try LocalDate(text)
      // Trips and windows around them stay within the calendar.
      guard (1900...2999).contains(date.civil.year) else { throw CivilTextError.noSuchDay(text) }
      return date
    } catch {
      throw fault("\(error)")
    }
  }

  /// A category of costs.
  package func category() throws(JSONError) -> CostCategory {
    let text = try string
    guard let category = CostCategory(text) else {
      let usual = CostCategory.usual.map(\.name)
      let mend =
        nearestName(to: text, among: usual).map { "did you mean \"\($0)\"?" }
        ?? "such as \(usual.joined(separator: ", "))"
      throw invalid("must be a category in small letters, digits and hyphens: \(mend)")
    }
    return category
  }

  /// One of some words, told with the nearest.
  package func word(of words: [String], _ what: String) throws(JSONError) -> String {
    let text = try string
    guard words.contains(text) else {
      let mend =
        nearestName(to: text, among: words).map { "did you mean \"\($0)\"?" }
        ?? "it must be one of \(words.joined(separator: ", "))"
      throw fault("must be \(what), found \"\(text.prefix(40))\": \(mend)")
    }
    return text
  }
}

extension Dictionary<Currency, DecimalFraction> {
  /// Reads `{"base": "EUR", "USD": "1.10"}`: one unit of the base, or of `currency`, is so many of each.
  static func rates(
    _ node: JSONNode, base currency: Currency
  ) throws(JSONError) -> (base: Currency, rates: [Currency: DecimalFraction]) {
    var base = currency
    var rates: [Currency: DecimalFraction] = [:]
    for (name, value) in try node.members {
      if name == "base" {
        base = try value.currency()
        continue
      }
      let currency: Currency
      do throws(CurrencyError) {
        currency = try Currency(name)
      } catch {
        throw value.fault("\(error): name a currency, as in {\"base\": \"EUR\", \"USD\": \"1.10\"}")
      }
      let rate = try value.decimal()
      guard rate > .zero else { throw value.fault("must be a rate above zero, found \(rate)") }
      rates[currency] = rate
    }
    return (base, rates)
  }
}
