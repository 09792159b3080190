import JSON

/// SplitMix64, so that a printed seed replays a test.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A tree to compare with, which the library does not offer.
enum Tree: Equatable, JSONReadable, JSONWritable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string([UInt8])
  case array([Tree])
  case object([[UInt8]: Tree])

  static func random(depth: Int, using random: inout TestRandom) -> Tree {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .int(Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0..<64, using: &random))
    case 3: .double(randomDouble(using: &random))
    case 4, 5: .string(randomText(using: &random))
    case 6:
      .array((0..<Int.random(in: 0...5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
    default:
      .object(
        Dictionary(
          (0..<Int.random(in: 0...30, using: &random)).map { _ in
            (randomText(using: &random), .random(depth: depth - 1, using: &random))
          }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// Any bit pattern, or a decimal as people write it; never a whole number, which reads back as an integer.
  private static func randomDouble(using random: inout TestRandom) -> Double {
    let value =
      Bool.random(using: &random)
      ? Double(bitPattern: random.next()) : Double(Int.random(in: -999_999...999_999, using: &random)) / 1000
    return value.isFinite && value != value.rounded() ? value : 0.5
  }

  private static func randomText(using random: inout TestRandom) -> [UInt8] {
    let alphabet = Array("abcdefghij \"\\/\u{0}\u{1F}\n\t\u{7F}é€😀\u{2028}\u{FFFF}\u{0301}".unicodeScalars)
    var text = ""
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
    }
    return Array(text.utf8)
  }

  init(json: JSONNode) throws(JSONError) {
    switch json.kind {
    case .null: self = .null
    case .bool: self = .bool(try json.bool)
    case .string: self = .string(Array(try json.string.utf8))
    case .number:
      let text = try json.decimalText
      self = text.contains(where: { ".eE".contains($0) }) ? .double(try json.double) : .int(try json.int)
    case .array: self = .array(try [Tree](json: json))
    case .object:
      var members: [[UInt8]: Tree] = [:]
      for (name, value) in try json.members { members[Array(name.utf8)] = try Tree(json: value) }
      self = .object(members)
    }
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .int(let value): writer.value(value)
    case .double(let value): writer.double(value)
    case .string(let value): writer.string(String(decoding: value, as: UTF8.self))
    case .array(let values): values.write(to: &writer)
    case .object(let members):
      writer.object { object in
        for (name, value) in members { object.field(named: String(decoding: name, as: UTF8.self), value) }
      }
    }
  }
}
