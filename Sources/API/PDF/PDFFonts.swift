/// Fonts for what Helvetica cannot write: those of Debian's packages that are there, in the order in which they are asked.
enum PDFFonts {
  /// Free fonts that may be embedded: fonts-dejavu-core (Latin, Greek, Cyrillic, Hebrew, Arabic) and fonts-droid-fallback
  /// (Chinese, Japanese, Korean).
  private static let paths = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
  ]

  /// Read once, when the first invoice needs them.
  static let installed: [TrueTypeFont] = paths.compactMap { TrueTypeFont(path: $0) }
}

/// Letters of one embedded font that a document uses.
struct PDFLetters {
  let font: TrueTypeFont
  /// What was asked for, in the order of the small font's glyphs from one.
  private(set) var letters: [Unicode.Scalar] = []
  private var glyphs: [Int] = []
  private var numbers: [Unicode.Scalar: Int] = [:]

  init(_ font: TrueTypeFont) { self.font = font }

  /// The number of a letter in the small font, and how wide it is; nil where the font has none.
  mutating func number(of letter: Unicode.Scalar) -> (number: Int, width: Int)? {
    if let number = numbers[letter] { return (number, font.width(of: glyphs[number - 1])) }
    // Numbers have sixteen bits.
    guard letters.count < 0xFFFF, let glyph = font.glyph(of: letter) else { return nil }
    letters.append(letter)
    glyphs.append(glyph)
    numbers[letter] = letters.count
    return (letters.count, font.width(of: glyph))
  }

  /// The objects of the font in a file, the first of which pages name; `first` is its number.
  func objects(named name: String, from first: Int) -> [[UInt8]] {
    let small = font.subset(glyphs)
    let widths = ([font.width(of: 0)] + glyphs.map { font.width(of: $0) }).map(String.init).joined(separator: " ")
    let box = font.box.map(String.init).joined(separator: " ")
    return [
      Array(
        "<< /Type /Font /Subtype /Type0 /BaseFont /\(name) /Encoding /Identity-H /DescendantFonts [\(first + 1) 0 R] /ToUnicode \(first + 4) 0 R >>"
          .utf8),
      Array(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /\(name) /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor \(first + 2) 0 R /W [0 [\(widths)]] /CIDToGIDMap /Identity >>"
          .utf8),
      Array(
        "<< /Type /FontDescriptor /FontName /\(name) /Flags 4 /FontBBox [\(box)] /ItalicAngle 0 /Ascent \(font.ascent) /Descent \(font.descent) /CapHeight \(font.ascent) /StemV 80 /FontFile2 \(first + 3) 0 R >>"
          .utf8),
      PDFDocument.stream(small, more: " /Length1 \(small.count)"), PDFDocument.stream(meaning),
    ]
  }

  /// Objects of one font.
  static let objectCount = 5

  /// Which letter each glyph stands for, so that text can be searched and copied.
  private var meaning: [UInt8] {
    var text = """
      /CIDInit /ProcSet findresource begin
      12 dict begin
      begincmap
      /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
      /CMapName /Adobe-Identity-UCS def
      /CMapType 2 def
      1 begincodespacerange
      <0000> <FFFF>
      endcodespacerange

      """
    // At most a hundred in a block.
    for start in stride(from: 0, to: letters.count, by: 100) {
      let block = letters[start..<min(letters.count, start + 100)]
      text += "\(block.count) beginbfchar\n"
      for (offset, letter) in block.enumerated() {
        let units = String(letter).utf16.map { PDFDocument.fourDigits(Int($0)) }.joined()
        text += "<\(PDFDocument.fourDigits(start + offset + 1))> <\(units)>\n"
      }
      text += "endbfchar\n"
    }
    text += "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    return Array(text.utf8)
  }
}
