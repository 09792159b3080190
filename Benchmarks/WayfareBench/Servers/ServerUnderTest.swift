import Glibc

/// A server that listens on 127.0.0.1, the request it is asked, and the process whose time and memory are read.
struct ServerUnderTest {
  let name: String
  let port: UInt16
  let process: pid_t
  let request: [UInt8]
  /// What it is asked in turn, where that is not one request alone.
  var requests: [[UInt8]] = []
  /// What every answer must hold; nil where answers differ by themselves, and only their length is checked.
  let expectedBody: [UInt8]?
  /// What every answer must say.
  var expectedStatus = 200

  /// Whether a body is the one that was expected.
  func expects(_ body: UnsafeRawBufferPointer) -> Bool {
    guard let expectedBody else { return true }
    guard body.count == expectedBody.count, let start = body.baseAddress else {
      return body.count == expectedBody.count
    }
    return expectedBody.withUnsafeBytes { expected in
      expected.baseAddress.map { memcmp(start, $0, body.count) == 0 } ?? true
    }
  }

  /// A GET with the fields that a page of another origin sends, so that no middleware is passed over.
  static func request(port: UInt16, path: String) -> [UInt8] {
    Array(
      """
      GET \(path) HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      User-Agent: wayfare-bench\r
      Accept: application/json\r
      Accept-Encoding: gzip\r
      Origin: \(SampleServer.origin)\r
      \r

      """.utf8)
  }
}
