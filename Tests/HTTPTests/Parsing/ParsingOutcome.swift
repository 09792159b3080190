@testable import HTTP

/// What became of bytes, in a form that can be compared.
enum HeadOutcome: Equatable {
  case incomplete
  case refused(HTTPParseError)
  case parsed(summary: String, consumed: Int)

  /// Gives the bytes to a parser in pieces that end at `cuts`, then all at once; stops at the first answer.
  static func parsing(_ bytes: [UInt8], cuts: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> HeadOutcome {
    var parser = RequestParser(limits: limits)
    for end in cuts + [bytes.count] {
      let outcome = parsing(Array(bytes[..<end]), with: &parser)
      if outcome != .incomplete { return outcome }
    }
    return .incomplete
  }

  static func parsing(_ bytes: [UInt8], with parser: inout RequestParser) -> HeadOutcome {
    bytes.withUnsafeBytes { buffer in
      do throws(HTTPParseError) {
        guard let parsed = try parser.parseHead(buffer) else { return .incomplete }
        return .parsed(summary: summary(parsed.head), consumed: parsed.consumed)
      } catch {
        return .refused(error)
      }
    }
  }

  private static func summary(_ head: RequestHead) -> String {
    let fields = head.headers.map { "\($0.name): \($0.value)" }
    return """
      \(head.method) \(head.path) ? \(head.rawQuery) \(head.version) \(head.framing) \(head.host ?? "no host") \
      keepAlive: \(head.keepAlive) expectsContinue: \(head.expectsContinue) \(fields)
      """
  }
}

/// What became of a chunked body, in a form that can be compared.
enum BodyOutcome: Equatable {
  case incomplete([UInt8])
  case refused(HTTPParseError)
  case decoded([UInt8], consumed: Int)

  /// Gives the bytes to a decoder in pieces that end at `cuts`.
  static func decoding(_ bytes: [UInt8], cuts: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> BodyOutcome {
    var decoder = ChunkedDecoder(limits: limits)
    var output: [UInt8] = []
    var start = 0
    for end in cuts + [bytes.count] {
      do throws(HTTPParseError) {
        let piece = Array(bytes[start..<end])
        let step = piece.withUnsafeBytes { buffer in
          Result { () throws(HTTPParseError) in try decoder.decode(buffer, into: &output) }
        }
        let (consumed, finished) = try step.get()
        if finished { return .decoded(output, consumed: start + consumed) }
        precondition(consumed == end - start, "an unfinished body uses up its bytes")
        start = end
      } catch {
        return .refused(error)
      }
    }
    return .incomplete(output)
  }
}

/// Ways to cut bytes, for the law that it must not matter.
enum Cuts {
  static func everywhere(_ count: Int) -> [Int] { Array(0..<count) }

  /// Rising positions, empty pieces included.
  static func random(_ count: Int, using random: inout some RandomNumberGenerator) -> [Int] {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
  }
}

/// SplitMix64, so that a random test can be run again from its seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
