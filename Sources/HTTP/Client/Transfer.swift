import CCurl
import CLinux
import Glibc

/// One request on its way through libcurl; touched only by the loop that owns it.
final class Transfer: LoopTransfer {
  let easy: UnsafeMutableRawPointer
  let host: String
  var number = 0
  private let request: ClientRequest
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private(set) var fields: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  private var headerBytes = 0
  private var isTooLarge = false
  private var metPrivateAddress = false
  var continuation: UnsafeContinuation<CURLcode, any Error>?

  private static let headerBytesMax = 256 * 1024

  /// Prepares a handle; nil when libcurl does not take the URL or has no memory.
  init?(_ request: ClientRequest, host: String, timeout: Duration) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.host = host
    self.request = request
    guard configure(timeout: timeout) else {
      curl_easy_cleanup(easy)
      return nil
    }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
  }

  private func configure(timeout: Duration) -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    var codes = [
      wayfare_curl_set_string(easy, CURLOPT_URL, request.url),
      wayfare_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
      wayfare_curl_set_string(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
      wayfare_curl_set_long(easy, CURLOPT_NOSIGNAL, 1),
      wayfare_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(timeout.nanoseconds / 1_000_000))),
      wayfare_curl_set_long(
        easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.connectTimeout.nanoseconds / 1_000_000))),
      wayfare_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, request.redirectsMax > 0 ? 1 : 0),
      wayfare_curl_set_long(easy, CURLOPT_MAXREDIRS, request.redirectsMax),
      wayfare_curl_set_string(easy, CURLOPT_ACCEPT_ENCODING, ""),
      wayfare_curl_set_long(easy, CURLOPT_FRESH_CONNECT, request.isSentOnce ? 1 : 0),
      wayfare_curl_set_pointer(easy, CURLOPT_PRIVATE, context),
      wayfare_curl_set_pointer(easy, CURLOPT_WRITEDATA, context),
      wayfare_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody),
      wayfare_curl_set_pointer(easy, CURLOPT_HEADERDATA, context),
      wayfare_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader),
    ]
    codes += configureMethod()
    codes.append(configureFields())
    if request.reach == .publicAddresses {
      // Judged where the socket is opened: neither a name that resolves anew nor a redirect gets around it.
      codes.append(wayfare_curl_set_open_callback(easy, openPublicSocket, context))
      codes.append(wayfare_curl_set_string(easy, CURLOPT_PROXY, ""))
    }
    return codes.allSatisfy { $0 == CURLE_OK }
  }

  private func configureMethod() -> [CURLcode] {
    if request.method == .head { return [wayfare_curl_set_long(easy, CURLOPT_NOBODY, 1)] }
    var codes: [CURLcode] = []
    if !request.body.isEmpty || request.method == .post || request.method == .put || request.method == .patch {
      codes.append(wayfare_curl_set_long(easy, CURLOPT_POST, 1))
      codes.append(wayfare_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, Int(request.body.count)))
      codes.append(
        request.body.withUnsafeBytes { bytes in
          wayfare_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(easy))
        })
    }
    if !(request.method == .get && request.body.isEmpty) {
      codes.append(wayfare_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
    }
    return codes
  }

  private func configureFields() -> CURLcode {
    // libcurl would wait a second for "100 Continue" before a larger body.
    headerList = curl_slist_append(nil, "Expect:")
    for field in request.fields.all { headerList = curl_slist_append(headerList, "\(field.name): \(field.value)") }
    return wayfare_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
  }

  /// What came of it.
  func outcome(_ code: CURLcode) -> Result<ClientResponse, ClientError> {
    if code == CURLE_OK {
      return .success(
        ClientResponse(status: wayfare_curl_get_long(easy, CURLINFO_RESPONSE_CODE), fields: fields, body: body))
    }
    if metPrivateAddress { return .failure(.privateAddress(host: host)) }
    if isTooLarge { return .failure(.tooLarge(host: host, limit: request.responseBytesMax)) }
    let reason = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .failure(.malformedURL(request.url))
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_SSL_CONNECT_ERROR,
      CURLE_PEER_FAILED_VERIFICATION:
      return .failure(.unreachable(host: host, reason: reason))
    case CURLE_OPERATION_TIMEDOUT:
      let isConnected = wayfare_curl_get_long(easy, CURLINFO_REQUEST_SIZE) > 0
      return .failure(isConnected ? .timedOut(host: host) : .unreachable(host: host, reason: "no connection in time"))
    case CURLE_TOO_MANY_REDIRECTS: return .failure(.tooManyRedirects(host: host))
    default: return .failure(.broken(host: host, reason: reason))
    }
  }

  // MARK: What libcurl calls

  fileprivate func append(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= request.responseBytesMax else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  fileprivate func append(header bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Transfer.headerBytesMax else {
      isTooLarge = true
      return false
    }
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // A redirect or "100 Continue" came before: only the last answer counts.
      fields = []
      body = []
      return true
    }
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { fields.append((String(parts[0]), parts[1].trimmedOfBlanks)) }
    return true
  }

  fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    guard AddressRules.isPublic(wayfare_curl_address(address), length: Int(address.pointee.addrlen)) else {
      metPrivateAddress = true
      return -1
    }
    return wayfare_socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
  }
}

extension Substring {
  fileprivate var trimmedOfBlanks: String {
    var bytes = utf8[...]
    while let first = bytes.first, first == 32 || first == 9 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 32 || last == 9 || last == 13 || last == 10 { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}

/// Hands bytes from libcurl to a transfer; anything but their full count makes libcurl give up.
private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ append: (Transfer, UnsafeRawBufferPointer) -> Bool
) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  return append(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  receive(bytes, size * count, context) { $0.append(body: $1) }
}

private func receiveHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  receive(bytes, size * count, context) { $0.append(header: $1) }
}

private func openPublicSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context, let address else { return -1 }
  return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().openSocket(address)
}
