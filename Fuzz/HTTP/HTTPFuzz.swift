import HTTP

/// What libFuzzer calls with every input: bytes as they might come over a connection.
///
/// The laws: nothing crashes, nothing is used up that is not there, and how the bytes were cut does not matter, neither
/// for heads nor for chunked bodies.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: size))
  var cuts = Cuts(bytes)
  checkConnection(bytes, &cuts)
  checkChunked(bytes, &cuts)
  return 0
}

/// Reads requests one behind another, with their bodies, until the bytes run out or are refused.
private func checkConnection(_ bytes: [UInt8], _ cuts: inout Cuts) {
  var rest = bytes
  for _ in 0..<8 where !rest.isEmpty {
    let whole = Head.parsing(rest, cuts: [])
    let pieces = Head.parsing(rest, cuts: cuts.next(rest.count))
    precondition(whole == pieces, "the outcome depends on how the head was cut")
    guard case .parsed(let head, let consumed) = whole else { return }
    precondition(consumed > 0 && consumed <= rest.count, "more was used up than was there")
    rest.removeFirst(consumed)
    switch head.framing {
    case .none: continue
    case .length(let length): rest.removeFirst(min(length, rest.count))
    case .chunked:
      guard let consumed = checkChunked(rest, &cuts) else { return }
      rest.removeFirst(consumed)
    }
  }
}

/// Reads a chunked body; nil if it does not end.
@discardableResult
private func checkChunked(_ bytes: [UInt8], _ cuts: inout Cuts) -> Int? {
  let whole = Body.decoding(bytes, cuts: [])
  let pieces = Body.decoding(bytes, cuts: cuts.next(bytes.count))
  precondition(whole == pieces, "the outcome depends on how the body was cut")
  precondition(whole.data.count <= bytes.count, "more came out than went in")
  return whole.isFinished ? whole.consumed : nil
}

/// What became of a head.
private enum Head: Equatable {
  case incomplete
  case refused(HTTPParseError)
  case parsed(RequestHead, consumed: Int)

  static func parsing(_ bytes: [UInt8], cuts: [Int]) -> Head {
    var parser = RequestParser(limits: HTTPLimits())
    for end in cuts + [bytes.count] {
      do throws(HTTPParseError) {
        // A copy of its own, so that the address sanitizer sees a step beyond its end.
        let outcome = Array(bytes[..<end]).withUnsafeBytes { buffer in
          Result { () throws(HTTPParseError) in try parser.parseHead(buffer) }
        }
        if let parsed = try outcome.get() { return .parsed(parsed.head, consumed: parsed.consumed) }
      } catch {
        return .refused(error)
      }
    }
    return .incomplete
  }

  static func == (a: Head, b: Head) -> Bool {
    switch (a, b) {
    case (.incomplete, .incomplete): true
    case (.refused(let a), .refused(let b)): a == b
    case (.parsed(let a, let consumedByA), .parsed(let b, let consumedByB)):
      consumedByA == consumedByB && summary(a) == summary(b)
    default: false
    }
  }

  /// Everything that can be asked of a head, so that asking is fuzzed too.
  private static func summary(_ head: RequestHead) -> [String] {
    var names: [String] = []
    do throws(Problem) {
      for name in try head.query.names() { names += [name] + (try head.query.values(name)) }
    } catch {
      names.append("\(error.status) \(error.detail ?? "")")
    }
    return [
      "\(head.method) \(head.version) \(head.framing) \(head.keepAlive) \(head.expectsContinue)", head.path,
      head.pathString, head.rawQuery, head.host ?? "none", "\(RequestID(head) == RequestID(head))",
    ] + head.headers.flatMap { [$0.name, $0.value, head.header($0.name) ?? "lost"] } + names
  }
}

/// What became of a chunked body.
private struct Body: Equatable {
  var data: [UInt8] = []
  var consumed = 0
  var isFinished = false
  var refusal: HTTPParseError?

  static func decoding(_ bytes: [UInt8], cuts: [Int]) -> Body {
    var decoder = ChunkedDecoder(limits: HTTPLimits())
    var body = Body()
    var start = 0
    for end in cuts + [bytes.count] where !body.isFinished {
      do throws(HTTPParseError) {
        let outcome = Array(bytes[start..<end]).withUnsafeBytes { buffer in
          Result { () throws(HTTPParseError) in try decoder.decode(buffer, into: &body.data) }
        }
        let step = try outcome.get()
        precondition(step.consumed <= end - start, "more was used up than was there")
        precondition(step.finished || step.consumed == end - start, "bytes were left though the body goes on")
        body.consumed += step.consumed
        body.isFinished = step.finished
        start = end
      } catch {
        // What was decoded before the error may differ: it is thrown away with the connection.
        return Body(refusal: error)
      }
    }
    return body
  }
}

/// Places at which bytes are cut, the same for the same bytes, so that a finding can be replayed.
private struct Cuts {
  private var state: UInt64

  init(_ bytes: [UInt8]) {
    state = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  mutating func next(_ count: Int) -> [Int] {
    (0..<(random() % 8)).map { _ in Int(random() % UInt64(count + 1)) }.sorted()
  }

  private mutating func random() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
