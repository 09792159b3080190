import Testing

@testable import Telemetry

private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
private let span = "00f067aa0ba902b7"

@Suite("Trace context")
struct TraceContextTests {
  @Test(
    "a good traceparent is read",
    arguments: [
      ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-03", true),
      ("00-\(trace)-\(span)-fe", false), ("00-\(trace)-\(span)-ff", true),
      ("00-00000000000000000000000000000001-0000000000000001-01", true),
      // Later versions may say more after a dash.
      ("cc-\(trace)-\(span)-01", true), ("01-\(trace)-\(span)-01-what-the-future-holds", true),
      ("fe-\(trace)-\(span)-00-", false),
    ])
  func good(header: String, isSampled: Bool) throws {
    let context = try #require(TraceContext(traceparent: header))
    #expect(context.isSampled == isSampled)
    let parts = header.split(separator: "-")
    #expect(context.traceID.description == parts[1] && context.spanID.description == parts[2])
    #expect(context.traceparent == "00-\(parts[1])-\(parts[2])-\(isSampled ? "01" : "00")")
  }

  @Test(
    "a bad traceparent starts a new trace",
    arguments: [
      "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-01-",
      "00-\(trace)-\(span)-01-more", "00-\(trace)-\(span)-011", "ff-\(trace)-\(span)-01", "FF-\(trace)-\(span)-01",
      "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", "00-\(trace)-00F067AA0BA902B7-01", "00-\(trace)-\(span)-0A",
      "0-\(trace)-\(span)-01", "000-\(trace)-\(span)-01", "00_\(trace)_\(span)_01", "00-\(trace)-\(span)-0g",
      "00-\(trace.dropLast())-\(span)-01", "00-\(trace)0-\(span)-01", "00-\(trace)-\(span)0-01",
      " 00-\(trace)-\(span)-01",
      "00-\(trace)-\(span)-01 ", "cc-\(trace)-\(span)-01.what", "cc-\(trace)-\(span)-01what", "xx-\(trace)-\(span)-01",
      "00-\(trace.dropLast())é-\(span)-01",
    ])
  func bad(header: String) {
    #expect(TraceContext(traceparent: header) == nil)
  }

  @Test(
    "a good tracestate is handed on in its order",
    arguments: [
      (["a=1"], "a=1"), (["foo=1,bar=2"], "foo=1,bar=2"), (["foo=1", "bar=2"], "foo=1,bar=2"),
      (["foo=1 \t, \tbar=2"], "foo=1,bar=2"), (["foo=1,,,bar=2,"], "foo=1,bar=2"),
      (["fw529a3039@dt=FfD 1!~"], "fw529a3039@dt=FfD 1!~"),
      (["0tenant@sys=x"], "0tenant@sys=x"), (["a_-*/0=1"], "a_-*/0=1"), ([""], nil), ([], nil), ([" ", "\t"], nil),
      (["\(String(repeating: "z", count: 256))=v"], "\(String(repeating: "z", count: 256))=v"),
      (
        ["\(String(repeating: "t", count: 241))@\(String(repeating: "s", count: 14))=v"],
        "\(String(repeating: "t", count: 241))@\(String(repeating: "s", count: 14))=v"
      ),
      (["k=\(String(repeating: "v", count: 256))"], "k=\(String(repeating: "v", count: 256))"),
    ] as [([String], String?)])
  func goodState(headers: [String], expected: String?) throws {
    #expect(try #require(TraceState(headers: headers)).header == expected)
  }

  @Test(
    "a bad tracestate is dropped and leaves the trace as it is",
    arguments: [
      ["foo"], ["foo="], ["=1"], ["foo =1"], ["Foo=1"], ["foo=1,foo=2"], ["foo=1", "foo=1"], ["foo=1=2"], ["foo@=1"],
      ["@foo=1"], ["foo@bar@baz=1"], ["foo@1bar=1"], ["0foo=1"], ["_a=1"], ["foo=é"], ["foo=\u{7F}"], ["foo=a\tb"],
      ["foo.bar=1"], ["\(String(repeating: "z", count: 257))=v"], ["k=\(String(repeating: "v", count: 257))"],
      ["\(String(repeating: "t", count: 242))@s=v"], ["t@\(String(repeating: "s", count: 15))=v"],
      [(0...32).map { "k\($0)=v" }.joined(separator: ",")],
    ])
  func badState(headers: [String]) throws {
    #expect(TraceState(headers: headers) == nil)
    let context = try #require(TraceContext(traceparent: "00-\(trace)-\(span)-01", tracestate: headers))
    #expect(context.state.header == nil)
    #expect(context.traceID.description == trace)
  }

  @Test("32 members are handed on, and of too many bytes the long members go first, then the oldest")
  func stateLimits() throws {
    let many = (0..<32).map { "k\($0)=v" }.joined(separator: ",")
    #expect(try #require(TraceState(headers: [many])).header == many)
    let long = "long=\(String(repeating: "v", count: 200))"
    let short = (0..<9).map { "k\($0)=\(String(repeating: "v", count: 50))" }
    let kept = try #require(TraceState(headers: ["new=1", long, short.joined(separator: ",")]))
    #expect(kept.header == (["new=1"] + short).joined(separator: ","))
    let shorter = (0..<20).map { "k\(String($0, radix: 20))=\(String(repeating: "v", count: 47))" }
    #expect(try #require(TraceState(headers: shorter)).header == shorter.prefix(10).joined(separator: ","))
  }
}
