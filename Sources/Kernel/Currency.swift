/// Why a text names no currency that amounts can be in.
public enum CurrencyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not a code of ISO 4217.
  case unknown(String)
  /// A code of ISO 4217 that has no minor unit: metals, units of account, tests.
  case withoutMinorUnit(String)

  /// What must be there instead: "must be …".
  public var description: String {
    switch self {
    case .unknown(let code):
      "must be an ISO 4217 code in capital letters like EUR, found \"\(code.prefix(40))\""
    case .withoutMinorUnit(let code):
      "must be a currency that is paid with, found \(code), which ISO 4217 gives no minor unit"
    }
  }
}

/// A currency of ISO 4217: its code and how many decimals its minor unit is.
///
/// Every current code is known, and those withdrawn since 2007 that dated exchange rates still name.
public struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The letters as a number in base 26, so that order is alphabetical.
  private let letters: UInt16
  /// How many decimals the minor unit has: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar.
  public let exponent: UInt8

  private init(letters: UInt16, exponent: UInt8) {
    self.letters = letters
    self.exponent = exponent
  }

  /// The euro.
  public static let euro = Currency(known: "EUR", exponent: 2)
  /// The United States dollar.
  public static let dollar = Currency(known: "USD", exponent: 2)

  private init(known code: StaticString, exponent: UInt8) {
    let letters = code.withUTF8Buffer { Currency.number(of: $0) }
    precondition(letters != nil, "a currency has three capital letters")
    self.init(letters: letters ?? 0, exponent: exponent)
  }

  /// The currency of a code, in capital letters.
  ///
  /// - Throws: ``CurrencyError`` for a code that ISO 4217 does not have, or that nobody can pay with.
  public init(_ code: some StringProtocol) throws(CurrencyError) {
    let number = Currency.number(of: Array(code.utf8))
    guard let number, let exponent = Currency.exponents[number] else { throw .unknown(String(code)) }
    guard exponent != CurrencyTable.none else { throw .withoutMinorUnit(String(code)) }
    self.init(letters: number, exponent: exponent)
  }

  /// The three letters.
  public var code: String {
    let value = Int(letters)
    return String(
      decoding: [value / 676, value / 26 % 26, value % 26].map { UInt8(ascii: "A") + UInt8($0) }, as: UTF8.self)
  }

  /// Whether ISO 4217 still lists it.
  public var isCurrent: Bool { !Currency.withdrawn.contains(letters) }

  /// How many minor units one unit has: 100 for the euro.
  public var minorUnitsPerUnit: Int64 { powerOfTen(Int(exponent)) }

  /// The code.
  public var description: String { code }

  /// Whether one code comes before another in the alphabet.
  public static func < (left: Currency, right: Currency) -> Bool { left.letters < right.letters }

  /// Every currency that can be paid with, in the order of the codes.
  public static let all: [Currency] = exponents.filter { $0.value != CurrencyTable.none }
    .map { Currency(letters: $0.key, exponent: $0.value) }.sorted()

  private static let exponents: [UInt16: UInt8] = {
    var result: [UInt16: UInt8] = [:]
    for (exponent, codes) in CurrencyTable.rows {
      for code in codes.utf8.split(separator: UInt8(ascii: " ")) {
        if let number = number(of: code) { result[number] = exponent }
      }
    }
    return result
  }()

  private static let withdrawn = Set(
    CurrencyTable.withdrawn.utf8.split(separator: UInt8(ascii: " ")).compactMap { number(of: $0) })

  private static func number(of code: some Collection<UInt8>) -> UInt16? {
    guard code.count == 3 else { return nil }
    var value: UInt16 = 0
    for byte in code {
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { return nil }
      value = value * 26 + UInt16(byte - UInt8(ascii: "A"))
    }
    return value
  }
}

/// ISO 4217 list one as of January 2026 (with the Caribbean guilder, the Zimbabwe gold, and Bulgaria in the euro).
private enum CurrencyTable {
  /// Stands for "no minor unit".
  static let none: UInt8 = 255

  static let withdrawn = "ANG BGN CYP EEK HRK LTL LVL MTL SIT SKK SLL ZWL"

  static let rows: [(UInt8, String)] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
    (none, "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"),
    (2, withdrawn),
    (
      2,
      """
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY \
      COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
      INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR \
      MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP \
      STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
      """
    ),
  ]
}
