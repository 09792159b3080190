import Testing

@testable import JSON

/// RFC 6901, 6902 and 7396, case by case.
@Suite("Patches")
struct JSONPatchTests {
  private struct Case: CustomTestStringConvertible {
    let document: String
    let patch: String
    /// Nil where the patch cannot be applied or is none.
    let result: String?

    var testDescription: String { "\(document) + \(patch)" }

    init(_ document: String, _ patch: String, _ result: String?) {
      (self.document, self.patch, self.result) = (document, patch, result)
    }
  }

  private static func value(_ text: String) throws -> JSONValue {
    try JSONValue(json: JSONDocument(text: text).root)
  }

  private static let cases: [Case] = [
    Case(#"{}"#, #"[]"#, #"{}"#),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"b":2,"a":1}"#),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/a","value":2}]"#, #"{"a":2}"#),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"","value":[1]}]"#, #"[1]"#),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/b/c","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/a/c","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/","value":3}]"#, #"{"a":1,"":3}"#),
    Case(#"{"a":null}"#, #"[{"op":"test","path":"/a","value":null}]"#, #"{"a":null}"#),
    Case(#"{"a":null}"#, #"[{"op":"test","path":"/b","value":null}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/1","value":2}]"#, #"[1,2,3]"#),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/2","value":4}]"#, #"[1,3,4]"#),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/-","value":4}]"#, #"[1,3,4]"#),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/3","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/01","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/+1","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/-1","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/1e0","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"add","path":"/9999999999999999999999","value":4}]"#, nil),
    Case(#"[1,3]"#, #"[{"op":"replace","path":"/-","value":4}]"#, nil),
    Case(#"[[]]"#, #"[{"op":"add","path":"/0/-","value":{"a":[]}}]"#, #"[[{"a":[]}]]"#),
    Case(#"{"a":1,"b":[1,2]}"#, #"[{"op":"remove","path":"/b/0"}]"#, #"{"a":1,"b":[2]}"#),
    Case(#"{"a":1}"#, #"[{"op":"remove","path":"/b"}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"remove","path":""}]"#, nil),
    Case(#"[1]"#, #"[{"op":"remove","path":"/1"}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"replace","path":"/a","value":null}]"#, #"{"a":null}"#),
    Case(#"{"a":1}"#, #"[{"op":"replace","path":"/b","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":2}}]"#, #"{"b":2}"#),
    Case(#"{"a":{"b":1},"c":{}}"#, #"[{"op":"move","from":"/a/b","path":"/c/d"}]"#, #"{"a":{},"c":{"d":1}}"#),
    Case(#"[1,2,3,4]"#, #"[{"op":"move","from":"/1","path":"/3"}]"#, #"[1,3,4,2]"#),
    Case(#"[1,2,3,4]"#, #"[{"op":"move","from":"/3","path":"/0"}]"#, #"[4,1,2,3]"#),
    Case(#"[1,2]"#, #"[{"op":"move","from":"/0","path":"/2"}]"#, nil),
    Case(#"{"a":{"b":{}}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
    Case(#"{"a":1}"#, #"[{"op":"move","from":"/b","path":"/b"}]"#, nil),
    Case(#"{"a":{"b":1},"ab":2}"#, #"[{"op":"move","from":"/a","path":"/ab"}]"#, #"{"ab":{"b":1}}"#),
    Case(
      #"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/0","value":0}]"#,
      #"{"a":[1],"b":[0,1]}"#),
    Case(#"{"a":1}"#, #"[{"op":"copy","from":"/c","path":"/b"}]"#, nil),
    Case(
      #"{"a/b":1,"m~n":2}"#, #"[{"op":"test","path":"/a~1b","value":1},{"op":"test","path":"/m~0n","value":2}]"#,
      #"{"a/b":1,"m~n":2}"#),
    Case(#"{"~1":1}"#, #"[{"op":"test","path":"/~01","value":1}]"#, #"{"~1":1}"#),
    Case(#"{"a":1}"#, #"[{"op":"test","path":"/a~2","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"test","path":"a","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"test","path":"/a","value":"1"}]"#, nil),
    Case(#"{"a":1.0}"#, #"[{"op":"test","path":"/a","value":10e-1}]"#, #"{"a":1}"#),
    Case(#"{"a":0}"#, #"[{"op":"test","path":"/a","value":-0.0}]"#, #"{"a":0}"#),
    Case(#"{"a":1e2}"#, #"[{"op":"test","path":"/a","value":100.00}]"#, #"{"a":100}"#),
    Case(#"{"a":1e400}"#, #"[{"op":"test","path":"/a","value":1e401}]"#, nil),
    Case(#"{"a":{"x":1,"y":[2]}}"#, #"[{"op":"test","path":"/a","value":{"y":[2],"x":1}}]"#, #"{"a":{"x":1,"y":[2]}}"#),
    Case(#"{"a":[1,2]}"#, #"[{"op":"test","path":"/a","value":[2,1]}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"test","path":"","value":{"a":1}}]"#, #"{"a":1}"#),
    Case(#""x""#, #"[{"op":"add","path":"/a","value":1}]"#, nil),
    // All or nothing.
    Case(#"{"a":1}"#, #"[{"op":"add","path":"/b","value":1},{"op":"remove","path":"/c"}]"#, nil),
    // What is no patch.
    Case(#"{}"#, #"{"op":"add","path":"/a","value":1}"#, nil),
    Case(#"{}"#, #"[{"op":"spam","path":"/a","value":1}]"#, nil),
    Case(#"{}"#, #"[{"op":"add","path":"/a"}]"#, nil),
    Case(#"{}"#, #"[{"op":"add","value":1}]"#, nil),
    Case(#"{"a":1}"#, #"[{"op":"copy","path":"/b"}]"#, nil),
    Case(#"{}"#, #"[{"path":"/a","value":1}]"#, nil),
    Case(#"{}"#, #"[{"op":"add","path":"/a","value":1,"note":"ignored"}]"#, #"{"a":1}"#),
    Case(#"{"e\u0301":1}"#, #"[{"op":"test","path":"/\u00e9","value":1}]"#, nil),
  ]

  @Test("a patch gives what RFC 6902 says, or nothing", arguments: cases)
  private func patches(one: Case) throws {
    let document = try Self.value(one.document)
    let result: JSONValue?
    do {
      result = try JSONPatch(json: JSONDocument(text: one.patch).root).applied(to: document)
    } catch {
      result = nil
    }
    #expect(result == (try one.result.map(Self.value)))
  }

  @Test("a fault names its operation, and a failed test is told apart")
  func faults() throws {
    let patch = #"[{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":2}]"#
    let error = #expect(throws: JSONPatchError.self) {
      try JSONPatch(json: JSONDocument(text: patch).root).applied(to: Self.value(#"{"a":1}"#))
    }
    #expect(error?.index == 1 && error?.isFailedTest == true)
    let unread = #expect(throws: JSONError.self) {
      try JSONPatch(json: JSONDocument(text: #"[{"op":"add","path":"b","value":1}]"#).root)
    }
    #expect(unread?.pointer == "/0/path")
  }

  @Test("a patch that doubles what it copies is stopped")
  func bombs() throws {
    let copies = (0..<40).map { #"{"op":"copy","from":"","path":"/a\#($0)"}"# }.joined(separator: ",")
    let patch = try JSONPatch(json: JSONDocument(text: "[\(copies)]").root)
    #expect(throws: JSONPatchError.self) { try patch.applied(to: Self.value(#"{"a":[1,2,3]}"#)) }
  }

  private static let merges: [Case] = [
    Case(#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    Case(#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    Case(#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    Case(#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    Case(#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    Case(#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
    Case(#"["a"]"#, #"["c"]"#, #"["c"]"#),
    Case(#"{"a":"foo"}"#, #"null"#, #"null"#),
    Case(#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
    Case(#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
    Case(#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ]

  @Test("a merge patch gives what RFC 7396 says", arguments: merges)
  private func merging(one: Case) throws {
    #expect(try Self.value(one.document).merged(with: Self.value(one.patch)) == Self.value(one.result ?? ""))
  }
}
