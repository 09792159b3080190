/// Text as UTF-8 whatever it comes in: a byte order mark is taken away, UTF-16 is transcoded.
final class TextStream: ByteStream {
  enum Encoding {
    case utf8, utf8WithMark, utf16LittleEndian, utf16BigEndian
  }

  private let source: any ByteStream
  private var raw: [UInt8] = []
  private var place = 0
  private var sourceEnded = false
  /// The first half of a character that takes two.
  private var lead: UInt16?
  let encoding: Encoding

  /// Looks at the first bytes to see what the text comes in.
  init(_ source: any ByteStream) throws(FeedError) {
    self.source = source
    var start: [UInt8] = []
    // A stream may come byte by byte.
    while start.count < 4 {
      var piece = [UInt8](repeating: 0, count: 4 - start.count)
      let count = try TextStream.fill(&piece, from: source)
      if count == 0 { break }
      start += piece[..<count]
    }
    switch (start.first, start.dropFirst().first) {
    case (0xFF, 0xFE): encoding = .utf16LittleEndian
    case (0xFE, 0xFF): encoding = .utf16BigEndian
    case (0xEF, 0xBB) where start.dropFirst(2).first == 0xBF: encoding = .utf8WithMark
    // Without a mark: the header is ASCII, of which every second byte is zero.
    case (0, .some(1...)) where start.count == 4 && start[2] == 0: encoding = .utf16BigEndian
    case (.some(1...), 0) where start.count == 4 && start[3] == 0: encoding = .utf16LittleEndian
    default: encoding = .utf8
    }
    let mark =
      switch encoding {
      case .utf8: 0
      case .utf8WithMark: 3
      case .utf16LittleEndian, .utf16BigEndian:
        start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) ? 2 : 0
      }
    raw = Array(start.dropFirst(mark))
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
    switch encoding {
    case .utf8, .utf8WithMark:
      guard place < raw.count else { return try source.read(into: room) }
      let count = min(room.count, raw.count - place)
      raw.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count])) }
      place += count
      return count
    case .utf16LittleEndian, .utf16BigEndian: return try transcode(into: room)
    }
  }

  private static func fill(_ piece: inout [UInt8], from source: any ByteStream) throws(FeedError) -> Int {
    var result: Result<Int, FeedError> = .success(0)
    piece.withUnsafeMutableBytes { bytes in
      do throws(FeedError) { result = .success(try source.read(into: bytes)) } catch { result = .failure(error) }
    }
    return try result.get()
  }

  // MARK: UTF-16

  private func transcode(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
    var count = 0
    // A character takes at most four bytes of UTF-8, and a lead without its trail three more.
    while count + 8 <= room.count {
      guard raw.count - place >= 2 else {
        if count > 0 || (sourceEnded && lead == nil && raw.count == place) { return count }
        if sourceEnded {
          // Half a character at the very end.
          (lead, place) = (nil, raw.count)
          return put("\u{FFFD}", into: room, at: count)
        }
        var piece = [UInt8](repeating: 0, count: 65_536)
        let more = try TextStream.fill(&piece, from: source)
        if more == 0 { sourceEnded = true }
        raw = Array(raw[place...]) + piece[..<more]
        place = 0
        continue
      }
      let (first, second) = (UInt16(raw[place]), UInt16(raw[place + 1]))
      place += 2
      let unit = encoding == .utf16LittleEndian ? first | second << 8 : first << 8 | second
      for scalar in scalars(unit) { count += put(scalar, into: room, at: count) }
    }
    return count
  }

  private func scalars(_ unit: UInt16) -> [Unicode.Scalar] {
    let bad: Unicode.Scalar = "\u{FFFD}"
    if let high = lead {
      lead = nil
      if UTF16.isTrailSurrogate(unit) {
        let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
        return [Unicode.Scalar(value) ?? bad]
      }
      return [bad] + scalars(unit)
    }
    if UTF16.isLeadSurrogate(unit) {
      lead = unit
      return []
    }
    return [Unicode.Scalar(UInt32(unit)) ?? bad]
  }

  private func put(_ scalar: Unicode.Scalar, into room: UnsafeMutableRawBufferPointer, at place: Int) -> Int {
    var count = 0
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      room[place + count] = byte
      count += 1
    }
    return count
  }
}
