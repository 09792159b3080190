/// Bytes that are no time zone.
public enum ZoneDataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not a file of the tz database, or one of its first version, which ends in 2038.
  case notAZone
  /// Cut short, or with numbers that contradict each other.
  case damaged
  /// Counts leap seconds, as nothing here does.
  case countsLeapSeconds

  /// What is wrong: "is …".
  public var description: String {
    switch self {
    case .notAZone: "is not a compiled time zone of version 2 or later"
    case .damaged: "is cut short or damaged"
    case .countsLeapSeconds: "counts leap seconds, which moments here do not"
    }
  }
}

extension ZoneRules {
  /// Reads a compiled file of the tz database (TZif, RFC 9636) of version 2 or later.
  ///
  /// - Throws: `ZoneDataError` for anything that is not exactly one.
  public init(file bytes: [UInt8]) throws(ZoneDataError) {
    let old = try ZoneFileHeader(bytes, at: 0)
    guard old.version >= UInt8(ascii: "2") else { throw .notAZone }
    // The first block has 32-bit times and is there for old readers only.
    let header = try ZoneFileHeader(bytes, at: ZoneFileHeader.size + old.blockSize(timeSize: 4))
    guard header.leapCount == 0 else { throw .countsLeapSeconds }
    let end = header.start + header.blockSize(timeSize: 8)
    guard bytes.count >= end, header.typeCount > 0 else { throw .damaged }

    let times = (0..<header.timeCount).map { bytes.integer64(at: header.start + 8 * $0) }
    let kinds = header.start + 8 * header.timeCount
    let types = kinds + header.timeCount
    func offset(ofType type: Int) -> Int32 { bytes.integer32(at: types + 6 * type) }
    let typeIndexes = (0..<header.timeCount).map { Int(bytes[kinds + $0]) }
    guard typeIndexes.allSatisfy({ $0 < header.typeCount }), zip(times, times.dropFirst()).allSatisfy(<),
      (0..<header.typeCount).allSatisfy({ abs(Int(offset(ofType: $0))) < 93_600 })
    else { throw .damaged }
    try self.init(
      times: times, offsets: typeIndexes.map(offset(ofType:)), firstOffset: offset(ofType: 0),
      rule: ZoneRules.footer(bytes[end...]))
  }

  /// The line between two line feeds that ends the file; an empty one says that nothing changes any more.
  private static func footer(_ bytes: ArraySlice<UInt8>) throws(ZoneDataError) -> YearlyRule? {
    guard bytes.first == 10, let end = bytes.dropFirst().firstIndex(of: 10) else { throw .damaged }
    let line = Array(bytes[(bytes.startIndex + 1)..<end])
    if line.isEmpty { return nil }
    guard let rule = YearlyRuleReader.rule(line) else { throw .damaged }
    return rule
  }
}

/// How many of what a block of a TZif file has.
private struct ZoneFileHeader {
  static let size = 44

  let version: UInt8
  /// Where its data begin.
  let start: Int
  let timeCount: Int
  let typeCount: Int
  let leapCount: Int
  private let rest: Int

  init(_ bytes: [UInt8], at place: Int) throws(ZoneDataError) {
    guard bytes.count >= place + Self.size, bytes[place..<place + 4].elementsEqual("TZif".utf8) else {
      throw place == 0 ? .notAZone : .damaged
    }
    version = bytes[place + 4]
    start = place + Self.size
    let counts = (0..<6).map { Int(UInt32(bitPattern: bytes.integer32(at: place + 20 + 4 * $0))) }
    // Real zones have a few hundred changes; no sum of such counts overflows.
    guard counts.allSatisfy({ $0 <= 65_536 }), counts[4] <= 256 else { throw .damaged }
    (leapCount, timeCount, typeCount) = (counts[2], counts[3], counts[4])
    rest = counts[0] + counts[1] + counts[5]
  }

  func blockSize(timeSize: Int) -> Int {
    timeCount * (timeSize + 1) + typeCount * 6 + leapCount * (timeSize + 4) + rest
  }
}

extension [UInt8] {
  fileprivate func integer32(at place: Int) -> Int32 {
    var value: UInt32 = 0
    for byte in self[place..<place + 4] { value = value << 8 | UInt32(byte) }
    return Int32(bitPattern: value)
  }

  fileprivate func integer64(at place: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in self[place..<place + 8] { value = value << 8 | UInt64(byte) }
    return Int64(bitPattern: value)
  }
}
