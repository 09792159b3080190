package import Booking
import JSON
package import Kernel
import Postgres

/// An invoice as it is stored.
package struct StoredInvoice: Sendable, Hashable {
  /// What is to be paid for something.
  package struct Price: Sendable, Hashable {
    package let amount: Money
    /// Of that, taxes and fees as the seller states them; nil where it does not.
    package let taxes: Money?
  }

  /// What one line is of.
  package struct Line: Sendable, Hashable {
    /// What was bought, in words; the seller's name where nothing is known of it.
    package let what: String
    package let reference: String
    /// Nil for a part of a package.
    package let price: Price?
  }

  /// Its series and number: `I-000042`.
  package let name: String
  package let issuedAt: Instant
  package let lines: [Line]
  /// What all lines cost together, where they are a package.
  package let package: Price?
  package let total: Money
}

/// Looking bookings up.
extension BookingStore {
  /// Bookings of a caller, and of trips that an account may change, the newest first.
  ///
  /// - Parameters:
  ///   - caller: whose keys they were made with.
  ///   - user: the account; nil for a program's.
  ///   - cursor: the last one of the page before.
  ///   - limit: how many at most.
  /// - Returns: the bookings.
  /// - Throws: `StoreError`.
  package func list(
    of caller: String, _ user: UserID?, before cursor: BookingID?, limit: Int
  ) async throws -> [StoredBooking] {
    let rest: SQL =
      cursor.map {
        "(created_at, id) < (select created_at, id from booking where id = \($0))"
      } ?? "true"
    return try await translating {
      try await database.query(
        """
        select \(BookingStore.columns) from booking
        where (caller = \(caller) or trip_id in (
          select member.trip_id from trip_member member join trip_state state on state.trip_id = member.trip_id
          where member.account_id = \(user) and member.role in ('owner', 'editor') and state.trashed_at is null))
        and \(rest) order by created_at desc, id desc limit \(Int64(limit))
        """
      ).map { try BookingStore.read($0) }
    }
  }

  /// What is known of the items of bookings, by reference: JSON text.
  ///
  /// - Throws: `StoreError`.
  package func details(of bookings: [BookingID]) async throws -> [String: String] {
    try await translating {
      let rows = try await database.query(
        """
        select reference, details::text from booking_part where booking_id = any(\(bookings)) and details is not null
        """
      ).decode(String.self, String.self)
      return Dictionary(rows.map { ($0.0, $0.1) }) { first, _ in first }
    }
  }

  /// The booking of a payment, by what whoever collects the money calls it.
  ///
  /// - Throws: `StoreError`.
  package func find(payment name: String, with collector: String) async throws -> BookingID? {
    try await translating {
      try await database.query(
        "select booking_id from payment where collector = \(collector) and collector_name = \(name)"
      ).decodeFirst(BookingID.self)
    }
  }

  /// The invoice of a booking; nil while there is none.
  ///
  /// - Throws: `StoreError`.
  package func invoice(of id: BookingID) async throws -> StoredInvoice? {
    try await translating {
      let row = try await database.query(
        "select series, number, issued_at, document::text from invoice where booking_id = \(id)"
      ).decodeFirst(String.self, Int64.self, PostgresTimestamp.self, String.self)
      guard let (series, number, issued, document) = row else { return nil }
      return try InvoiceReader(document).invoice("\(series)-\(padded(number))", Instant(issued))
    }
  }

  /// Keeps what an item is, as the seller has confirmed it; where that fails it is told without.
  package func note(_ offer: Offer, of reference: BookingReference) async {
    let details = String(decoding: OfferDetailsJSON(offer: offer).jsonBytes(), as: UTF8.self)
    _ = try? await database.query(
      """
      update booking_part set details = \(details)::text::json, taxes = \(max(0, offer.taxes.minorUnits))
      where reference = \(reference.text)
      """)
  }
}

private func padded(_ number: Int64) -> String {
  let digits = "\(number)"
  return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}

/// What was verified of an offer, as it is kept and told.
private struct OfferDetailsJSON: JSONWritable {
  let offer: Offer

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("kind", offer.kind.rawValue)
      if !offer.rides.isEmpty {
        object.array("rides") { array in
          for ride in offer.rides {
            array.object {
              $0.field("from", ride.origin)
              $0.field("to", ride.destination)
              $0.field("departure", ride.departure.description)
              $0.field("arrival", ride.arrival.description)
              $0.field("carrier", ride.carrier)
              $0.field("number", ride.number)
            }
          }
        }
      }
      if let place = offer.place {
        object.object("place") {
          $0.field("name", place.name)
          $0.field("first", place.first.description)
          $0.field("nights", place.nights)
          $0.field("rate", place.rate)
        }
      }
    }
  }
}

/// Reads what `BookingStore` wrote of an invoice.
private struct InvoiceReader {
  let node: JSONNode

  init(_ document: String) throws { node = try JSONDocument(text: document).root }

  func invoice(_ name: String, _ issued: Instant) throws -> StoredInvoice {
    guard let code = node.text("currency"), let currency = try? Currency(code), let total = node.count("total") else {
      throw StoreError.faulty(reason: "invoice \(name) has no total")
    }
    let lines = node.list("lines").map { line in
      StoredInvoice.Line(
        what: line.member("what").flatMap { BookedWords.line($0) } ?? line.text("seller") ?? "",
        reference: line.text("reference") ?? "", price: price(line, currency))
    }
    return StoredInvoice(
      name: name, issuedAt: issued, lines: lines, package: node.member("package").flatMap { price($0, currency) },
      total: Money(minorUnits: Int64(total), currency))
  }

  private func price(_ node: JSONNode, _ currency: Currency) -> StoredInvoice.Price? {
    node.count("amount").map { amount in
      StoredInvoice.Price(
        amount: Money(minorUnits: Int64(amount), currency),
        taxes: node.count("taxes").map { Money(minorUnits: Int64($0), currency) })
    }
  }
}

/// What was bought in words, from what is kept of it.
enum BookedWords {
  /// `BER-LIS 2030-05-01 TP 531`, or `Hotel Mar, 2030-05-01, 3 nights`; nil where it is neither.
  static func line(_ what: JSONNode) -> String? {
    let rides = what.list("rides").map { ride in
      let day = (ride.text("departure") ?? "").prefix(10)
      let (from, to) = (ride.text("from") ?? ride.text("origin"), ride.text("to") ?? ride.text("destination"))
      return
        "\(from ?? "?")-\(to ?? "?") \(day) \(ride.text("carrier") ?? "") \(ride.text("number") ?? "")"
    }
    if !rides.isEmpty { return rides.joined(separator: ", ") }
    return what.member("place").map { place in
      "\(place.text("name") ?? "?"), \(place.text("first") ?? "?"), \(place.count("nights") ?? 0) nights"
    }
  }

  /// `Paris Nord - Amsterdam Centraal 2030-05-01`, or `Amsterdam, 2030-05-01, 3 nights`; nil where it is neither.
  static func wish(_ details: JSONNode) -> String? {
    let rides = details.list("rides")
    if let first = rides.first, let last = rides.last {
      let (from, to) = (first.member("from")?.text("name"), last.member("to")?.text("name"))
      return "\(from ?? "?") - \(to ?? "?") \((first.text("departure") ?? "").prefix(10))"
    }
    return details.text("city").map {
      "\($0), \((details.text("arrival") ?? "?").prefix(10)), \(details.count("nights") ?? 0) nights"
    }
  }
}
