import JSON
import Testing

@testable import HTTP

@Suite("Problems")
struct ProblemTests {
  private static let id: RequestID = {
    guard let head = try? RequestHead(method: .get, target: "/", headers: [("X-Request-Id", "id-1")]) else {
      return RequestID()
    }
    return RequestID(head)
  }()

  private func text(_ error: any Error) throws -> String {
    try problem(for: error).response(requestID: Self.id, instance: "/v1/trips").text
  }

  @Test("are written as RFC 9457 says")
  func snapshot() throws {
    let problem = Problem(
      .conflict, name: "trip-changed", title: "The trip has changed", detail: "Somebody else saved it; read it again.",
      errors: [FieldProblem(pointer: "/days/2", detail: "It is gone.")], fields: ["Retry-After": "3"])
    let response = problem.response(requestID: Self.id, instance: "/v1/trips/7")
    #expect(response.status == .conflict)
    #expect(response.fields["Content-Type"] == "application/problem+json")
    #expect(response.fields["X-Request-Id"] == "id-1")
    #expect(response.fields["Retry-After"] == "3")
    #expect(
      try response.text == """
        {"type":"/problems/trip-changed","title":"The trip has changed","status":409,\
        "detail":"Somebody else saved it; read it again.","instance":"/v1/trips/7","requestId":"id-1",\
        "errors":[{"pointer":"/days/2","detail":"It is gone."}]}
        """)
  }

  @Test("without more to say name their status")
  func blank() throws {
    #expect(
      try text(Problem(.notFound)) == """
        {"type":"about:blank","title":"Not Found","status":404,"instance":"/v1/trips","requestId":"id-1"}
        """)
  }

  @Test("of the parser keep its status and sentence")
  func parser() throws {
    #expect(
      try text(HTTPParseError.hostMissing) == """
        {"type":"about:blank","title":"Bad Request","status":400,"detail":"There is no Host field; HTTP/1.1 requires \
        one.","instance":"/v1/trips","requestId":"id-1"}
        """)
  }

  @Test("of unknown errors say nothing of the inside")
  func unknown() throws {
    struct Secret: Error { let password = "hunter2" }
    let text = try text(Secret())
    #expect(text.contains("\"status\":500"))
    #expect(!text.contains("hunter2") && !text.contains("Secret"))
    #expect(try self.text(CancellationError()).contains("\"status\":503"))
  }

  private struct Trip: JSONReadable, JSONWritable {
    let name: String
    let days: Int

    init(json: JSONNode) throws(JSONError) {
      let object = try json.object(required: "name", "days")
      name = try object.required("name")
      days = try object.required("days", in: 1...60)
    }

    func write(to writer: inout JSONWriter) {
      writer.object { object in
        object.field("name", name)
        object.field("days", days)
      }
    }
  }

  private static let tree: RouteTree = {
    let router = Router()
    router.post("/trips") { request, _ in
      .json(try await request.json(as: Trip.self, limit: 64), status: .created, fields: ["Location": "/trips/1"])
    }
    return router.build()
  }()

  private func answer(_ body: String, _ contentType: String? = "application/json") async throws -> Response {
    try await Self.tree.answer(
      .post, "/trips", headers: contentType.map { [("Content-Type", $0)] } ?? [], body: body)
  }

  @Test("do not arise where JSON is as it should be")
  func json() async throws {
    let response = try await answer("{\"name\":\"Rome\",\"days\":3}")
    #expect(response.status == .created)
    #expect(response.fields["Content-Type"] == "application/json")
    #expect(response.fields["Location"] == "/trips/1")
    #expect(try response.text == "{\"name\":\"Rome\",\"days\":3}")
  }

  @Test("of a body's content come with its places, as 422; of its form, as 400")
  func badJSON() async throws {
    let content = try await answer("{\"name\":1,\"days\":99}")
    #expect(content.status == .unprocessableContent)
    #expect(try content.text.contains("\"pointer\":\"/name\""))
    for body in ["", "{", "{\"name\":\"a\",}", "{\"name\":\"a\",\"name\":\"b\"}", "[\u{0}]"] {
      #expect(try await answer(body).status == .badRequest)
    }
    #expect(try await answer("[]").status == .unprocessableContent)
    #expect(try await answer(String(repeating: " ", count: 65)).status == .contentTooLarge)
  }

  @Test("of the content type say what to send")
  func contentTypes() async throws {
    for type in ["application/json", "Application/JSON ; charset=UTF-8", "application/json;charset=\"utf-8\""] {
      #expect(try await answer("{\"name\":\"a\",\"days\":1}", type).status == .created)
    }
    for type in [
      nil, "text/plain", "application/jsonx", "application/json; charset=latin1", "x/y; application/json", "",
    ] {
      let response = try await answer("{\"name\":\"a\",\"days\":1}", type)
      #expect(response.status == .unsupportedMediaType)
      #expect(try response.text.contains("'Content-Type: application/json'"))
    }
  }
}
