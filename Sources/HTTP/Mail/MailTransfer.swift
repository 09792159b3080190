import CCurl

/// One mail on its way through libcurl; touched only by the loop that owns it.
final class MailTransfer: LoopTransfer {
  let easy: UnsafeMutableRawPointer
  let host: String
  var number = 0
  var continuation: UnsafeContinuation<CURLcode, any Error>?
  private let mail: MailSubmission?
  private var receivers: UnsafeMutablePointer<curl_slist>?
  /// libcurl writes here what went wrong; it must stay where it is.
  private let complaint = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var sent = 0
  private var isReading = false
  private var lastLine = ""
  private var answerBytes = 0

  private static let answerBytesMax = 64 * 1024

  /// Prepares a handle; nil when libcurl does not take the settings or has no memory.
  ///
  /// - Parameters:
  ///   - mail: what is handed over; nil to sign in alone.
  ///   - server: where.
  init?(_ mail: MailSubmission?, _ server: MailServer) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.mail = mail
    host = "\(server.host):\(server.port)"
    complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard configure(server) else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(receivers)
    complaint.deallocate()
  }

  private func configure(_ server: MailServer) -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    var codes = configureMail(context)
    codes += [
      wayfare_curl_set_string(easy, CURLOPT_URL, server.url),
      wayfare_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
      wayfare_curl_set_string(easy, CURLOPT_PROXY, ""),
      wayfare_curl_set_long(easy, CURLOPT_NOSIGNAL, 1),
      wayfare_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(server.timeout.nanoseconds / 1_000_000))),
      wayfare_curl_set_long(
        easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(server.connectTimeout.nanoseconds / 1_000_000))),
      wayfare_curl_set_long(
        easy, CURLOPT_USE_SSL, server.security == .none ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue)),
      wayfare_curl_set_pointer(easy, CURLOPT_HEADERDATA, context),
      wayfare_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveAnswer),
      wayfare_curl_set_pointer(easy, CURLOPT_WRITEDATA, context),
      wayfare_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveAnswer),
      wayfare_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, complaint),
    ]
    if let login = server.login {
      codes.append(wayfare_curl_set_string(easy, CURLOPT_USERNAME, login.user))
      codes.append(wayfare_curl_set_string(easy, CURLOPT_PASSWORD, login.password))
    }
    if let authorities = server.authorities {
      codes.append(wayfare_curl_set_string(easy, CURLOPT_CAINFO, authorities))
    }
    return codes.allSatisfy { $0 == CURLE_OK }
  }

  private func configureMail(_ context: UnsafeMutableRawPointer) -> [CURLcode] {
    guard let mail else { return [wayfare_curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1)] }
    receivers = curl_slist_append(nil, "<\(mail.receiver)>")
    return [
      wayfare_curl_set_string(easy, CURLOPT_MAIL_FROM, "<\(mail.sender)>"),
      wayfare_curl_set_pointer(easy, CURLOPT_MAIL_RCPT, receivers),
      wayfare_curl_set_long(easy, CURLOPT_UPLOAD, 1),
      wayfare_curl_set_size(easy, CURLOPT_INFILESIZE_LARGE, mail.bytes.count),
      wayfare_curl_set_pointer(easy, CURLOPT_READDATA, context),
      wayfare_curl_set_data_callback(easy, CURLOPT_READFUNCTION, sendMail),
    ]
  }

  /// What came of it: the server's answer where there was one that decided, else why there was none.
  func outcome(_ code: CURLcode) -> Result<MailAnswer, ClientError> {
    let reply = wayfare_curl_get_long(easy, CURLINFO_RESPONSE_CODE)
    if code == CURLE_OK { return .success(MailAnswer(code: reply, text: lastLine, stage: .data)) }
    let reason = complaint[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: complaint)
    switch code {
    case CURLE_SEND_ERROR, CURLE_LOGIN_DENIED, CURLE_USE_SSL_FAILED, CURLE_WEIRD_SERVER_REPLY,
      CURLE_REMOTE_ACCESS_DENIED:
      guard reply >= 400, reply < 600 else { return .failure(.broken(host: host, reason: reason)) }
      return .success(MailAnswer(code: reply, text: lastLine, stage: stage(code, reason)))
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .failure(.malformedURL(host))
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION:
      return .failure(.unreachable(host: host, reason: reason))
    case CURLE_OPERATION_TIMEDOUT: return .failure(.timedOut(host: host))
    default: return .failure(.broken(host: host, reason: reason))
    }
  }

  private func stage(_ code: CURLcode, _ reason: String) -> MailAnswer.Stage {
    if isReading { return .data }
    // The only place where libcurl says which command was refused.
    return code == CURLE_SEND_ERROR && !reason.hasPrefix("MAIL") ? .receiver : .session
  }

  // MARK: What libcurl calls

  fileprivate func fill(_ room: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    isReading = true
    guard let mail else { return 0 }
    let piece = mail.bytes[sent...].prefix(count)
    for (index, byte) in piece.enumerated() { room[index] = CChar(bitPattern: byte) }
    sent += piece.count
    return piece.count
  }

  fileprivate func hear(_ bytes: UnsafeRawBufferPointer) -> Bool {
    answerBytes += bytes.count
    guard answerBytes <= MailTransfer.answerBytesMax else { return false }
    let line = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
    // "221" answers the farewell that libcurl says after everything else.
    guard !line.hasPrefix("221") else { return true }
    lastLine = String(line.dropFirst(4).prefix(400))
    return true
  }
}

private func sendMail(
  _ room: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let room, let context else { return Int(CURL_READFUNC_ABORT) }
  return Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().fill(room, size * count)
}

private func receiveAnswer(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.hear(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
