package import Booking
import Kernel
import Synchronization

/// Answers as they come, and the cache as a source of offers.
extension OfferCache {
  /// Shows a page of what is kept or has come so far, and again with each further answer of the round under way.
  ///
  /// - Throws: ``OfferFault`` when there is nothing at all, or what the closure throws.
  package func follow(
    _ request: OfferRequest, _ show: @Sendable (OfferPage) async throws -> Void
  ) async throws {
    let search = request.search.normalized
    let page = kept(request, search)
    if let page { try await show(page) }
    guard let answers = try join(search, starts: page == nil) else { return }
    var isShown = page != nil
    for await superset in answers {
      try await show(self.page(request, superset, superset.unpacked(), isStale: false, now()))
      isShown = true
    }
    if isShown { return }
    guard let page = spare(request, search) else { throw OfferFault.noSellerAnswered(words: "none in time") }
    try await show(page)
  }

  /// The answers of the round under way, which begins if it may; nil where there is none.
  private func join(_ search: OfferSearch, starts mayStart: Bool) throws(OfferFault) -> AsyncStream<Superset>? {
    // Each answer has all before it, so that who is slow misses nothing but time.
    let (stream, follower) = AsyncStream.makeStream(of: Superset.self, bufferingPolicy: .bufferingNewest(1))
    let (isJoined, starts, isRefused) = state.withLock { state in
      let isUnderWay = state.flights[search] != nil
      guard isUnderWay || mayStart else { return (false, false, false) }
      guard state.waiters < limits.waitersMax, isUnderWay || state.flights.count < limits.flightsMax else {
        return (false, false, true)
      }
      state.waiters += 1
      state.followers[search, default: []].append(follower)
      if !isUnderWay {
        state.flights[search] = []
        state.counts.misses += 1
        state.counts.flights += 1
      }
      return (true, !isUnderWay, false)
    }
    if isRefused { throw .overloaded }
    if starts { start(search) }
    return isJoined ? stream : nil
  }

  private func ageSeconds(of search: OfferSearch) -> Int64? {
    state.withLock { $0.shelf.peek(search)?.fetched }.map { $0.seconds(until: now()) }
  }

  /// What page, follow, refresh and verify are of this cache.
  package var source: OfferSource {
    OfferSource(
      page: { try await self.page($0) }, follow: { try await self.follow($0, $1) },
      refresh: { search, seconds in
        let age = self.ageSeconds(of: search.normalized)
        if let age, age < seconds { return }
        try await self.refresh(search)
      },
      verify: { key in
        guard let seller = self.sellers.first(where: { $0.name == key.seller }) else { return nil }
        return try await seller.verify(key)
      })
  }
}
