import Catalogue
import EventLoop
import Kernel
import Store
import Synchronization

/// How long searches of the catalogue take, one after the other on one connection, from call to decoded answer.
struct CatalogueBenchmark: Sendable {
  private enum Kind: String, CaseIterable {
    case name = "by the whole name"
    case prefix = "by the first letters"
    case common = "by a category and a word"
    case around = "around a point, 5 km"
    case mistyped = "by a name with a letter left out"
  }

  let options: CatalogueOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when a place was not found by its name.
  func run() throws {
    let outcome = Mutex<Result<String, any Error>?>(nil)
    let done = DispatchOnce()
    let driver = try EventLoop(name: "bench")
    Task(executorPreference: driver) {
      let result: Result<String, any Error>
      do { result = .success(try await measure()) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let text = try outcome.withLock({ $0 })?.get() else { return }
    StandardOutput.write(text)
  }

  private func measure() async throws -> String {
    let server = try await QueueServer()
    do {
      try await server.migrate()
      let text = try await measure(server.database.catalogue)
      await server.close()
      return text
    } catch {
      await server.close()
      throw error
    }
  }

  private func measure(_ store: CatalogueStore) async throws -> String {
    var random = SeededRandom(seed: options.seed)
    let places = RandomPlaces(count: options.places, using: &random).places
    guard let source = CatalogueSource(name: "bench", licence: "CC0-1.0") else {
      throw BenchmarkError.unreachable("the source cannot be named")
    }
    let started = EventLoop.nanoseconds
    _ = try await store.replace(source, with: places) { done in
      if done % 100_000 == 0 { StandardOutput.error("wayfare-bench: \(done) places are in") }
    }
    let seconds = Double(EventLoop.nanoseconds - started) / 1e9
    var table = TextTable("search of \(options.places) places, ms", columns: ["p50", "p99", "max", "% meant"])
    for kind in Kind.allCases {
      StandardOutput.error("wayfare-bench: \(kind.rawValue)")
      var times: [UInt64] = []
      var meant = 0
      for _ in 0..<options.searches {
        try Interruption.check()
        let place = places[Int.random(in: 0..<places.count, using: &random)]
        let query = Self.query(kind, place)
        let before = EventLoop.nanoseconds
        // As the first page of an answer over HTTP.
        let page = try await store.searchWithFacets(query).page
        times.append(EventLoop.nanoseconds - before)
        if page.found.contains(where: { $0.stored.place.name == place.name }) { meant += 1 }
        if kind == .name, page.found.first?.stored.place.name != place.name {
          throw BenchmarkError.wrongAnswers("\"\(place.name)\" was not the first that its own name finds")
        }
      }
      let quantiles = Quantiles(nanoseconds: times)
      table.add(
        kind.rawValue,
        [quantiles.microseconds(0.5), quantiles.microseconds(0.99), quantiles.maximumMicroseconds]
          .map { ($0 / 1000).text(decimals: 2) } + [(100 * Double(meant) / Double(times.count)).text(decimals: 0)])
    }
    return "imported in \(seconds.text(decimals: 1)) s\n\(table.text)"
  }

  private static func query(_ kind: Kind, _ place: CataloguePlace) -> CatalogueQuery {
    switch kind {
    case .name: return CatalogueQuery(text: place.name)
    case .prefix: return CatalogueQuery(text: String(place.name.prefix(4)))
    case .common: return CatalogueQuery(text: "\(place.category) \(place.name.split(separator: " ")[0])")
    case .around: return CatalogueQuery(around: place.point, radiusMetres: 5000)
    case .mistyped:
      var name = place.name
      name.remove(at: name.index(after: name.startIndex))
      return CatalogueQuery(text: name)
    }
  }
}
