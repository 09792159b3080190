import CLinux
import Glibc

/// Which addresses are on the public internet.
///
/// The special-purpose registries of IANA (RFC 6890 and its updates) name those that are not.
enum AddressRules {
  static func isPublic(_ address: UnsafePointer<sockaddr>, length: Int) -> Bool {
    let bytes = UnsafeRawBufferPointer(start: address, count: length)
    switch Int32(address.pointee.sa_family) {
    case AF_INET where length >= 8:
      return isPublic(ipv4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    case AF_INET6 where length >= 24:
      return isPublic(ipv6: (0..<16).map { bytes[8 + $0] })
    default: return false
    }
  }

  static func isPublic(ipv4 address: UInt32) -> Bool {
    !ipv4Blocks.contains { block, bits in (address ^ block) >> (32 - bits) == 0 }
  }

  static func isPublic(ipv6 bytes: [UInt8]) -> Bool {
    let prefix = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    let embedded = { (offset: Int) in bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
    // Addresses that carry an IPv4 address are judged by it: mapped, NAT64 and 6to4.
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      return isPublic(ipv4: embedded(12))
    }
    if prefix == 0x0064, bytes[2] == 0xFF, bytes[3] == 0x9B {
      return bytes[4..<12].allSatisfy { $0 == 0 } && isPublic(ipv4: embedded(12))
    }
    if prefix == 0x2002 { return isPublic(ipv4: embedded(2)) }
    // Only 2000::/3 is handed out as global unicast; in it, Teredo, benchmarking, ORCHID and documentation are not servers.
    guard prefix & 0xE000 == 0x2000 else { return false }
    if prefix == 0x2001 && bytes[2] < 0x02 { return false }
    if prefix == 0x2001 && bytes[2] == 0x0D && bytes[3] == 0xB8 { return false }
    if prefix == 0x3FFF && bytes[2] & 0xF0 == 0 { return false }
    return true
  }

  private static let ipv4Blocks: [(UInt32, UInt32)] = [
    (0x0000_0000, 8),  // this network
    (0x0A00_0000, 8),  // private
    (0x6440_0000, 10),  // shared by carriers
    (0x7F00_0000, 8),  // loopback
    (0xA9FE_0000, 16),  // link local, cloud metadata among it
    (0xAC10_0000, 12),  // private
    (0xC000_0000, 24),  // protocol assignments
    (0xC000_0200, 24),  // documentation
    (0xC058_6300, 24),  // 6to4 relays, withdrawn
    (0xC0A8_0000, 16),  // private
    (0xC612_0000, 15),  // benchmarking
    (0xC633_6400, 24),  // documentation
    (0xCB00_7100, 24),  // documentation
    (0xE000_0000, 4),  // multicast
    (0xF000_0000, 4),  // reserved, broadcast
  ]
}
