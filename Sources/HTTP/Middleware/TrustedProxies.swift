/// Whom a request comes from when gateways pass requests on.
public struct TrustedProxies: Sendable, Hashable {
  private let ranges: [AddressRange]

  /// The gateways whose `X-Forwarded-For` is believed; with none, nobody's is.
  public init(_ ranges: [AddressRange] = []) {
    self.ranges = ranges
  }

  /// The address of the caller: `X-Forwarded-For` is read from its end, as long as who wrote the entry is trusted.
  ///
  /// What an untrusted caller writes there counts for nothing, and the first entry that is no address ends the reading.
  public func client(of request: Request, peer: PeerAddress) -> PeerAddress {
    guard !ranges.isEmpty, isTrusted(peer), let forwarded = request.header("X-Forwarded-For") else { return peer }
    var client = peer
    for entry in forwarded.split(separator: ",").reversed() {
      let host = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      guard let address = PeerAddress(host: String(host)) else { return client }
      client = address
      if !isTrusted(address) { return client }
    }
    return client
  }

  private func isTrusted(_ address: PeerAddress) -> Bool {
    ranges.contains { $0.contains(address) }
  }
}
