/// The 128 bits that name a trace; never zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
  let high: UInt64
  let low: UInt64

  init?(high: UInt64, low: UInt64) {
    if high == 0, low == 0 { return nil }
    self.high = high
    self.low = low
  }

  /// 32 small hexadecimal digits.
  public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// The 64 bits that name a span; never zero.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
  let bits: UInt64

  init?(bits: UInt64) {
    if bits == 0 { return nil }
    self.bits = bits
  }

  /// 16 small hexadecimal digits.
  public var description: String { hexadecimal(bits) }
}

/// What a request carries from service to service: W3C Trace Context, recommendation of 2021-11-23.
public struct TraceContext: Hashable, Sendable {
  /// The whole journey through all services.
  public let traceID: TraceID
  /// The caller's piece of work.
  public let spanID: SpanID
  /// Whether the caller records this trace.
  public let isSampled: Bool
  /// What other vendors want handed on.
  public let state: TraceState

  init(traceID: TraceID, spanID: SpanID, isSampled: Bool, state: TraceState) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
    self.state = state
  }

  /// Reads the headers of a request, or nil if there is no usable `traceparent`: a new trace is then to be started,
  /// as the recommendation wants it.
  ///
  /// Versions after 00 are read as far as 00 goes. A broken `tracestate` is dropped and leaves the rest as it is.
  public init?(traceparent: String, tracestate: [String] = []) {
    let bytes = Array(traceparent.utf8)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
      let version = number(bytes[0..<2]), version != 0xFF,
      version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == dash,
      let high = number(bytes[3..<19]), let low = number(bytes[19..<35]), let traceID = TraceID(high: high, low: low),
      let span = number(bytes[36..<52]), let spanID = SpanID(bits: span), let flags = number(bytes[53..<55])
    else { return nil }
    self.init(
      traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1,
      state: TraceState(headers: tracestate) ?? TraceState())
  }

  /// The header to send, always of version 00.
  public var traceparent: String {
    "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")"
  }
}

/// The vendors' part of a trace's context: at most 32 keys with values, in order, the latest first.
public struct TraceState: Hashable, Sendable {
  /// Members a list may have.
  static let membersMax = 32
  /// Bytes that are handed on; above it, long members go first, then the oldest.
  static let bytesMax = 512
  private static let longMember = 128

  private let members: [String]

  /// No vendor wants anything.
  public init() {
    members = []
  }

  /// Reads `tracestate` headers in their order, or nil if any part is malformed, a key stands twice, or there are too
  /// many members: the whole list is then to be dropped.
  public init?(headers: [String]) {
    var members: [String] = []
    var keys: Set<[UInt8]> = []
    for part in headers.joined(separator: ",").utf8.split(separator: UInt8(ascii: ",")) {
      let bytes = trimmed(Array(part))
      // Empty members are allowed and mean nothing.
      if bytes.isEmpty { continue }
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), isKey(bytes[..<equals]),
        isValue(bytes[(equals + 1)...]), keys.insert(Array(bytes[..<equals])).inserted,
        members.count < Self.membersMax
      else { return nil }
      members.append(String(decoding: bytes, as: UTF8.self))
    }
    self.members = Self.shortened(members)
  }

  /// The header to send, or nil if there is nothing to send.
  public var header: String? {
    members.isEmpty ? nil : members.joined(separator: ",")
  }

  private static func shortened(_ members: [String]) -> [String] {
    func length(_ members: [String]) -> Int { members.reduce(members.count - 1) { $0 + $1.utf8.count } }
    var kept = members
    while length(kept) > bytesMax {
      kept.remove(at: kept.lastIndex { $0.utf8.count > longMember } ?? kept.count - 1)
    }
    return kept
  }
}

private func hexadecimal(_ bits: UInt64) -> String {
  let digits = String(bits, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// Small hexadecimal digits only, as the recommendation demands.
private func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
  var value: UInt64 = 0
  for byte in digits {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
    default: return nil
    }
  }
  return value
}

private func trimmed(_ bytes: [UInt8]) -> [UInt8] {
  func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  return Array(Array(bytes.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
}

/// A vendor's name, or a tenant's name at a vendor's system.
private func isKey(_ key: ArraySlice<UInt8>) -> Bool {
  func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  func isName(_ name: ArraySlice<UInt8>) -> Bool {
    name.allSatisfy { isSmall($0) || isDigit($0) || "_-*/".utf8.contains($0) }
  }
  guard let at = key.firstIndex(of: UInt8(ascii: "@")) else {
    return key.count <= 256 && key.first.map(isSmall) == true && isName(key)
  }
  let tenant = key[..<at]
  let system = key[(at + 1)...]
  return (1...241).contains(tenant.count) && tenant.first.map { isSmall($0) || isDigit($0) } == true && isName(tenant)
    && (1...14).contains(system.count) && system.first.map(isSmall) == true && isName(system)
}

/// Up to 256 printable ASCII characters without comma and equals sign; blanks at the end are trimmed before.
private func isValue(_ value: ArraySlice<UInt8>) -> Bool {
  (1...256).contains(value.count)
    && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
}
