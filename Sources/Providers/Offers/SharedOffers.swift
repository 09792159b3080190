import Booking
import BookingWire
package import EventLoop
import JSON
import Kernel
package import Telemetry

/// Answers of sellers that processes share through a Redis, and whose turn it is to ask.
///
/// Whoever wants a search answered looks for an answer of another process that is newer than its own; else one of all
/// processes takes the turn, a key that runs out by itself, and the others wait for what it brings. Where the Redis is
/// away each process asks for itself, as it would without one.
package final class SharedOffers: Sendable {
  /// What a process is to do.
  enum Turn {
    /// Another process has asked.
    case answered(SharedAnswer)
    /// This one is to ask; the token is what it gives the turn back with, where it has one.
    case ask(token: String?)
  }

  private let redis: RedisClient
  private let loop: EventLoop
  private let hits: Counter
  private let turns: Counter
  private let away: Counter
  private static let prefix = "wayfare:offers:1:"
  private static let bytesMax = 8 << 20
  private static let unpackedMax = 64 << 20
  private static let pause: Duration = .milliseconds(50)

  /// Offers that are shared through a Redis.
  ///
  /// - Parameters:
  ///   - address: where it is.
  ///   - loop: where it is asked.
  ///   - pool: where names are looked up.
  ///   - metrics: where it is counted.
  package init(_ address: RedisAddress, on loop: EventLoop, pool: WorkPool, metrics: MetricRegistry) {
    self.loop = loop
    hits = metrics.counter("offers_shared_hits_total", help: "Searches that another process had answered.")
    turns = metrics.counter("offers_shared_turns_total", help: "Searches that were asked for all processes.")
    away = metrics.counter(
      "offers_shared_away_total", help: "Times that the shared cache was lost or not to be reached.")
    redis = RedisClient(address, on: loop, pool: pool) { [away] in away.increment() }
  }

  /// Ends.
  package func close() async { await redis.close() }

  /// Waits for an answer of somebody else's, or for the turn to ask.
  ///
  /// - Parameters:
  ///   - search: what is looked for.
  ///   - known: when what this process keeps was fetched.
  ///   - now: the clock.
  ///   - patience: how long somebody else is waited for.
  /// - Returns: what is to be done.
  func turn(
    for search: OfferSearch, newerThan known: Instant?, now: @Sendable () -> Instant, patience: Duration
  ) async -> Turn {
    guard let name = search.name else { return .ask(token: nil) }
    let token = "\(UInt64.random(in: .min ... .max))"
    let end = ContinuousClock.now + patience
    // A turn outlives the longest round of questions, and no process waits longer than it.
    let life = Int(patience / .milliseconds(1)) + 3000
    repeat {
      guard let found = await look(name, search, known, now) else { return .ask(token: nil) }
      if let answer = found.answer { return .answered(answer) }
      switch await redis.send(words("SET", turnKey(name), token, "NX", "PX", "\(life)")) {
      case .text:
        // Whoever had the turn may have brought the answer since we looked.
        if let answer = await look(name, search, known, now)?.answer {
          await giveBack(name, token, isAnswered: true)
          return .answered(answer)
        }
        turns.increment()
        return .ask(token: token)
      case .nothing: break
      // Full, or read only: it is no use to us.
      case nil, .refusal, .number: return .ask(token: nil)
      }
      // Cancelled while it sleeps, it looks once more and then asks for itself.
      try? await loop.sleep(for: SharedOffers.pause)
    } while ContinuousClock.now < end
    return .ask(token: nil)
  }

  /// Gives what sellers answered to everybody, and the turn back; where none answered, the next may try a second later.
  func end(_ search: OfferSearch, _ answer: SharedAnswer?, token: String?, at now: Instant) async {
    guard let name = search.name, let token else { return }
    if let answer, let bytes = answer.bytes, bytes.count <= SharedOffers.bytesMax {
      let seconds = OfferLifetime(of: search.date, at: now).staleSeconds
      _ = await redis.send([
        Array("SET".utf8), Array((SharedOffers.prefix + name).utf8), bytes, Array("EX".utf8), Array("\(seconds)".utf8),
      ])
    }
    await giveBack(name, token, isAnswered: answer != nil)
  }

  /// What is shared of a search and good enough; nil where the Redis is away.
  private func look(
    _ name: String, _ search: OfferSearch, _ known: Instant?, _ now: @Sendable () -> Instant
  ) async -> (answer: SharedAnswer?, Void)? {
    guard let reply = await redis.send(words("GET", SharedOffers.prefix + name)) else { return nil }
    guard case .text(let bytes) = reply, let answer = SharedAnswer(bytes, unpackedMax: SharedOffers.unpackedMax) else {
      return (nil, ())
    }
    let age = answer.fetched.seconds(until: now())
    let isFresh = OfferLifetime(of: search.date, at: now()).use(ageSeconds: age) == .fresh
    guard isFresh, known.map({ $0 < answer.fetched }) ?? true else { return (nil, ()) }
    hits.increment()
    return (answer, ())
  }

  /// Gives back one's own turn only: it may have run out, and be another's.
  private func giveBack(_ name: String, _ token: String, isAnswered: Bool) async {
    let give = isAnswered ? "return redis.call('del', KEYS[1])" : "return redis.call('pexpire', KEYS[1], 1000)"
    let script = "if redis.call('get', KEYS[1]) == ARGV[1] then \(give) end return 0"
    _ = await redis.send(words("EVAL", script, "1", turnKey(name), token))
  }

  private func turnKey(_ name: String) -> String { SharedOffers.prefix + "turn:" + name }

  private func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }
}

/// What sellers answered, as it travels between processes: JSON, packed.
struct SharedAnswer: Sendable {
  let offers: [Offer]
  let missing: [String]
  let fetched: Instant

  init(offers: [Offer], missing: [String], fetched: Instant) {
    self.offers = offers
    self.missing = missing
    self.fetched = fetched
  }

  /// Nil for what is damaged, or of another version.
  init?(_ bytes: [UInt8], unpackedMax: Int) {
    guard let text = Zstandard.unpacked(bytes, bytesMax: unpackedMax),
      let root = try? JSONDocument(bytes: text, limits: JSONLimits(bytesMax: unpackedMax)).root,
      let fetched = root.count("fetched")
    else { return nil }
    self.fetched = Instant(secondsSinceEpoch: Int64(fetched))
    missing = root.list("missing").compactMap { try? $0.string }
    let list = root.list("offers")
    offers = list.compactMap { try? OfferReader(json: $0).offer }
    // What one process writes and another cannot read is no answer.
    if offers.count != list.count { return nil }
  }

  var bytes: [UInt8]? {
    var writer = JSONWriter()
    writer.object { object in
      object.field("fetched", fetched.secondsSinceEpoch)
      object.field("missing", missing)
      object.array("offers") { array in for offer in offers { array.element(ShownOffer(offer)) } }
    }
    return Zstandard.packed(writer.finish())
  }
}
