import Testing

@testable import HTTP

@Suite("Response fields")
struct HTTPFieldsTests {
  @Test("keep their order and are found whatever the case of their names")
  func order() {
    var fields: HTTPFields = ["A": "1", "B": "2"]
    fields.append("a", "3")
    #expect(fields.all.map { "\($0.name)=\($0.value)" } == ["A=1", "B=2", "a=3"])
    #expect(fields["b"] == "2")
    #expect(fields["A"] == "1")
    #expect(!fields.contains("AB"))
    #expect(fields[""] == nil)
  }

  @Test("are replaced, removed and added to lists")
  func editing() {
    var fields: HTTPFields = ["A": "1", "Vary": "Origin", "a": "3"]
    fields.set("A", "4")
    #expect(fields.all.map { "\($0.name)=\($0.value)" } == ["Vary=Origin", "A=4"])
    fields.appendToList("vary", "Accept-Encoding")
    fields.appendToList("Vary", "origin")
    #expect(fields["Vary"] == "Origin, Accept-Encoding")
    fields.setIfAbsent("A", "5")
    fields.setIfAbsent("B", "6")
    fields["a"] = nil
    #expect(fields.all.map { "\($0.name)=\($0.value)" } == ["vary=Origin, Accept-Encoding", "B=6"])
  }

  @Test(
    "never let a value or a name end its line, whatever bytes they hold", arguments: [UInt64.random(in: 0...UInt64.max)]
  )
  func injection(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let alphabet = Array("a:\r\n\0\t \u{7F}é\"".unicodeScalars)
      func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
          if let scalar = alphabet.randomElement(using: &random) { text.unicodeScalars.append(scalar) }
        }
        return text
      }
      var fields = HTTPFields()
      fields.append(text(), text())
      fields.append("X", text())
      let lines = fields.wire.split(separator: 0x0A, omittingEmptySubsequences: false)
      #expect(lines.count == 3 && lines[2].isEmpty, "seed \(seed)")
      for line in lines.dropLast() {
        #expect(line.last == 0x0D && !line.dropLast().contains { $0 < 0x20 && $0 != 9 || $0 == 0x7F }, "seed \(seed)")
      }
      #expect(fields.all.count == 2)
    }
  }

  @Test("show what was replaced")
  func visible() {
    var fields = HTTPFields()
    fields.append("X\r\nY", "a\r\nSet-Cookie: b\0")
    #expect(String(decoding: fields.wire, as: UTF8.self) == "X__Y: a??Set-Cookie: b?\r\n")
    fields = HTTPFields()
    fields.append("", "")
    #expect(String(decoding: fields.wire, as: UTF8.self) == "_: \r\n")
  }
}

@Suite("The response serialiser")
struct ResponseSerializerTests {
  private func head(
    _ response: Response, keepAlive: Bool = true, chunked: Bool = false, contentLength: Int? = 0,
    version: HTTPVersion = .http11, date: String = ""
  ) -> String {
    var output: [UInt8] = []
    ResponseSerializer.appendHead(
      response, to: &output, date: Array(date.utf8), keepAlive: keepAlive, chunked: chunked,
      contentLength: contentLength, version: version)
    return String(decoding: output, as: UTF8.self)
  }

  @Test("writes a head in full")
  func whole() {
    let response = Response(status: .created, fields: ["Location": "/v1/trips/7"])
    #expect(
      head(response, contentLength: 1234, date: "Sun, 06 Nov 1994 08:49:37 GMT") == """
        HTTP/1.1 201 Created\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Location: /v1/trips/7\r
        Content-Length: 1234\r
        \r

        """)
  }

  @Test("says how the body ends and what becomes of the connection")
  func framing() {
    let ok = Response(status: .ok)
    #expect(head(ok) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(head(ok, chunked: true) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    #expect(head(ok, keepAlive: false, contentLength: nil) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    #expect(head(ok, contentLength: nil, version: .http10) == "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n")
    #expect(head(Response(status: .noContent)) == "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(head(Response(status: HTTPStatus(code: 299))) == "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n")
  }

  @Test("leaves out the fields that the server writes itself, whoever sets them")
  func serverFields() {
    let fields: HTTPFields = [
      "content-length": "7", "Transfer-Encoding": "chunked", "A": "b", "Connection": "x", "Keep-Alive": "y",
      "Date": "z", "Upgrade": "u", "Trailer": "t",
    ]
    #expect(head(Response(status: .ok, fields: fields)) == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n")
  }

  @Test("writes numbers", arguments: [0, 9, 10, 99, 100, 12_345, Int.max])
  func numbers(_ number: Int) {
    let text = String(unsafeUninitializedCapacity: ByteWriter.decimalMax) { memory in
      var writer = ByteWriter(memory)
      writer.putDecimal(number)
      return writer.count
    }
    #expect(text == String(number))
  }

  @Test("the room that is made for a head is enough for every status and whatever stands behind it")
  func room() {
    for code in 100...599 {
      for version in [HTTPVersion.http10, .http11] {
        for keepAlive in [true, false] {
          let response = Response(status: HTTPStatus(code: code), fields: ["A": "b"])
          let text = head(
            response, keepAlive: keepAlive, contentLength: Int.max, version: version,
            date: "Sun, 06 Nov 1994 08:49:37 GMT")
          #expect(text.hasSuffix("\r\n\r\n"), "\(code)")
        }
      }
    }
  }
}
