import Booking
import EventLoop
import Kernel
import Synchronization

/// A round of questions to all sellers.
extension OfferCache {
  private enum Piece: Sendable {
    case answer(String, Result<[Offer], SellerFault>)
    case patienceEnded
    case cutOff
  }

  /// What has come of a round so far.
  private struct Harvest {
    var offers: [Offer] = []
    var waiting: Set<String>
    var failed: [String: String] = [:]
    var isPatienceEnded = false
    var isShown = false

    var missing: [String] { (Array(waiting) + failed.keys).sorted() }
    var hasAnswers: Bool { isShown || !offers.isEmpty }
  }

  /// Asks sellers, or takes over what another process has asked, where processes share answers.
  func fly(_ search: OfferSearch) async {
    guard let shared else {
      _ = await ask(search)
      return
    }
    let known = state.withLock { $0.shelf.peek(search)?.fetched }
    switch await shared.turn(for: search, newerThan: known, now: now, patience: limits.cutOff) {
    case .answered(let answer):
      let superset = Superset(
        answer.offers, currency: search.currency, fetched: answer.fetched, missing: answer.missing)
      land(search, superset, nil, nil)
    case .ask(let token):
      let answer = await ask(search)
      await shared.end(search, answer, token: token, at: now())
    }
  }

  /// A round of questions; gives what came of it, nil where nobody answered.
  private func ask(_ search: OfferSearch) async -> SharedAnswer? {
    let asked = sellers.filter { $0.kinds.contains(search.kind) }
    var harvest = Harvest(waiting: Set(asked.map(\.name)))
    await withTaskGroup(of: Piece.self) { group in
      for seller in asked {
        group.addTask { .answer(seller.name, await OfferCache.ask(seller, search)) }
      }
      for (wait, piece) in [(limits.patience, Piece.patienceEnded), (limits.cutOff, .cutOff)] {
        group.addTask { [loop] in
          // Cancelled when everybody has answered, and then nobody looks at what it gives.
          try? await loop.sleep(for: wait)
          return piece
        }
      }
      while !harvest.waiting.isEmpty, let piece = await group.next() {
        if case .cutOff = piece { break }
        take(piece, into: &harvest, search)
      }
      group.cancelAll()
    }
    let answered = asked.count - harvest.missing.count
    let fetched = now()
    finish(search, harvest, answered: answered, fetched)
    return answered > 0 ? SharedAnswer(offers: harvest.offers, missing: harvest.missing, fetched: fetched) : nil
  }

  private func take(_ piece: Piece, into harvest: inout Harvest, _ search: OfferSearch) {
    switch piece {
    case .answer(let name, .success(let offers)):
      harvest.waiting.remove(name)
      harvest.offers += offers
      // Those who wait no longer see each further answer as it comes.
      if harvest.isPatienceEnded { show(search, &harvest) } else { tellFollowers(search, harvest) }
    case .answer(let name, .failure(let fault)):
      harvest.waiting.remove(name)
      harvest.failed[name] = OfferCache.words(fault)
    case .patienceEnded:
      harvest.isPatienceEnded = true
      if !harvest.offers.isEmpty { show(search, &harvest) }
    case .cutOff: break
    }
  }

  /// Lets those who wait see what has come, while the round goes on.
  private func show(_ search: OfferSearch, _ harvest: inout Harvest) {
    harvest.isShown = true
    let superset = Superset(
      harvest.offers, currency: search.currency, fetched: now(), missing: harvest.missing)
    let (waiters, followers) = state.withLock { state in
      state.shelf.put(superset, for: search)
      let waiters = state.flights[search] ?? []
      state.waiters -= waiters.count
      state.flights[search] = []
      return (waiters, state.followers[search] ?? [])
    }
    for waiter in waiters { waiter.resume(returning: nil) }
    for follower in followers { follower.yield(superset) }
  }

  /// Shows what has come to those who want to see each answer; nothing of it is kept yet, as others wait for more.
  private func tellFollowers(_ search: OfferSearch, _ harvest: Harvest) {
    let followers = state.withLock { $0.followers[search] ?? [] }
    // The last answer is told with the end of the round.
    guard !followers.isEmpty, !harvest.waiting.isEmpty else { return }
    let superset = Superset(harvest.offers, currency: search.currency, fetched: now(), missing: harvest.missing)
    for follower in followers { follower.yield(superset) }
  }

  private func finish(_ search: OfferSearch, _ harvest: Harvest, answered: Int, _ fetched: Instant) {
    let superset =
      answered > 0
      ? Superset(harvest.offers, currency: search.currency, fetched: fetched, missing: harvest.missing) : nil
    let words = harvest.failed.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(
      separator: "; ")
    let fault =
      superset == nil ? Fault.noSellerAnswered(words: words.isEmpty ? "none in time" : words) : nil
    let sighting = superset.flatMap {
      PriceSighting(of: harvest.offers, to: search, isComplete: $0.missing.isEmpty, at: $0.fetched)
    }
    land(search, superset, sighting, fault)
  }

  /// The end of a round: everybody who waits goes on.
  private func land(_ search: OfferSearch, _ superset: Superset?, _ sighting: PriceSighting?, _ fault: Fault?) {
    let (waiters, followers) = state.withLock { state in
      if let superset { state.shelf.put(superset, for: search) }
      let waiters = state.flights.removeValue(forKey: search) ?? []
      let followers = state.followers.removeValue(forKey: search) ?? []
      state.waiters -= waiters.count + followers.count
      return (waiters, followers)
    }
    // Before anybody goes on: whoever has seen an answer finds its price noted.
    if let sighting { note(sighting) }
    for waiter in waiters { waiter.resume(returning: fault) }
    for follower in followers {
      if let superset { follower.yield(superset) }
      follower.finish()
    }
  }

  private static func ask(_ seller: any Seller, _ search: OfferSearch) async -> Result<
    [Offer], SellerFault
  > {
    do throws(SellerFault) { return .success(try await seller.search(search)) } catch {
      return .failure(error)
    }
  }

  private static func words(_ fault: SellerFault) -> String {
    switch fault {
    case .declined(_, let words), .notSent(let words), .unknown(let words): words
    }
  }
}
