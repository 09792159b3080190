package import Kernel

/// What somebody wants to hear, where, and when not.
package struct ReadingHabits: Sendable, Hashable {
  /// How messages that may wait are joined.
  package enum Digest: String, Sendable, Hashable, CaseIterable {
    case off, hourly, daily
  }

  /// Channels that are on, for kinds that nothing else is said of.
  package var channels: Set<Channel> = [.email, .push]
  /// What is said of single kinds.
  package var exceptions: [MessageKind: [Channel: Bool]] = [:]
  /// How mails that may wait are joined.
  package var digest = Digest.off
  /// When nothing but what is urgent is to be heard.
  package var quiet: QuietHours?
  /// Where the clock hangs that quiet hours and digests go by.
  package var zone = ZoneName.utc

  /// What holds for who has said nothing.
  package init() {}

  /// What becomes of a message on a channel.
  package enum Handling: Sendable, Hashable {
    /// It goes now.
    case now
    /// It goes then.
    case later(Instant)
    /// It is joined with others, which go then.
    case digest(Instant)
    /// Nobody wants it there; it is in the feed.
    case none
  }

  /// What becomes of a message on a channel.
  ///
  /// - Parameters:
  ///   - kind: what the message is about.
  ///   - channel: where it would go.
  ///   - now: when it came up.
  ///   - rules: what the clocks of ``zone`` show.
  /// - Returns: whether and when it goes.
  package func handling(
    of kind: MessageKind, on channel: Channel, at now: Instant, _ rules: ZoneRules
  ) -> Handling {
    if kind.urgency == .security { return channel == .email ? .now : .none }
    guard exceptions[kind]?[channel] ?? channels.contains(channel) else { return .none }
    if kind.urgency == .urgent { return .now }
    if kind.urgency == .low, channel == .email, let due = nextDigest(after: now, rules) {
      return .digest(quiet?.end(at: due, rules) ?? due)
    }
    return quiet?.end(at: now, rules).map { .later($0) } ?? .now
  }

  /// When the next digest goes: at the next full hour, or at eight in the morning.
  private func nextDigest(after now: Instant, _ rules: ZoneRules) -> Instant? {
    let local = rules.local(at: now)
    switch digest {
    case .off: return nil
    case .hourly:
      let left = 3600 - Int64(local.secondOfDay) % 3600
      return now.adding(seconds: left)
    case .daily:
      let eight = 8 * 3600
      let date = Int(local.secondOfDay) < eight ? local.date : local.date.adding(days: 1)
      return rules.moments(of: LocalDateTime(date, secondOfDay: eight)).later
    }
  }
}

/// Hours of every day at which somebody wants to hear nothing, by their own clock.
package struct QuietHours: Sendable, Hashable {
  /// Minutes of a day.
  package static let minutes = 0..<1440

  /// The minute of the day at which they begin.
  package let from: Int
  /// The minute at which they end; before ``from`` where midnight lies between.
  package let to: Int

  /// Hours; nil where nothing or the whole day would be quiet.
  package init?(from: Int, to: Int) {
    guard QuietHours.minutes.contains(from), QuietHours.minutes.contains(to), from != to else { return nil }
    self.from = from
    self.to = to
  }

  /// When the quiet ends that a moment lies in; nil when it lies in none.
  package func end(at moment: Instant, _ rules: ZoneRules) -> Instant? {
    let local = rules.local(at: moment)
    let minute = Int(local.secondOfDay) / 60
    let isQuiet = from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    guard isQuiet else { return nil }
    let date = minute < to ? local.date : local.date.adding(days: 1)
    // An hour that the clocks leave out ends when they have gone on; one that comes twice is quiet both times.
    return rules.moments(of: LocalDateTime(date, secondOfDay: to * 60)).later
  }
}
