import Booking
import EventLoop
import Glibc
import HTTP
import Kernel
import Providers
import Synchronization
import Telemetry

/// The cache of offers behind Wayfare's HTTP server: this program started again.
enum OfferServer {
  static let subcommand = "offer-server"
  /// One page of one search, the same bytes each time.
  static let onePath = "/offers/one"
  /// A page of a search by chance, the likelier the lower its number.
  static let anyPath = "/offers/any"
  static let countsPath = "/offers/counts"
  /// Has so many searches asked for, so that they are kept.
  static let warmPath = "/offers/warm"
  static let warmAtOnce = 100

  /// Serves until the process is ended; says on its first line where.
  ///
  /// - Throws: `BenchmarkError`, `ListenError` or `EventLoopError`.
  static func run(_ arguments: [String]) throws {
    guard arguments.count == 2, arguments[0] == "--searches", let searches = Int(arguments[1]),
      searches > 0
    else {
      throw BenchmarkError.usage("\(subcommand) wants --searches N and nothing else")
    }
    Interruption.uninstall()
    OpenFileLimit.raise()
    let logger = Logger(
      "bench", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .notice))
    let group = try EventLoopGroup(count: 1)
    let routes = routes(logger, searches: searches, on: group.loops[0])
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: routes, logger: logger)
    Task(executorPreference: group.loops[0]) {
      do {
        try await server.start()
        StandardOutput.write("\(server.addresses[0])\n")
      } catch {
        StandardOutput.error("wayfare-bench: \(error)")
        exit(1)
      }
    }
    while true { pause() }
  }

  private static func routes(_ logger: Logger, searches: Int, on loop: EventLoop) -> RouteTree {
    // The clock stands, so that the same question has the same answer to the byte.
    let cache = OfferCache([MadeUpSeller()], loop: loop) {
      Instant(secondsSinceEpoch: 1_800_000_000)
    }
    let chance = Mutex(ZipfNumbers(count: searches, seed: 1))
    let router = Router()
    router.add(Observability(logger: logger, registry: MetricRegistry()))
    router.add(SecurityHeaders())
    router.add(LoadShedder(queueDelayMicroseconds: { EventLoop.current?.lagMicroseconds ?? 0 }))
    router.get(onePath) { _, _ in
      try await answer(cache, OfferRequest(search(0), filter: OfferFilter(stopsMax: 0), count: 3))
    }
    router.get(anyPath) { _, _ in
      let number = chance.withLock { $0.next() }
      let filter = OfferFilter(stopsMax: number % 3 == 0 ? 0 : nil, bagsMin: number % 2)
      let order = OfferOrder.allCases[number % OfferOrder.allCases.count]
      return try await answer(cache, OfferRequest(search(number), filter: filter, order: order))
    }
    router.get(warmPath + "/{from}") { _, context in
      let first = try context.parameters.require("from", as: Int.self)
      for number in first..<min(searches, first + warmAtOnce) {
        _ = try await cache.page(OfferRequest(search(number)))
      }
      return .json(["kept": cache.size.answers])
    }
    router.get(countsPath) { _, _ in
      let counts = cache.counts
      let size = cache.size
      return .json([
        "hits": counts.hits, "misses": counts.misses, "flights": counts.flights,
        "answers": size.answers,
        "packed_bytes": size.packedBytes, "text_bytes": size.textBytes,
      ])
    }
    return router.build()
  }

  private static func answer(_ cache: OfferCache, _ request: OfferRequest) async throws -> Response {
    let page = try await cache.page(request)
    return Response(
      status: .ok, fields: ["Content-Type": "application/json"], body: .bytes(page.offers))
  }

  private static func search(_ number: Int) -> OfferSearch {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let place = String([
      letters[number % 26], letters[number / 26 % 26], letters[number / 676 % 26],
    ])
    return OfferSearch(
      .flight, from: "BER", to: place,
      on: LocalDate(daysSinceEpoch: 22_000 + Int32(number / 17_576)), adults: 1,
      currency: .euro)
  }
}

/// Numbers from 0, the k-th as likely as 1 / (k + 1).
struct ZipfNumbers: Sendable {
  private let sums: [Double]
  private var random: SeededRandom

  init(count: Int, seed: UInt64) {
    var sum = 0.0
    sums = (1...count).map {
      sum += 1 / Double($0)
      return sum
    }
    random = SeededRandom(seed: seed)
  }

  mutating func next() -> Int {
    let wanted = Double.random(in: 0..<(sums.last ?? 1), using: &random)
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
