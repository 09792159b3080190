import Booking
import JSON
package import Kernel
package import Notification
import Postgres

/// A message for one reader, with where and when it goes.
package struct PlannedMessage: Sendable {
  package let reader: UserID
  package let facts: [Fact: String]
  package let handling: [Channel: ReadingHabits.Handling]

  /// A message.
  package init(reader: UserID, facts: [Fact: String], handling: [Channel: ReadingHabits.Handling]) {
    self.reader = reader
    self.facts = facts
    self.handling = handling
  }
}

extension NotificationStore {
  /// Readers of one message, at most.
  package static let readersMax: Int64 = 500

  /// Who is to hear of something, and what there is to say: read now, so that nobody hears of a trip that they have left.
  ///
  /// - Throws: `StoreError`.
  package func audience(of order: TellOrder) async throws -> (readers: [Reader], facts: [Fact: String], now: Instant) {
    try await translating {
      let now = Instant(try await database.query("select now()").decodeOnly(PostgresTimestamp.self))
      guard let facts = try await facts(of: order) else { return ([], [:], now) }
      let condition: SQL =
        switch order {
        case .itinerarySelected(let trip, _, _), .itineraryPlanned(let trip, _):
          "account.id in (select account_id from trip_member where trip_id = \(trip))"
        case .tripMentioned(let trip, _, let people):
          """
          account.id = any(\(people))
            and account.id in (select account_id from trip_member where trip_id = \(trip))
          """
        case .webhookDisabled(let endpoint, _):
          "account.id in (select account_id from webhook_endpoint where id = \(endpoint))"
        case .booking(_, let booking, _, _):
          // Whoever made it, and who may change its trip.
          """
          account.id in (
            select substr(caller, 9)::uuid from booking
            where booking.id = \(booking) and caller ~ '^account [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            union select member.account_id from trip_member member join booking on booking.trip_id = member.trip_id
            where booking.id = \(booking) and member.role in ('owner', 'editor'))
          """
        case .offersFound(let trip, _):
          // Who selected may be nobody who takes part: a trip that is planned alone has no members.
          """
          account.id in (
            select account_id from trip where id = \(trip) and account_id is not null
            union select account_id from trip_member where trip_id = \(trip) and role in ('owner', 'editor'))
          """
        case .priceFell(let alert, _, _): "account.id in (select account_id from price_alert where id = \(alert))"
        }
      let rows = try await database.query(
        """
        select \(Self.readerColumns) from account
        left join account_profile on account_profile.account_id = account.id
        where \(condition) order by account.id limit \(Self.readersMax)
        """)
      return (try rows.map { try Self.reader($0) }, facts, now)
    }
  }

  /// What there is to say; nil when what it was about is gone.
  private func facts(of order: TellOrder) async throws -> [Fact: String]? {
    switch order {
    case .itinerarySelected(let trip, _, let bookings):
      guard let title = try await title(trip) else { return nil }
      return [.trip: title, .count: "\(bookings)"]
    case .itineraryPlanned(let trip, _): return try await title(trip).map { [.trip: $0] }
    case .tripMentioned(let trip, let comment, _):
      let row = try await database.query(
        """
        select coalesce(headline ->> 'title', ''), coalesce(account.name, ''), text
        from trip_comment join trip_state on trip_state.trip_id = trip_comment.trip_id
        left join account on account.id = author
        where trip_comment.id = \(comment) and trip_comment.trip_id = \(trip) and text is not null
          and trashed_at is null
        """
      ).decodeFirst(String.self, String.self, String.self)
      return row.map { [.trip: $0.0, .author: $0.1, .text: $0.2] }
    case .webhookDisabled(let endpoint, _):
      return try await database.query("select url from webhook_endpoint where id = \(endpoint)")
        .decodeFirst(String.self).map { [.address: $0] }
    case .booking(_, let booking, _, _): return try await words(of: booking).map { [.text: $0] }
    case .offersFound(let trip, _): return try await words(ofSelection: trip).map { [.text: $0] }
    case .priceFell(let alert, _, let price):
      let name = try await database.query("select search from price_alert where id = \(alert)")
        .decodeFirst(String.self)
      return name.flatMap { OfferSearch(name: $0) }.map { search in
        [.text: Self.words(search), .price: Money(minorUnits: price, search.currency).description]
      }
    }
  }

  /// What a booking is of, in a line: what its items are called by their sellers, else our references.
  private func words(of booking: BookingID) async throws -> String? {
    let items = try await database.query(
      "select reference, details::text from booking_part where booking_id = \(booking) order by number"
    ).decode(String.self, String?.self)
    if items.isEmpty { return nil }
    return items.map { reference, details in
      // Were what we wrote not to be read, the reference stands for it.
      details.flatMap { try? JSONDocument(text: $0).root }.flatMap { BookedWords.line($0) } ?? reference
    }.joined(separator: "; ")
  }

  /// What was found for a selection, and what was not, in signs that need no language.
  private func words(ofSelection trip: TripID) async throws -> String? {
    let items = try await database.query(
      """
      select reference, details::text, found::text from booking_item where trip_id = \(trip) order by number
      """
    ).decode(String.self, String.self, String?.self)
    if items.isEmpty { return nil }
    return items.map { reference, details, found in
      // Were what we wrote not to be read, the reference stands for it.
      if let found {
        return "✓ \((try? JSONDocument(text: found).root).flatMap { BookedWords.line($0) } ?? reference)"
      }
      return "✗ \((try? JSONDocument(text: details).root).flatMap { BookedWords.wish($0) } ?? reference)"
    }.joined(separator: "; ")
  }

  /// What is looked for, in signs that need no language.
  private static func words(_ search: OfferSearch) -> String {
    let place = search.origin.isEmpty ? search.destination : "\(search.origin) → \(search.destination)"
    let last = search.nights > 0 ? " – \(search.date.adding(days: search.nights))" : ""
    return "\(place), \(search.date)\(last)"
  }

  private func title(_ trip: TripID) async throws -> String? {
    try await database.query(
      """
      select coalesce(headline ->> 'title', '') from trip_state where trip_id = \(trip) and trashed_at is null
      """
    ).decodeFirst(String.self)
  }

  /// Puts a message into feeds, with the deliveries and jobs that follow; whoever has been told under its key hears nothing.
  ///
  /// - Returns: how many have not been told before.
  /// - Throws: `StoreError`; everything is then rolled back.
  package func tell(
    _ order: TellOrder, to messages: [PlannedMessage], in transaction: Database.Transaction
  ) async throws -> Int {
    try await translating {
      var told = 0
      for message in messages {
        let id = try await transaction.query(
          """
          insert into notification (account_id, key, kind, facts, trip_id)
          select id, \(order.key), \(order.kind), \(Self.text(message.facts))::text::json,
            (select id from trip where id = \(order.trip))
          from account where id = \(message.reader)
          on conflict (account_id, key) do nothing returning id
          """
        ).decodeFirst(NotificationID.self)
        guard let id else { continue }
        told += 1
        for (channel, handling) in message.handling.sorted(by: { $0.key < $1.key }) {
          try await deliver(id, order, to: message.reader, on: channel, handling, transaction)
        }
      }
      return told
    }
  }

  private func deliver(
    _ id: NotificationID, _ order: TellOrder, to reader: UserID, on channel: Channel,
    _ handling: ReadingHabits.Handling, _ transaction: Database.Transaction
  ) async throws {
    let (state, due): (String, Instant?)
    switch handling {
    case .none: return
    case .now: (state, due) = ("waiting", nil)
    case .later(let moment): (state, due) = ("waiting", moment)
    case .digest(let moment): (state, due) = ("held", moment)
    }
    let delivery = try await transaction.query(
      """
      insert into notification_delivery (notification_id, account_id, channel, kind, state, due_at)
      values (\(id), \(reader), \(channel.rawValue), \(order.kind), \(state),
        coalesce(to_timestamp(\(due.map { Double($0.secondsSinceEpoch) })), now()))
      returning id
      """
    ).decodeOnly(DeliveryID.self)
    var job = state == "held" ? Self.digestJob(of: reader, at: due) : Self.job(sending: delivery, on: channel)
    job.runAt = due
    _ = try await jobs.submit([job], in: transaction)
  }

  static func job(sending delivery: DeliveryID, on channel: Channel) -> NewJob {
    let kind = channel == .email ? sendKind : "notification.\(channel.rawValue)"
    var job = NewJob(kind: kind, payload: #"{"kind":"delivery","delivery":"\#(delivery)"}"#)
    job.queue = queue
    job.attemptsMax = attemptsMax
    return job
  }

  /// One job waits for each reader: what comes up before it starts, it takes along.
  static func digestJob(of reader: UserID, at due: Instant?) -> NewJob {
    var job = NewJob(kind: digestKind, payload: #"{"account":"\#(reader)"}"#)
    job.queue = queue
    job.runAt = due
    job.uniqueness = NewJob.Uniqueness(key: "digest:\(reader)", scope: .waiting)
    return job
  }

  /// Joins what waits for somebody's digest into one mail, and has it sent.
  ///
  /// - Returns: how many messages it joins.
  /// - Throws: `StoreError`; everything is then rolled back.
  package func makeDigest(of reader: UserID, in transaction: Database.Transaction) async throws -> Int {
    try await translating {
      let held = try await transaction.query(
        """
        select id from notification_delivery
        where account_id = \(reader) and state = 'held' and due_at <= now() order by created_at, id for update
        """
      ).decode(DeliveryID.self)
      if !held.isEmpty {
        let digest = try await transaction.query(
          """
          insert into notification_delivery (account_id, channel, kind, state)
          values (\(reader), 'email', 'digest', 'waiting') returning id
          """
        ).decodeOnly(DeliveryID.self)
        try await transaction.execute(
          "update notification_delivery set state = 'digested', digest_id = \(digest) where id = any(\(held))")
        _ = try await jobs.submit([Self.job(sending: digest, on: .email)], in: transaction)
      }
      // Preferences may have changed since, so that what is left is due at another time.
      let next = try await transaction.query(
        "select min(due_at) from notification_delivery where account_id = \(reader) and state = 'held'"
      ).decodeOnly(PostgresTimestamp?.self)
      if let next { _ = try await jobs.submit([Self.digestJob(of: reader, at: Instant(next))], in: transaction) }
      return held.count
    }
  }
}
