import CLinux
import Glibc

extension PeerAddress {
  /// The address that `accept` has filled in.
  init(_ storage: sockaddr_storage) {
    let family = Int32(storage.ss_family)
    self = withUnsafeBytes(of: storage) { bytes in
      let port = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      switch family {
      case AF_INET:
        return .ipv4(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)), port: port)
      case AF_INET6:
        let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        return .ipv6(high: high, low: low, port: port)
      default: return .unix
      }
    }
  }
}
