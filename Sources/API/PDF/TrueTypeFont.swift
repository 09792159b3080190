import Glibc

/// A TrueType font as it lies on disk: which letters it has, how wide they are, and a small font of some of them.
///
/// What is read is what the OpenType specification says of `cmap` (formats 4 and 12), `loca`, `glyf` and `hmtx`. A place
/// outside of the file reads as nought, so that a broken font lacks letters and harms nobody.
struct TrueTypeFont: Sendable {
  private static let bytesMax = 64 << 20
  private static let tablesMax = 64
  /// Parts of letters in a small font, of one letter, and bytes of one outline: sound fonts stay far below.
  private static let (partsMax, partsOfLetterMax, outlineBytesMax) = (2000, 64, 1 << 16)

  private let bytes: [UInt8]
  private let tables: [String: Range<Int>]
  private let letters: (place: Int, isWide: Bool)
  private let glyphCount: Int
  private let widthCount: Int
  private let hasLongPlaces: Bool
  private let unitsPerEm: Int

  /// Reads a font.
  ///
  /// - Returns: nil for what is no TrueType font, or lacks a table that is needed.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    let reader = ByteReader(bytes: bytes)
    // A collection begins with the places of its fonts, of which the first is taken.
    let start = reader.word(0) == 0x7474_6366 ? reader.word(12) : 0
    guard [0x0001_0000, 0x7472_7565].contains(reader.word(start)) else { return nil }
    var tables: [String: Range<Int>] = [:]
    for number in 0..<min(reader.short(start + 4), Self.tablesMax) {
      let record = start + 12 + 16 * number
      let (place, length) = (reader.word(record + 8), reader.word(record + 12))
      guard record + 16 <= bytes.count, place <= bytes.count, length <= bytes.count - place else { return nil }
      tables[String(decoding: bytes[record..<record + 4], as: UTF8.self)] = place..<place + length
    }
    self.tables = tables
    guard let head = tables["head"], let across = tables["hhea"], let most = tables["maxp"], let map = tables["cmap"],
      tables["loca"] != nil, tables["glyf"] != nil, tables["hmtx"] != nil,
      let letters = Self.letters(reader, map.lowerBound)
    else { return nil }
    self.letters = letters
    glyphCount = reader.short(most.lowerBound + 4)
    widthCount = reader.short(across.lowerBound + 34)
    hasLongPlaces = reader.short(head.lowerBound + 50) == 1
    unitsPerEm = reader.short(head.lowerBound + 18)
    guard unitsPerEm > 0, widthCount > 0, glyphCount > 0 else { return nil }
  }

  /// Reads a font's file; nil where it is not there or no such font.
  init?(path: String) {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while bytes.count <= Self.bytesMax {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    guard bytes.count <= Self.bytesMax else { return nil }
    self.init(bytes)
  }

  private var reader: ByteReader { ByteReader(bytes: bytes) }

  /// Where letters are looked up: by all of Unicode where the font can, else by its first 65,536 letters.
  private static func letters(_ reader: ByteReader, _ map: Int) -> (place: Int, isWide: Bool)? {
    var found: (place: Int, isWide: Bool)?
    for number in 0..<min(reader.short(map + 2), tablesMax) {
      let record = map + 4 + 8 * number
      let (platform, encoding) = (reader.short(record), reader.short(record + 2))
      let place = map + reader.word(record + 4)
      guard platform == 0 || platform == 3 && [1, 10].contains(encoding) else { continue }
      switch reader.short(place) {
      case 12: return (place, true)
      case 4: found = (place, false)
      default: continue
      }
    }
    return found
  }

  // MARK: Letters

  /// The glyph of a letter; nil where the font has none.
  ///
  /// - Complexity: O(log n) of the font's ranges, O(n) of the few thousand that old fonts have.
  func glyph(of letter: Unicode.Scalar) -> Int? {
    let glyph = letters.isWide ? wideGlyph(Int(letter.value)) : plainGlyph(Int(letter.value))
    return glyph > 0 && glyph < glyphCount ? glyph : nil
  }

  private func wideGlyph(_ value: Int) -> Int {
    var (low, high) = (0, min(reader.word(letters.place + 12), bytes.count / 12))
    while low < high {
      let middle = (low + high) / 2
      let group = letters.place + 16 + 12 * middle
      if value < reader.word(group) {
        high = middle
      } else if value > reader.word(group + 4) {
        low = middle + 1
      } else {
        return reader.word(group + 8) + value - reader.word(group)
      }
    }
    return 0
  }

  private func plainGlyph(_ value: Int) -> Int {
    let doubled = reader.short(letters.place + 6)
    let (ends, starts) = (letters.place + 14, letters.place + 16 + doubled)
    for segment in stride(from: 0, to: doubled, by: 2) where value <= reader.short(ends + segment) {
      guard value >= reader.short(starts + segment) else { return 0 }
      let delta = reader.short(starts + doubled + segment)
      let offsets = starts + 2 * doubled + segment
      let offset = reader.short(offsets)
      if offset == 0 { return (value + delta) & 0xFFFF }
      let glyph = reader.short(offsets + offset + 2 * (value - reader.short(starts + segment)))
      return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF
    }
    return 0
  }

  /// How wide a glyph is, in thousandths of the size.
  func width(of glyph: Int) -> Int { advance(glyph) * 1000 / unitsPerEm }

  /// The box of all letters, how high they stand and how deep they go, in thousandths of the size.
  var box: [Int] {
    let head = tables["head"]?.lowerBound ?? 0
    return [36, 38, 40, 42].map { scaled(reader.signed(head + $0)) }
  }
  var ascent: Int { scaled(reader.signed((tables["hhea"]?.lowerBound ?? 0) + 4)) }
  var descent: Int { scaled(reader.signed((tables["hhea"]?.lowerBound ?? 0) + 6)) }

  private func scaled(_ units: Int) -> Int { units * 1000 / unitsPerEm }

  private func advance(_ glyph: Int) -> Int {
    reader.short((tables["hmtx"]?.lowerBound ?? 0) + 4 * min(glyph, widthCount - 1))
  }

  private func bearing(_ glyph: Int) -> Int {
    let start = tables["hmtx"]?.lowerBound ?? 0
    return glyph < widthCount
      ? reader.short(start + 4 * glyph + 2) : reader.short(start + 4 * widthCount + 2 * (glyph - widthCount))
  }

  private func outline(of glyph: Int) -> ArraySlice<UInt8> {
    guard let places = tables["loca"]?.lowerBound, let glyphs = tables["glyf"], glyph < glyphCount else { return [] }
    func place(_ number: Int) -> Int {
      hasLongPlaces ? reader.word(places + 4 * number) : 2 * reader.short(places + 2 * number)
    }
    let (start, end) = (place(glyph), place(glyph + 1))
    guard start < end, end <= glyphs.count, end - start <= Self.outlineBytesMax else { return [] }
    return bytes[glyphs.lowerBound + start..<glyphs.lowerBound + end]
  }

  /// Where in a glyph that is put together of others their numbers stand.
  private func parts(of outline: ArraySlice<UInt8>) -> [Int] {
    guard outline.count > 10, reader.signed(outline.startIndex) < 0 else { return [] }
    var found: [Int] = []
    var place = outline.startIndex + 10
    while place + 4 <= outline.endIndex, found.count < Self.partsOfLetterMax {
      let flags = reader.short(place)
      found.append(place + 2 - outline.startIndex)
      place += 4 + (flags & 1 == 0 ? 2 : 4) + (flags & 8 != 0 ? 2 : flags & 0x40 != 0 ? 4 : flags & 0x80 != 0 ? 8 : 0)
      if flags & 0x20 == 0 { break }
    }
    return found
  }

  // MARK: A small font

  /// A font of some glyphs alone, numbered in their order from one; number nought is what stands for missing letters.
  func subset(_ wanted: [Int]) -> [UInt8] {
    var chosen = [0] + wanted
    var numbers: [Int: Int] = [:]
    for (number, glyph) in chosen.enumerated() where numbers[glyph] == nil { numbers[glyph] = number }
    var outlines: [[UInt8]] = []
    while outlines.count < chosen.count {
      let source = outline(of: chosen[outlines.count])
      var copy = Array(source)
      for place in parts(of: source) {
        let part = reader.short(source.startIndex + place)
        if numbers[part] == nil, chosen.count < wanted.count + Self.partsMax {
          numbers[part] = chosen.count
          chosen.append(part)
        }
        let number = numbers[part] ?? 0
        (copy[place], copy[place + 1]) = (UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number))
      }
      while copy.count % 4 != 0 { copy.append(0) }
      outlines.append(copy)
    }
    var places = ByteWriter()
    var widths = ByteWriter()
    var place = 0
    for (glyph, outline) in zip(chosen, outlines) {
      places.word(place)
      place += outline.count
      widths.short(advance(glyph))
      widths.short(bearing(glyph))
    }
    places.word(place)
    var made: [String: [UInt8]] = [
      "glyf": Array(outlines.joined()), "loca": places.bytes, "hmtx": widths.bytes,
      "head": patched("head", [(8, 0), (10, 0), (50, 1)]), "hhea": patched("hhea", [(34, chosen.count)]),
      "maxp": patched("maxp", [(4, chosen.count)]),
    ]
    // The programs that fit outlines to pixels are shared by all letters.
    for name in ["cvt ", "fpgm", "prep"] { if let table = tables[name] { made[name] = Array(bytes[table]) } }
    return Self.file(made)
  }

  private func patched(_ name: String, _ shorts: [(place: Int, value: Int)]) -> [UInt8] {
    guard let table = tables[name] else { return [] }
    var copy = Array(bytes[table])
    for (place, value) in shorts where place + 1 < copy.count {
      (copy[place], copy[place + 1]) = (UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
    }
    return copy
  }

  private static func file(_ tables: [String: [UInt8]]) -> [UInt8] {
    var power = 1
    while power * 2 <= tables.count { power *= 2 }
    var head = ByteWriter()
    head.word(0x0001_0000)
    for value in [tables.count, power * 16, power.trailingZeroBitCount, (tables.count - power) * 16] {
      head.short(value)
    }
    var body: [UInt8] = []
    let start = 12 + 16 * tables.count
    for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
      var padded = table
      while padded.count % 4 != 0 { padded.append(0) }
      head.bytes += Array(name.utf8)
      head.word(sum(padded))
      head.word(start + body.count)
      head.word(table.count)
      body += padded
    }
    return head.bytes + body
  }

  private static func sum(_ table: [UInt8]) -> Int {
    let reader = ByteReader(bytes: table)
    return stride(from: 0, to: table.count, by: 4).reduce(0) { ($0 + reader.word($1)) & 0xFFFF_FFFF }
  }
}

/// Numbers in a file, the most significant byte first.
private struct ByteReader {
  let bytes: [UInt8]

  func short(_ place: Int) -> Int {
    guard place >= 0, place < bytes.count - 1 else { return 0 }
    return Int(bytes[place]) << 8 | Int(bytes[place + 1])
  }

  func signed(_ place: Int) -> Int { Int(Int16(truncatingIfNeeded: short(place))) }

  func word(_ place: Int) -> Int { short(place) << 16 | short(place + 2) }
}

/// Writes such numbers.
private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func short(_ value: Int) {
    bytes += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  mutating func word(_ value: Int) {
    short(value >> 16)
    short(value)
  }
}
