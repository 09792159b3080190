import CLinux
import Glibc

/// Where a server listens: `127.0.0.1:8080`, `[::1]:8080`, `:8080` (every IPv4 interface) or `unix:/run/wayfare.sock`.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// A TCP port of an interface; port 0 lets the kernel choose.
  case tcp(host: String, port: UInt16)
  /// A socket in the file system.
  case unix(path: String)

  /// Reads an address as people write it.
  ///
  /// - Throws: `ListenError.malformed`, which says what an address looks like.
  public init(_ text: String) throws(ListenError) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty, path.utf8.count < 108 else { throw .malformed(text) }
      self = .unix(path: path)
      return
    }
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { throw .malformed(text) }
    let digits = text[text.utf8.index(after: colon)...].utf8
    guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(String(Substring(digits)))
    else { throw .malformed(text) }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      throw .malformed(text)
    }
    self = .tcp(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
  }

  /// The address as `init` reads it.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// Why a server cannot listen.
public enum ListenError: Error, Sendable, CustomStringConvertible {
  /// The address does not read as one.
  case malformed(String)
  /// The host name is unknown here.
  case unknownHost(String, reason: String)
  /// The kernel refused the address.
  case refused(ListenAddress, CInt)

  /// One sentence with the mend.
  public var description: String {
    switch self {
    case .malformed(let text):
      return "\"\(text)\" is not an address to listen on; write HOST:PORT, [IPv6]:PORT or unix:PATH"
    case .unknownHost(let host, let reason):
      return "cannot listen on \"\(host)\": \(reason); use an address of this machine"
    case .refused(let address, let code):
      let mend =
        switch code {
        case EADDRINUSE: "something listens there already; stop it or choose another with --listen"
        case EACCES: "ports below 1024 need a privilege; choose a higher one with --listen"
        case EADDRNOTAVAIL: "this machine has no such address; use one that it has"
        default: String(cString: strerror(code))
        }
      return "cannot listen on \(address): \(mend)"
    }
  }
}

/// A listening descriptor and the address it got.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  let address: ListenAddress

  /// Binds and listens; `isShared` where other loops of this process listen on the same port and the kernel shares
  /// out connections.
  ///
  /// - Throws: `ListenError`.
  init(_ wanted: ListenAddress, isShared: Bool, backlog: Int32 = 4096) throws(ListenError) {
    switch wanted {
    case .unix(let path): self = try ListeningSocket.bindUnix(path, wanted, backlog)
    case .tcp(let host, let port): self = try ListeningSocket.bindTCP(host, port, wanted, isShared, backlog)
    }
  }

  private init(descriptor: Int32, address: ListenAddress) {
    self.descriptor = descriptor
    self.address = address
  }

  private static func bindTCP(
    _ host: String, _ port: UInt16, _ wanted: ListenAddress, _ isShared: Bool, _ backlog: Int32
  ) throws(ListenError) -> ListeningSocket {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = wayfare_stream_type()
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0, let entry = found else {
      throw .unknownHost(host, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(found) }
    let descriptor = wayfare_stream_socket(entry.pointee.ai_family)
    guard descriptor >= 0 else { throw .refused(wanted, errno) }
    setOption(descriptor, SOL_SOCKET, SO_REUSEADDR)
    if isShared { setOption(descriptor, SOL_SOCKET, SO_REUSEPORT) }
    // Accepted sockets inherit it, which saves a call for each.
    setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
    guard bind(descriptor, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0, listen(descriptor, backlog) == 0
    else {
      let code = errno
      close(descriptor)
      throw .refused(wanted, code)
    }
    return ListeningSocket(descriptor: descriptor, address: .tcp(host: host, port: boundPort(descriptor) ?? port))
  }

  private static func bindUnix(
    _ path: String, _ wanted: ListenAddress, _ backlog: Int32
  ) throws(ListenError) -> ListeningSocket {
    let descriptor = wayfare_stream_socket(AF_UNIX)
    guard descriptor >= 0 else { throw .refused(wanted, errno) }
    var address = unixAddress(path)
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        if bind(descriptor, generic, size) == 0 { return true }
        guard errno == EADDRINUSE, connect(descriptor, generic, size) != 0, errno == ECONNREFUSED else { return false }
        // Nobody answers: the socket was left behind by a server that died.
        unlink(path)
        return bind(descriptor, generic, size) == 0
      }
    }
    guard result, listen(descriptor, backlog) == 0 else {
      let code = errno == 0 ? EADDRINUSE : errno
      close(descriptor)
      throw .refused(wanted, code)
    }
    return ListeningSocket(descriptor: descriptor, address: wanted)
  }

  private static func setOption(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func boundPort(_ descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      let generic = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
      guard getsockname(descriptor, generic, &length) == 0 else { return nil }
      // The port stands at the same place in both families, in network order.
      return UInt16(bigEndian: UnsafeRawPointer(pointer).load(fromByteOffset: 2, as: UInt16.self))
    }
  }
}

/// A socket address for a path that is known to fit.
func unixAddress(_ path: String) -> sockaddr_un {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { target in
    for (index, byte) in path.utf8.prefix(target.count - 1).enumerated() { target[index] = byte }
  }
  return address
}
