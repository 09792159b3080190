import Glibc

/// A text file of numbers, line by line, each exact to six decimals.
struct NumberTable {
  /// One number: millionths, and how many decimals were written.
  struct Number {
    let millionths: Int
    let decimals: Int

    /// In units of which `perOne` make one; rounded down.
    func units(_ perOne: Int) -> Int { floorDivided(millionths * perOne, by: 1_000_000) }
    /// The same, rounded up.
    func unitsUp(_ perOne: Int) -> Int { -floorDivided(-millionths * perOne, by: 1_000_000) }
    var whole: Int { units(1) }
  }

  /// The lines that have numbers.
  let lines: [[Number]]

  /// Reads a file; blanks, tabs and semicolons separate.
  ///
  /// - Throws: `BenchmarkError.usage` for a file that cannot be read or holds something else than numbers.
  init(path: String) throws(BenchmarkError) {
    guard let bytes = NumberTable.bytes(path) else { throw .usage("\(path) cannot be read; name an instance's file") }
    var lines: [[Number]] = []
    var line: [Number] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 10 {
        if !line.isEmpty { lines.append(line) }
        line = []
        index += 1
      } else if line.isEmpty, byte == UInt8(ascii: "-"), index + 1 < bytes.count, bytes[index + 1] == byte {
        // A line of dashes is drawn, not meant.
        while index < bytes.count, bytes[index] != 10 { index += 1 }
      } else if byte == 32 || byte == 9 || byte == 13 || byte == UInt8(ascii: ";") {
        index += 1
      } else {
        guard let number = NumberTable.number(bytes, &index) else {
          throw .usage("line \(lines.count + 1) of \(path) holds something that is no number")
        }
        line.append(number)
      }
    }
    if !line.isEmpty { lines.append(line) }
    self.lines = lines
  }

  private static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return ferror(file) == 0 ? result : nil }
      result += chunk[0..<count]
      if result.count > 200_000_000 { return nil }
    }
  }

  private static func number(_ bytes: [UInt8], _ index: inout Int) -> Number? {
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var (value, digits, decimals) = (0, 0, -1)
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else if byte &- 48 < 10 {
        if decimals < 6 {
          value = value * 10 + Int(byte - 48)
          if decimals >= 0 { decimals += 1 }
        }
        digits += 1
      } else {
        break
      }
      if digits > 15 { return nil }
      index += 1
    }
    if digits == 0 { return nil }
    let written = max(0, decimals)
    for _ in written..<6 { value *= 10 }
    return Number(millionths: isNegative ? -value : value, decimals: written)
  }
}

func floorDivided(_ value: Int, by divisor: Int) -> Int {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}

/// The whole part of a square root.
func wholeRoot(_ value: Int) -> Int {
  var root = Int(Double(value).squareRoot())
  while root * root > value { root -= 1 }
  while (root + 1) * (root + 1) <= value { root += 1 }
  return root
}
