import Testing

@testable import JSON

private enum Pace: String, CaseIterable, JSONReadable, JSONWritable {
  case slow, steady, quick
}

private struct Guest: JSONReadable, Equatable {
  let name: String
  let age: UInt8

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "name", optional: "age")
    name = try object.required("name", length: 1...5)
    age = try object.optional("age") ?? 0
  }
}

private struct Trip: JSONReadable {
  let name: String
  let nights: Int
  let party: [Guest]
  let pace: Pace?
  let budget: Double?

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(fields: "name", "nights", "party", "pace", "budget")
    name = try object.required("name", length: 1...20)
    nights = try object.optional("nights", in: 1...60) ?? 3
    party = try object.optional("party", count: 1...2) ?? []
    pace = try object.optional("pace")
    budget = try object.optional("budget", in: 0...1e6)
  }
}

/// The same fields, all faults at once.
private struct Form: JSONReadable {
  let name: String
  let nights: Int
  let party: [Guest]?

  init(json: JSONNode) throws(JSONError) {
    (name, nights, party) = try json.object(
      JSONField("name") { (object) throws(JSONError) in try object.required("name", length: 1...20) },
      JSONField("nights") { (object) throws(JSONError) in try object.optional("nights", in: 1...60) ?? 3 },
      JSONField("party") { (object) throws(JSONError) in try object.optional("party") })
  }
}

private func failure<Value: JSONReadable>(_ type: Value.Type, _ text: String) throws -> JSONError {
  try #require(throws: JSONError.self) { try Value(jsonBytes: Array(text.utf8)) }
}

@Suite("Objects")
struct JSONObjectTests {
  @Test("fields are read by name in any order, and null is as good as not there")
  func reads() throws {
    let text =
      #"{"party":[{"name":"Ada","age":36},{"\u006eame":"Bo"}],"nights":4,"pace":"quick","budget":null,"name":"Alps"}"#
    let trip = try Trip(jsonBytes: Array(text.utf8))
    #expect(trip.name == "Alps")
    #expect(trip.nights == 4)
    #expect(trip.party.map(\.name) == ["Ada", "Bo"])
    #expect(trip.party.map(\.age) == [36, 0])
    #expect(trip.pace == .quick)
    #expect(trip.budget == nil)
    #expect(try Trip(jsonBytes: Array(#"{"name":"A"}"#.utf8)).nights == 3)
  }

  @Test(
    "a fault names the place, what was found and the mend",
    arguments: [
      (#"{"name":"A","nights":"3"}"#, #"/nights must be a whole number, found the string "3""#),
      (#"{"name":"A","nights":1.5}"#, "/nights must be a whole number, found the number 1.5"),
      (#"{"name":"A","nights":99}"#, "/nights must be between 1 and 60, found the number 99"),
      (#"{"nights":3}"#, "/name is missing: it must be text"),
      (#"{"name":null}"#, "/name must be text, found null"),
      (#"{"name":""}"#, "/name must have 1 to 20 characters, found 0"),
      (#"{"name":"abcdefghijklmnopqrstu"}"#, "/name must have 1 to 20 characters, found 21"),
      (#"{"name":"A","nihgts":3}"#, #"/nihgts is not a known field: did you mean "nights"?"#),
      (#"{"name":"A","x~/y":3}"#, "/x~0~1y is not a known field: known are name, nights, party, pace, budget"),
      (#"{"name":"A","party":[{"name":"Ada"},{"name":7}]}"#, "/party/1/name must be text, found the number 7"),
      (
        #"{"name":"A","party":[{"name":"Ada","age":256}]}"#,
        "/party/0/age must be between 0 and 255, found the number 256"
      ),
      (
        #"{"name":"A","party":[{"name":"Ada","age":-1}]}"#,
        "/party/0/age must be between 0 and 255, found the number -1"
      ),
      (#"{"name":"A","party":[]}"#, "/party must have 1 to 2 elements, found 0"),
      (#"{"name":"A","party":{}}"#, "/party must be an array, found an object"),
      (
        #"{"name":"A","pace":"sloow"}"#,
        #"/pace must be one of "slow", "steady", "quick", found the string "sloow": did you mean "slow"?"#
      ),
      (#"{"name":"A","budget":1e400}"#, "/budget must be a number below 1.8e308, found the number 1e400"),
      (#"{"name":"A","budget":-1}"#, "/budget must be between 0.0 and 1000000.0, found the number -1"),
      ("[]", "the document must be an object, found an array"),
      (#"{"name":"\u0007\n","nights":true}"#, "/nights must be a whole number, found true"),
    ])
  func messages(text: String, message: String) throws {
    #expect(try failure(Trip.self, text).description == message)
  }

  @Test("the kind and the pointer say the same as the sentence")
  func kinds() throws {
    let unknown = try failure(Trip.self, #"{"name":"A","nigths":3}"#)
    #expect(unknown.kind == .unknownField(nearest: "nights"))
    #expect(unknown.pointer == "/nigths")
    #expect(try failure(Trip.self, "{}").kind == .missing)
    #expect(try failure(Trip.self, #"{"name":3}"#).kind == .wrongType)
    #expect(try failure(Trip.self, #"{"name":"A","nights":0}"#).kind == .outOfRange)
    #expect(try failure(Trip.self, #"{"name":"A","pace":"x"}"#).kind == .invalid)
  }

  @Test("all unknown and all missing names come in one error")
  func severalNames() throws {
    let error = try failure(Guest.self, #"{"nam":"A","agee":3,"age":3}"#)
    #expect(error.errors.map(\.pointer) == ["/nam", "/agee", "/name"])
    #expect(error.errors.map(\.kind) == [.unknownField(nearest: "name"), .unknownField(nearest: "age"), .missing])
    let missing = try failure(Guest.self, #"{"age":3}"#)
    #expect(missing.detail == "/name is missing: it must be given")
  }

  @Test("fields read together give all their faults at once")
  func severalFaults() throws {
    let form = try Form(jsonBytes: Array(#"{"name":"A"}"#.utf8))
    #expect(form.name == "A" && form.nights == 3 && form.party == nil)
    let error = try failure(Form.self, #"{"nights":0,"party":[{"name":"Ada"},{"nam":1}],"pary":1}"#)
    #expect(error.errors.map(\.pointer) == ["/pary", "/name", "/nights", "/party/1/nam", "/party/1/name"])
    #expect(
      error.errors.map(\.kind) == [
        .unknownField(nearest: "party"), .missing, .outOfRange, .unknownField(nearest: "name"), .missing,
      ])
  }

  @Test("a thousand unknown names give a bounded error")
  func boundedErrors() throws {
    let text = "{" + (0..<1000).map { "\"x\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try failure(Trip.self, text).errors.count == JSONError.errorsMax)
  }

  @Test("a reader's own complaint carries the place")
  func ownComplaint() throws {
    let root = try JSONDocument(text: #"{"days":[1,{"from":"2026-02-30"}]}"#).root
    let node = try #require(root.find("/days/1/from"))
    let error = node.invalid("must be a date that exists")
    #expect(error.detail == #"/days/1/from must be a date that exists, found the string "2026-02-30""#)
    #expect(error.kind == .invalid)
  }

  @Test("control characters from outside never reach a message")
  func cleanMessages() throws {
    let error = try failure(Trip.self, #"{"name":"A","\u001b[31m":"\u001b"}"#)
    #expect(error.pointer == "/\u{1B}[31m")
    #expect(error.detail.hasPrefix(#"/\u{1b}[31m is not"#))
  }

  @Test("a name is there or not, whatever its value")
  func presence() throws {
    let object = try JSONDocument(text: #"{"a":null}"#).root.object(fields: "a", "b")
    #expect(object.find("a")?.isNull == true)
    #expect(object.find("b") == nil)
    #expect(try object.optional("a", as: Int.self) == nil)
    #expect(try object.required("a", as: Int?.self) == nil)
  }
}
