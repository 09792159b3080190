internal import Synchronization

/// What one request is called in logs, answers and problems: the caller's `X-Request-Id` if it is reasonable, else a
/// number of our own.
///
/// It becomes text only when somebody asks.
public struct RequestID: Sendable, Hashable {
  private enum Storage: Sendable, Hashable {
    case own(UInt64, UInt64)
    case given(String)
  }

  private let storage: Storage

  /// The longest id taken over from a caller.
  static let givenLengthMax = 128

  /// A new number: random per process, then counted and scrambled, so that making one needs no system call.
  public init() {
    let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.init(storage: .own(Self.process, Self.scrambled(count &+ Self.process)))
  }

  private init(storage: Storage) {
    self.storage = storage
  }

  /// What the caller calls the request, if it says so in 1 to 128 letters, digits and `-._~+/=:@`; else a new number.
  public init(_ head: RequestHead) {
    guard let range = head.firstValue("x-request-id"), (1...Self.givenLengthMax).contains(range.count),
      head.storage.withBytes(range, { $0.allSatisfy(ByteSet.requestID.contains) })
    else {
      self.init()
      return
    }
    self.init(storage: .given(head.text(range)))
  }

  private static let process = UInt64.random(in: 1 ... .max)
  private static let counter = Atomic<UInt64>(0)

  /// The finaliser of SplitMix64: a bijection, so that distinct counts stay distinct.
  private static func scrambled(_ value: UInt64) -> UInt64 {
    var mixed = value &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension RequestID {
  /// How many bytes `write` writes at most.
  static let writtenBytesMax = max(givenLengthMax, 32)

  /// Writes the id as `description` has it, without making a string.
  func write(to output: inout ByteWriter) {
    switch storage {
    case .own(let high, let low):
      Self.writeHexadecimal(high, to: &output)
      Self.writeHexadecimal(low, to: &output)
    case .given(let text): output.put(text: text)
    }
  }

  static func writeHexadecimal(_ word: UInt64, to output: inout ByteWriter) {
    // Eight digits at a time: each half byte gets a byte of its own, then those past nine are moved on to the letters.
    let high = eightDigits(UInt32(truncatingIfNeeded: word &>> 32)).bigEndian
    let low = eightDigits(UInt32(truncatingIfNeeded: word)).bigEndian
    withUnsafeBytes(of: (high, low)) { output.put($0.assumingMemoryBound(to: UInt8.self)) }
  }

  private static func eightDigits(_ half: UInt32) -> UInt64 {
    var spread = UInt64(half)
    spread = (spread | spread &<< 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread &<< 8) & 0x00FF_00FF_00FF_00FF
    spread = (spread | spread &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
    let isLetter = (spread &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
    return spread &+ 0x3030_3030_3030_3030 &+ isLetter &* 0x27
  }
}

extension RequestID: CustomStringConvertible {
  /// The id as text: 32 hexadecimal digits, or what the caller said.
  public var description: String {
    String(unsafeUninitializedCapacity: Self.writtenBytesMax) { memory in
      var writer = ByteWriter(memory)
      write(to: &writer)
      return writer.count
    }
  }
}
