import Foundation
import Postgres
import Store
import TestSupport
import Testing

@testable import wayfare

@Suite("The command catalogue")
struct CatalogueCommandTests {
  private static let world = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data/world").path

  @Test("the sample world is imported, listed, found and removed")
  func imports() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let flags = ["--database-url", "\(database.settings.address)"]
      func run(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        let result = try ServerProcess.run(["catalogue"] + words + flags)
        return (result.status, result.output, result.errors)
      }
      let added = try run("import", Self.world, "--source", "sample", "--licence", "Apache-2.0")
      #expect(added.status == 0, "\(added.errors)")
      #expect(added.output.hasPrefix("imported sample: "), "\(added.output)")
      let list = try run("list")
      #expect(list.output.contains("Apache-2.0"), "\(list.output)")
      let folder = TestCluster.makeDirectory("catalogue")
      try """
      {"type":"FeatureCollection","features":[
      {"type":"Feature","geometry":{"type":"Point","coordinates":[2.34,99]},"properties":{"name":"Bad","leisure":"park"}},
      {"type":"Feature","geometry":{"type":"Point","coordinates":[2.34,48.86]},"properties":{"name":"Jardin","leisure":"park"}}
      ]}
      """.write(toFile: folder + "/parks.geojson", atomically: true, encoding: .utf8)
      let parks = try run("import", folder + "/parks.geojson")
      #expect(parks.status == 0, "\(parks.errors)")
      #expect(parks.output == "imported parks: 1 places, 1 rows wrong\n")
      #expect(parks.errors.contains("parks.geojson:2: "), "\(parks.errors)")
      let store = Database(client).catalogue
      let jardin = try #require(try await store.search(CatalogueQuery(text: "jardin")).found.first)
      #expect(jardin.stored.cityName == "Paris")
      let refused = try run("remove", "sample")
      #expect(refused.status == 2)
      #expect(refused.errors.contains("belong to cities"), "\(refused.errors)")
      #expect(try run("remove", "parks").status == 0)
      #expect(try run("remove", "sample").status == 0)
      #expect(try run("remove", "sample").status == 1)
      let isEmpty = try await store.isEmpty()
      #expect(isEmpty)
      await client.close()
    }
  }

  @Test("a server that runs plans with what is imported meanwhile, and no more when that is removed")
  func reloads() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let flags = ["--database-url", "\(database.settings.address)"]
      let server = try await ServerProcess.start("serve", flags + ["--home", TestCluster.makeDirectory("home")])
      let job =
        #"{"kind":"itinerary.plan","payload":{"origin":"Paris","destinations":["Amsterdam"],"dates":{"month":"2026-06"}}}"#
      let before = try await Caller().post(server.url + "/v1/jobs", job)
      #expect(before == 503)
      let added = try ServerProcess.run(["catalogue", "import", Self.world, "--source", "sample"] + flags)
      #expect(added.status == 0, "\(added.errors)")
      try await eventually("the server has read the catalogue") {
        try await Caller().post(server.url + "/v1/jobs", job) == 202
      }
      #expect(try ServerProcess.run(["catalogue", "remove", "sample"] + flags).status == 0)
      try await eventually("the server has forgotten it") {
        try await Caller().post(server.url + "/v1/jobs", job) == 503
      }
      #expect(try await server.end() == 0)
      await client.close()
    }
  }

  @Test(
    "wrong words are told with the mend",
    arguments: [
      (["imports", "a"], "did you mean import?"), (["import"], "wants a folder"), (["remove"], "wants the name"),
      (["import", "/nowhere"], "cannot be read"), (["import", "/nowhere", "--source", "A B"], "lower case"),
    ])
  func refuses(_ words: [String], _ hint: String) throws {
    let result = try ServerProcess.run(["catalogue"] + words)
    #expect(result.status == 2)
    #expect(result.errors.contains(hint), "\(result.errors)")
  }
}
