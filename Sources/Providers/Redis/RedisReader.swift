/// What a Redis answered.
enum RedisReply: Hashable, Sendable {
  case text([UInt8])
  case number(Int64)
  /// There is nothing under the key, or a condition was not met.
  case nothing
  /// It said no, in its own words.
  case refusal(String)

  var isRefusal: Bool { if case .refusal = self { true } else { false } }
}

/// Reads replies of the protocol RESP 2 as their bytes come; those with several values are none that we ask for.
struct RedisReader {
  /// What cannot be a reply.
  struct Malformed: Error {}

  private static let bulkMax = 32 << 20
  private static let lineMax = 4096

  private var bytes: [UInt8] = []
  private var start = 0

  mutating func feed(_ more: some Sequence<UInt8>) { bytes += more }

  /// The next whole reply; nil while it has not all come.
  mutating func next() throws(Malformed) -> RedisReply? {
    guard let (line, end) = try line() else { return nil }
    let body = String(decoding: line.dropFirst(), as: UTF8.self)
    switch line.first {
    case UInt8(ascii: "+"):
      drop(to: end)
      return .text(Array(line.dropFirst()))
    case UInt8(ascii: "-"):
      drop(to: end)
      return .refusal(body)
    case UInt8(ascii: ":"):
      guard let number = Int64(body) else { throw Malformed() }
      drop(to: end)
      return .number(number)
    case UInt8(ascii: "$"):
      guard let count = Int(body), count >= -1, count <= RedisReader.bulkMax else { throw Malformed() }
      if count == -1 {
        drop(to: end)
        return .nothing
      }
      guard bytes.count >= end + count + 2 else { return nil }
      guard bytes[end + count] == 13, bytes[end + count + 1] == 10 else { throw Malformed() }
      let text = Array(bytes[end..<end + count])
      drop(to: end + count + 2)
      return .text(text)
    default: throw Malformed()
    }
  }

  /// The line that comes next without its end, and where what follows begins.
  private func line() throws(Malformed) -> (line: ArraySlice<UInt8>, end: Int)? {
    let rest = bytes[start...]
    guard let mark = rest.prefix(RedisReader.lineMax).firstIndex(of: 13) else {
      if rest.count >= RedisReader.lineMax { throw Malformed() }
      return nil
    }
    guard mark + 1 < bytes.count else { return nil }
    guard bytes[mark + 1] == 10 else { throw Malformed() }
    return (rest[..<mark], mark + 2)
  }

  private mutating func drop(to place: Int) {
    start = place
    guard start == bytes.count || start > 65_536 else { return }
    bytes.removeFirst(start)
    start = 0
  }
}
