/// The value of `Host`, or the authority of a target: a name or an address, and a port if need be.
enum HostField {
  /// Whether the bytes are `reg-name [":" port]`, an IPv4 address being such a name, or `"[" IPv6 "]" [":" port]`.
  ///
  /// A user name before `@`, percent escapes and an empty host are refused.
  static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    if bytes.first == Byte.openBracket {
      index = 1
      while index < bytes.count, ByteSet.ipv6Literal.contains(bytes[index]) { index += 1 }
      guard index > 2, index < bytes.count, bytes[index] == Byte.closeBracket else { return false }
      index += 1
    } else {
      while index < bytes.count, ByteSet.hostName.contains(bytes[index]) { index += 1 }
      guard index > 0 else { return false }
    }
    guard index < bytes.count else { return true }
    guard bytes[index] == Byte.colon, bytes.count - index <= 6 else { return false }
    return bytes[(index + 1)...].allSatisfy(Byte.isDigit)
  }
}
