/// Who is at the other end of a connection.
public enum PeerAddress: Hashable, Sendable {
  /// A unix socket: somebody on this machine whom the socket's permissions let in.
  case unix
  /// An IPv4 address in host byte order (`127.0.0.1` is `0x7F00_0001`) and a port.
  case ipv4(UInt32, port: UInt16)
  /// An IPv6 address as its upper and lower half in host byte order, and a port.
  case ipv6(high: UInt64, low: UInt64, port: UInt16)
}

extension PeerAddress {
  /// What a limit per address counts by: the address without its port, IPv6 by its /64, because a whole /64 is what one
  /// household or one rented server gets.
  ///
  /// An IPv4 address wrapped into IPv6 counts as IPv4.
  public var network: PeerAddress {
    switch self {
    case .unix: .unix
    case .ipv4(let address, _): .ipv4(address, port: 0)
    case .ipv6(0, let low, _) where low >> 32 == 0xFFFF: .ipv4(UInt32(truncatingIfNeeded: low), port: 0)
    case .ipv6(let high, _, _): .ipv6(high: high, low: 0, port: 0)
    }
  }
}

extension PeerAddress: CustomStringConvertible {
  /// `192.0.2.1:8080`, `[2001:db8::1]:8080` or `unix`.
  public var description: String {
    switch self {
    case .unix: "unix"
    case .ipv4(_, let port): "\(host):\(port)"
    case .ipv6(_, _, let port): "[\(host)]:\(port)"
    }
  }

  /// The address without the port.
  public var host: String {
    switch self {
    case .unix: "unix"
    case .ipv4(let address, _):
      "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
    case .ipv6(let high, let low, _): Self.ipv6Text(high: high, low: low)
    }
  }

  /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups shortened to `::`.
  private static func ipv6Text(high: UInt64, low: UInt64) -> String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - $0 % 4 * 16)) }
    var longest = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    func text(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard longest.count >= 2 else { return text(0..<8) }
    return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
  }
}
