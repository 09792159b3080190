internal import Glibc

extension PeerAddress {
  /// The address written as text, without a port: `192.0.2.1`, `2001:db8::1`, with or without brackets; nil if it is
  /// none.
  public init?(host text: String) {
    var text = text
    if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self = .ipv4(UInt32(bigEndian: four.s_addr), port: 0)
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    let (high, low) = withUnsafeBytes(of: six) { bytes in
      (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    self = .ipv6(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low), port: 0)
  }
}

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, one address, or `unix`.
public struct AddressRange: Sendable, Hashable {
  private let address: PeerAddress
  private let prefixLength: Int

  /// The range written as text; nil if it is none.
  public init?(_ text: String) {
    if text == "unix" {
      address = .unix
      prefixLength = 0
      return
    }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = PeerAddress(host: String(parts[0])) else { return nil }
    let width = if case .ipv4 = address { 32 } else { 128 }
    var length = width
    if parts.count == 2 {
      guard let given = Int(parameter: String(parts[1])), (0...width).contains(given) else { return nil }
      length = given
    }
    self.address = address
    prefixLength = length
  }

  /// Whether the address lies in the range, ports aside.
  public func contains(_ other: PeerAddress) -> Bool {
    switch (address, other) {
    case (.unix, .unix): true
    case (.ipv4(let a, _), .ipv4(let b, _)): Self.agree(UInt64(a) << 32, UInt64(b) << 32, bits: prefixLength)
    case (.ipv6(let aHigh, let aLow, _), .ipv6(let bHigh, let bLow, _)):
      Self.agree(aHigh, bHigh, bits: min(64, prefixLength)) && Self.agree(aLow, bLow, bits: max(0, prefixLength - 64))
    default: false
    }
  }

  private static func agree(_ a: UInt64, _ b: UInt64, bits: Int) -> Bool {
    bits == 0 || (a ^ b) >> UInt64(64 - bits) == 0
  }
}
