import EventLoop
import Glibc

/// Puts together what libpq is given to connect with.
struct StartupParameters {
  private(set) var list: [(keyword: String, value: String)]

  /// With `withSession` the session's timeouts go along, which a pooler refuses.
  init(_ settings: PostgresSettings, withSession: Bool) {
    let address = settings.address
    list = address.parameters.filter { $0.keyword != "options" }
    set("client_encoding", to: "UTF8")
    setDefault("application_name", to: settings.applicationName, unlessIn: address)
    // Kerberos would be asked, over the network, before every connection.
    setDefault("gssencmode", to: "disable", unlessIn: address)
    // A peer that has vanished is noticed within about a minute, though nobody sends anything.
    setDefault("keepalives_idle", to: "30", unlessIn: address)
    setDefault("keepalives_interval", to: "10", unlessIn: address)
    setDefault("keepalives_count", to: "3", unlessIn: address)
    setDefault("tcp_user_timeout", to: "60000", unlessIn: address)
    let given = address.parameters.last { $0.keyword == "options" }?.value
    if withSession {
      set("options", to: [given, settings.timeouts.startupOptions].compactMap { $0 }.joined(separator: " "))
    } else if let given {
      set("options", to: given)
    }
  }

  private mutating func set(_ keyword: String, to value: String) {
    list.removeAll { $0.keyword == keyword }
    list.append((keyword, value))
  }

  private mutating func setDefault(_ keyword: String, to value: String, unlessIn address: ConnectionString) {
    if !address.parameters.contains(where: { $0.keyword == keyword }) { list.append((keyword, value)) }
  }

  /// Replaces host names by addresses, because libpq would resolve them on the loop and block it.
  mutating func resolveHosts(of address: ConnectionString, with pool: WorkPool) async throws {
    guard address.value("hostaddr") == nil, let hosts = address.value("host") else { return }
    let names = hosts.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.contains(where: HostAddresses.needsResolution) else { return }
    let ports = (address.value("port") ?? "5432").split(separator: ",").map(String.init)
    let found = try await pool.run { try names.map { try HostAddresses(of: $0) } }
    var spread = (hosts: [String](), addresses: [String](), ports: [String]())
    for (index, name) in names.enumerated() {
      for address in found[index].list {
        spread.hosts.append(name)
        spread.addresses.append(address)
        spread.ports.append(ports.count == 1 ? ports[0] : ports[min(index, ports.count - 1)])
      }
    }
    set("host", to: spread.hosts.joined(separator: ","))
    set("hostaddr", to: spread.addresses.joined(separator: ","))
    set("port", to: spread.ports.joined(separator: ","))
  }
}

/// The numeric addresses of one host; empty text for a directory of sockets, which has none.
struct HostAddresses: Sendable {
  let list: [String]

  static func needsResolution(_ host: String) -> Bool {
    var storage = in6_addr()
    let isPath = host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@")
    return !isPath && inet_pton(AF_INET, host, &storage) != 1 && inet_pton(AF_INET6, host, &storage) != 1
  }

  /// Asks the system's resolver; blocks.
  init(of host: String) throws(PostgresError) {
    guard HostAddresses.needsResolution(host) else {
      list = [host.hasPrefix("/") || host.hasPrefix("@") ? "" : host]
      return
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var head: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &head)
    guard code == 0 else {
      throw .unavailable(reason: "the host \(host) cannot be resolved (\(String(cString: gai_strerror(code))))")
    }
    defer { freeaddrinfo(head) }
    var found: [String] = []
    var next = head
    while let entry = next {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let named = getnameinfo(
        entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      if named == 0 {
        found.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      next = entry.pointee.ai_next
    }
    list = found
  }
}
