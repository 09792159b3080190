import Foundation
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import wayfare

@Suite("The command letters")
struct LettersCommandTests {
  @Test("who runs the installation reads the mail that nothing sends yet, and its token makes the account")
  func reads() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let home = TestCluster.makeDirectory("home")
      let flags = ["--database-url", "\(database.settings.address)", "--home", home]
      let server = try await ServerProcess.start("serve", flags)
      #expect(try ServerProcess.run(["letters"] + flags).status == 1, "no mail waits")
      let person = #""email":"ada@example.org","password":"violet anchor toast""#
      #expect(try await Caller().post(server.url + "/auth/register", #"{\#(person),"name":"Ada"}"#) == 202)
      let told = try ServerProcess.run(["letters", "--json"] + flags)
      #expect(told.status == 0, "\(told.errors)")
      let letter = try JSONDocument(text: told.output).root
      #expect(try letter.find("/to")?.string == "ada@example.org" && letter.find("/kind")?.string == "account.confirm")
      let token = try #require(try letter.find("/token")?.string)
      let body = #"{"token":"\#(token)","password":"violet anchor toast"}"#
      #expect(try await Caller().post(server.url + "/auth/email/confirm", body) == 201)
      #expect(try await Caller().post(server.url + "/auth/login", "{\(person)}") == 200)
      let other = try ServerProcess.run(["letters"] + flags + ["--master-key", String(repeating: "0f", count: 32)])
      #expect(other.status == 1 && other.output == "No mail waits.\n", "another key opens nothing")
      #expect(try await server.end() == 0)
      await client.close()
    }
  }
}
