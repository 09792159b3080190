import CPostgres

/// One `PGconn`, freed with its last holder.
///
/// `@unchecked Sendable` because only the connection's own loop calls into it.
final class LibpqHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Begins to connect; nil when there is no memory for it.
  init?(starting parameters: [(keyword: String, value: String)]) {
    let started = withCStrings(parameters.map(\.keyword)) { keywords in
      withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
    }
    guard let started else { return nil }
    pointer = started
    // Without a receiver libpq prints the server's notices to standard error.
    PQsetNoticeReceiver(started, { _, _ in }, nil)
  }

  deinit { PQfinish(pointer) }

  var socket: Int32 { PQsocket(pointer) }
  var isBad: Bool { PQstatus(pointer) == CONNECTION_BAD }
  var usesTLS: Bool { PQsslInUse(pointer) != 0 }
  var backendPID: Int32 { PQbackendPID(pointer) }
  var serverVersion: Int32 { PQserverVersion(pointer) }
  var transactionStatus: PGTransactionStatusType { PQtransactionStatus(pointer) }
  var errorMessage: String { PQerrorMessage(pointer).map { oneLine(String(cString: $0)) } ?? "" }

  func poll() -> PostgresPollingStatusType { PQconnectPoll(pointer) }

  // MARK: Pipeline

  func enterPipeline() -> Bool { PQsetnonblocking(pointer, 1) == 0 && PQenterPipelineMode(pointer) == 1 }
  func exitPipeline() -> Bool { PQexitPipelineMode(pointer) == 1 }

  func send(_ step: Step) -> Bool {
    let sql = step.sql
    switch step.action {
    case .prepare(_, let name):
      return sql.parameters.withArrays { count, types, _, _, _ in
        PQsendPrepare(pointer, name, sql.text, count, types) == 1
      }
    case .executePrepared(let name):
      return sql.parameters.withArrays { count, _, values, lengths, formats in
        PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 1) == 1
      }
    case .execute, .deallocate:
      return sql.parameters.withArrays { count, types, values, lengths, formats in
        PQsendQueryParams(pointer, sql.text, count, types, values, lengths, formats, 1) == 1
      }
    }
  }

  func sendSync() -> Bool { PQpipelineSync(pointer) == 1 }

  /// 0 when everything is out, 1 when the socket is full, -1 when the connection is lost.
  func flush() -> Int32 { PQflush(pointer) }

  func consumeInput() -> Bool {
    guard PQconsumeInput(pointer) == 1 else { return false }
    // A TLS record may hold more than one read takes, and the socket does not report what TLS has buffered.
    return !usesTLS || PQconsumeInput(pointer) == 1
  }

  /// Whether reading a result would wait.
  var isBusy: Bool { PQisBusy(pointer) == 1 }

  func nextResult() -> ResultHandle? { PQgetResult(pointer).map { ResultHandle($0) } }

  /// The next notification: its channel, payload and sender.
  func nextNotification() -> (channel: String, payload: String, pid: Int32)? {
    guard let notification = PQnotifies(pointer) else { return nil }
    defer { PQfreemem(notification) }
    let value = notification.pointee
    return (
      value.relname.map { String(cString: $0) } ?? "", value.extra.map { String(cString: $0) } ?? "", value.be_pid
    )
  }

  /// What it takes to cancel from another thread.
  func makeCancel() -> LibpqCancel? { PQgetCancel(pointer).map { LibpqCancel($0) } }
}

/// The address and key of a cancel request.
///
/// `@unchecked Sendable` because libpq makes this object to be used from another thread.
final class LibpqCancel: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { PQfreeCancel(pointer) }

  /// Delivers the request over a connection of its own; blocks until the server has taken it.
  func deliver() -> Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      PQcancel(pointer, buffer.baseAddress, 256) == 1
    }
  }
}

/// Calls `body` with a null-terminated array of C strings.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  var bytes: [CChar] = []
  var offsets: [Int] = []
  for string in strings {
    offsets.append(bytes.count)
    bytes += string.utf8CString
  }
  return bytes.withUnsafeBufferPointer { buffer in
    var pointers: [UnsafePointer<CChar>?] = offsets.map { buffer.baseAddress?.advanced(by: $0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
