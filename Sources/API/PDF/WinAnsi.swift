/// Text in the Windows code page 1252, as the standard fonts of PDF have it.
enum WinAnsi {
  static let question = UInt8(ascii: "?")
  /// What stands between 0x80 and 0x9F; zero where nothing does.
  private static let upper: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  /// The bytes of a text; `?` for what the code page does not have, and for control characters.
  static func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { byte($0) ?? question } }

  /// The byte of a letter; nil for what the code page does not have, and for control characters.
  static func byte(_ letter: Unicode.Scalar) -> UInt8? {
    switch letter.value {
    case 0x20...0x7E, 0xA0...0xFF: UInt8(letter.value)
    default: upper.firstIndex(of: letter.value).map { UInt8(0x80 + $0) }
    }
  }
}

/// How wide the letters of Helvetica are, in thousandths of its size, from the font's published metrics.
enum Helvetica {
  private static let plain = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
  private static let bold = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
  ]

  /// The width of a text; letters outside ASCII count as wide as a digit, which places text that ends at the right only
  /// roughly.
  static func width(_ code: [UInt8], isBold: Bool) -> Int {
    let widths = isBold ? bold : plain
    return code.reduce(0) { $0 + ((0x20...0x7E).contains($1) ? widths[Int($1) - 0x20] : 556) }
  }
}
