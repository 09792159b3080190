import CZlib
import Testing

@testable import HTTP

@Suite("Compression")
struct CompressionTests {
  private static let long = String(repeating: "{\"name\":\"Roma Termini\"},", count: 100)

  private func answer(
    accepting encoding: String?, type: String = "application/json", text: String = long, fields: HTTPFields = [:],
    status: HTTPStatus = .ok
  ) async throws -> Response {
    let request = try Request.make(headers: encoding.map { [("Accept-Encoding", $0)] } ?? [])
    return try await Compression().answer(to: request) { _, _ in
      var all: HTTPFields = ["Content-Type": type]
      all.append(contentsOf: fields)
      return Response(status: status, fields: all, body: .bytes(Array(text.utf8)))
    }
  }

  /// Undoes gzip with zlib's own inflate.
  private static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    try #require(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { inflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: 1 << 20)
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    try #require(status == Z_STREAM_END)
    return Array(output.prefix(Int(stream.total_out)))
  }

  @Test("comes off again, and the answer says so")
  func roundTrip() async throws {
    let response = try await answer(accepting: "gzip", fields: ["ETag": "\"v7\"", "Vary": "Origin"])
    guard case .bytes(let bytes) = response.body else { return #expect(Bool(false), "no bytes") }
    #expect(bytes.count < Self.long.utf8.count / 10)
    #expect(try Self.inflated(bytes) == Array(Self.long.utf8))
    #expect(response.fields["Content-Encoding"] == "gzip")
    #expect(response.fields["ETag"] == "W/\"v7\"")
    #expect(response.fields["Vary"] == "Origin, Accept-Encoding")
  }

  @Test("of random bodies of all sizes comes off again", arguments: [UInt64.random(in: 0...UInt64.max)])
  func random(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pool = GzipPool(level: 1)
    for _ in 0..<200 {
      let alphabet = UInt8.random(in: 1...30, using: &random)
      let count = Int.random(in: 0...5000, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...alphabet, using: &random) }
      if let compressed = pool.compress(bytes) {
        #expect(try Self.inflated(compressed) == bytes, "seed \(seed)")
        #expect(compressed.count < bytes.count)
      }
    }
    #expect(pool.compress((0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }) == nil)
  }

  @Test(
    "follows what the caller accepts",
    arguments: [
      (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, br", false),
      ("gzip, deflate, br", true), ("*", true), ("*;q=0", false), ("gzip;q=0", false), ("gzip;q=0.0", false),
      ("gzip;q=0.001", true), ("gzip;q=0, *", false), ("identity;q=1, gzip;q=0.5", false),
      ("identity;q=0.5, gzip;q=1.0", true), ("identity;q=0, *", true), ("gzip;q=2", false), ("gzip;q=0.1234", false),
      ("gzip;q=", false), ("gzip;q=x", false), ("gzip ; Q=0.5", true), ("br;q=1,\tgzip;q=0.8", true), ("gzipx", false),
    ])
  func negotiation(_ accepted: String?, _ isCompressed: Bool) async throws {
    let response = try await answer(accepting: accepted)
    #expect(response.fields.contains("Content-Encoding") == isCompressed)
    #expect(response.fields["Vary"] == "Accept-Encoding")
  }

  @Test("leaves alone what is short, long, not text, encoded already or not to be changed")
  func exceptions() async throws {
    func isCompressed(_ response: Response) -> Bool { response.fields.contains("Content-Encoding") }
    #expect(try await !isCompressed(answer(accepting: "gzip", text: String(repeating: "a", count: 1023))))
    #expect(try await isCompressed(answer(accepting: "gzip", text: String(repeating: "a", count: 1024))))
    #expect(try await isCompressed(answer(accepting: "gzip, identity;q=0", text: String(repeating: "a", count: 100))))
    #expect(try await isCompressed(answer(accepting: "gzip", text: String(repeating: "a", count: 128 * 1024))))
    #expect(try await !isCompressed(answer(accepting: "gzip", text: String(repeating: "a", count: 128 * 1024 + 1))))
    #expect(try await !isCompressed(answer(accepting: "gzip", fields: ["Cache-Control": "no-store, no-transform"])))
    #expect(try await !isCompressed(answer(accepting: "gzip", status: .partialContent)))
    #expect(try await answer(accepting: "gzip", fields: ["Content-Encoding": "br"]).fields["Content-Encoding"] == "br")
  }

  @Test(
    "knows text by its type",
    arguments: [
      ("text/html", true), ("TEXT/PLAIN; charset=utf-8", true), ("application/problem+json", true),
      ("image/svg+xml", true), ("application/json;charset=utf-8", true), ("text/event-stream", false),
      ("image/png", false), ("application/zip", false), ("application/octet-stream", false), ("", false),
    ])
  func types(_ type: String, _ isTextual: Bool) {
    #expect(Compression.isTextual(type) == isTextual)
  }

  @Test("lets streams pass as they are")
  func streams() async throws {
    let request = try Request.make(headers: [("Accept-Encoding", "gzip")])
    let response = try await Compression().answer(to: request) { _, _ in
      Response(status: .ok, fields: ["Content-Type": "text/plain"], body: .stream(length: nil) { _ in })
    }
    #expect(!response.fields.contains("Content-Encoding"))
    guard case .stream = response.body else { return #expect(Bool(false), "no stream") }
  }
}
