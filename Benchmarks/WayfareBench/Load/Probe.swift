import CLinux
import Glibc

/// One request on a connection of its own, to see whether and what a server answers.
enum Probe {
  /// The body of the answer.
  ///
  /// - Throws: `BenchmarkError`: `system` if there is no connection, `wrongAnswers` if the answer is not a whole one with
  ///   this status.
  static func body(
    port: UInt16, request: [UInt8], name: String, status: Int = 200
  ) throws(BenchmarkError) -> [UInt8] {
    let descriptor = try Loopback.connect(port: port)
    defer { close(descriptor) }
    guard
      request.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) })
        == request.count
    else { throw .system(call: "send", code: errno) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count < 16 << 20 {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      bytes += chunk[..<count]
      let answer = bytes.withUnsafeBytes { try? Answer($0) }
      guard let answer, bytes.count >= answer.end else { continue }
      guard answer.status == status else {
        let text = String(decoding: bytes[answer.bodyStart...].prefix(400), as: UTF8.self)
        throw .wrongAnswers("\(name) answered \(answer.status) where \(status) was expected: \(text)")
      }
      return Array(bytes[answer.bodyStart..<answer.end])
    }
    throw .wrongAnswers("\(name) gave no whole answer with a Content-Length within 5 seconds")
  }
}
