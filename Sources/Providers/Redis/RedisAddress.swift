import Glibc

/// Where a Redis is and how it knows us: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`.
package struct RedisAddress: Hashable, Sendable {
  package let host: String
  package let port: UInt16
  /// The name of an account there; empty for the one without a name.
  package let user: String
  package let password: String?
  package let database: Int

  /// Reads an address; nil for anything else, also for `rediss://`, since nothing here speaks TLS to it.
  package init?(_ text: String) {
    guard text.hasPrefix("redis://"), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
    var rest = text.dropFirst(8)
    var (user, password) = ("", String?.none)
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let name = String(parts[0]).percentDecoded, let secret = String(parts[1]).percentDecoded
      else { return nil }
      (user, password) = (name, secret)
      rest = rest[rest.index(after: at)...]
    }
    let pieces = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let database = pieces.count == 1 || pieces[1].isEmpty ? 0 : Int(pieces[1]),
      (0...1_000_000).contains(database),
      let place = pieces.first
    else { return nil }
    var (host, port) = (String(place), UInt16(6379))
    if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
      host = String(place[place.index(after: place.startIndex)..<end])
      let tail = place[place.index(after: end)...]
      if !tail.isEmpty {
        guard tail.hasPrefix(":"), let number = UInt16(tail.dropFirst()) else { return nil }
        port = number
      }
    } else if let colon = place.lastIndex(of: ":") {
      guard let number = UInt16(place[place.index(after: colon)...]) else { return nil }
      (host, port) = (String(place[..<colon]), number)
    }
    guard !host.isEmpty, port > 0 else { return nil }
    self.host = host
    self.port = port
    self.user = user
    self.password = password
    self.database = database
  }

  /// The socket addresses of the host; asks the system, which may take a while, so that no loop may call it.
  func resolved() -> [[UInt8]] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0 else { return [] }
    defer { freeaddrinfo(found) }
    var addresses: [[UInt8]] = []
    var next = found
    while let entry = next, addresses.count < 8 {
      if let address = entry.pointee.ai_addr {
        addresses.append(Array(UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))))
      }
      next = entry.pointee.ai_next
    }
    return addresses
  }
}

extension String {
  /// With `%41` as `A`; nil where a percent sign stands before anything else.
  fileprivate var percentDecoded: String? {
    var (bytes, rest) = ([UInt8](), Array(utf8)[...])
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
