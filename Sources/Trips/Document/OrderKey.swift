/// A place in an order, between any two others: a fraction between 0 and 1, its digits to the base 62.
///
/// Idea: whoever moves something gives it a key between its new neighbours, and nobody else's key changes, so that moves
/// of different things never meet. Invariant: a key has at least one digit and never ends with the least digit, or
/// nothing would fit between it and its own beginning. Cost: a key at the end or the beginning of a list is at most a
/// digit longer than the one beside it after thousands of such; one in the middle grows by a digit with every sixth. A
/// list whose keys get longer than ``digitsMax`` is given new ones.
package struct OrderKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Digits from which on a list is given new keys.
  package static let digitsMax = 24
  /// How many digits count as the step from one key to the next at either end of a list.
  private static let stepDigits = 3
  private static let base = 62

  /// Values from 0 to 61, most significant first.
  private let digits: [UInt8]

  private init(digits: [UInt8]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    self.digits = digits
  }

  /// Reads what `description` writes; nil for anything else.
  package init?(_ text: String) {
    var digits: [UInt8] = []
    for byte in text.utf8 {
      guard let digit = OrderKey.value(of: byte) else { return nil }
      digits.append(digit)
    }
    guard let last = digits.last, last != 0, digits.count <= 4 * OrderKey.digitsMax else { return nil }
    self.digits = digits
  }

  /// Digits, letters in upper case, letters in lower case: bytes compare as keys do.
  package var description: String { String(decoding: digits.map(OrderKey.letter), as: UTF8.self) }

  /// How long it is.
  package var length: Int { digits.count }

  package static func < (one: OrderKey, other: OrderKey) -> Bool {
    one.digits.lexicographicallyPrecedes(other.digits)
  }

  /// A key between two others; nil stands for the end of the list on that side.
  ///
  /// - Returns: the key, or nil when there is nothing between because the first is not below the second.
  package static func between(_ low: OrderKey?, _ high: OrderKey?) -> OrderKey? {
    switch (low, high) {
    case (nil, nil): OrderKey(digits: [UInt8(base / 2)])
    case (let low?, nil): stepped(low, by: 1) ?? OrderKey(digits: middle(low.digits[...], nil))
    case (nil, let high?): stepped(high, by: -1) ?? OrderKey(digits: middle([], high.digits[...]))
    case (let low?, let high?): low < high ? OrderKey(digits: middle(low.digits[...], high.digits[...])) : nil
    }
  }

  /// As many keys as wanted, in order and evenly spread.
  package static func spread(_ count: Int) -> [OrderKey] {
    var width = 1
    var room = base
    while room < 4 * (count + 1) {
      width += 1
      room *= base
    }
    return (1...max(count, 1)).prefix(count).map { number in
      var rest = number * room / (count + 1)
      var digits = [UInt8](repeating: 0, count: width)
      for place in digits.indices.reversed() {
        digits[place] = UInt8(rest % base)
        rest /= base
      }
      return OrderKey(digits: digits)
    }
  }

  /// The next key of few digits, so that lists that grow at an end keep short keys; nil where there is none.
  private static func stepped(_ key: OrderKey, by step: Int) -> OrderKey? {
    var number = 0
    for place in 0..<stepDigits { number = number * base + (place < key.digits.count ? Int(key.digits[place]) : 0) }
    // Downwards, what is cut off lies above the number that is left: that number itself is below the key.
    if step > 0 || key.digits.count <= stepDigits { number += step }
    if number % base == 0 { number += step }
    guard number > 0, number < base * base * base else { return nil }
    return OrderKey(digits: [number / (base * base), number / base % base, number % base].map { UInt8($0) })
  }

  /// The digits halfway between two fractions, the first below the second; nil is 1.
  private static func middle(_ low: ArraySlice<UInt8>, _ high: ArraySlice<UInt8>?) -> [UInt8] {
    var result: [UInt8] = []
    var low = low
    var high = high
    while true {
      let below = Int(low.popFirst() ?? 0)
      // Behind its last digit the upper bound has zeros; that it is above is known by then.
      let above = high.map { $0.isEmpty ? 0 : Int($0[$0.startIndex]) } ?? base
      if below == above {
        result.append(UInt8(below))
        high = high?.dropFirst()
      } else if above - below > 1 {
        result.append(UInt8((below + above) / 2))
        return result
      } else {
        // Neighbouring digits: keep the lower one, and go anywhere above what follows it.
        result.append(UInt8(below))
        high = nil
      }
    }
  }

  private static func letter(_ digit: UInt8) -> UInt8 {
    switch digit {
    case 0..<10: UInt8(ascii: "0") + digit
    case 10..<36: UInt8(ascii: "A") + digit - 10
    default: UInt8(ascii: "a") + digit - 36
    }
  }

  private static func value(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 36
    default: nil
    }
  }
}
