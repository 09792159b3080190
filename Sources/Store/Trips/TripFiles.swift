package import Kernel
import Postgres
package import Trips

/// What an expense's id is of.
package enum TripExpenseNoun {}
/// The id of an expense.
package typealias TripExpenseID = Identifier<TripExpenseNoun>

/// Something that somebody paid for others.
package struct TripExpense: Sendable {
  package let id: TripExpenseID
  package let author: UserID?
  package let createdAt: Instant
  /// The expense, and who took part in the trip then: JSON text.
  package let document: String
}

/// What an attachment's id is of.
package enum TripAttachmentNoun {}
/// The id of an attachment.
package typealias TripAttachmentID = Identifier<TripAttachmentNoun>

/// A file that belongs to a trip, without its bytes.
package struct TripAttachment: Sendable {
  package let id: TripAttachmentID
  package let entry: EntryID?
  package let name: String
  package let mediaType: String
  package let byteCount: Int
  package let author: UserID?
  package let createdAt: Instant

  package init(
    id: TripAttachmentID, entry: EntryID?, name: String, mediaType: String, byteCount: Int, author: UserID?,
    createdAt: Instant = Instant(secondsSinceEpoch: 0)
  ) {
    self.id = id
    self.entry = entry
    self.name = name
    self.mediaType = mediaType
    self.byteCount = byteCount
    self.author = author
    self.createdAt = createdAt
  }
}

extension TripStore {
  /// All expenses of a trip, in the order in which they were entered.
  ///
  /// - Throws: `StoreError`.
  package func expenses(of id: TripID) async throws -> [TripExpense] {
    try await translating {
      try await database.query(
        """
        select id, author, created_at, document::text as document from trip_expense
        where trip_id = \(id) order by created_at, id limit \(TripLimits.expensesMax)
        """
      ).map { row in
        TripExpense(
          id: try row["id"], author: try row["author"], createdAt: Instant(try row["created_at"]),
          document: try row["document"])
      }
    }
  }

  /// All attachments of a trip, in the order in which they came.
  ///
  /// - Throws: `StoreError`.
  package func attachments(of id: TripID) async throws -> [TripAttachment] {
    try await translating {
      try await database.query(
        """
        select id, entry_id, name, media_type, length(bytes) as size, author, created_at from trip_attachment
        where trip_id = \(id) order by created_at, id limit \(TripLimits.attachmentsMax)
        """
      ).map { row in
        TripAttachment(
          id: try row["id"], entry: try row["entry_id"], name: try row["name"], mediaType: try row["media_type"],
          byteCount: Int(try row["size", as: Int32.self]), author: try row["author"],
          createdAt: Instant(try row["created_at"]))
      }
    }
  }

  /// An attachment's type, name and bytes; nil when there is none.
  ///
  /// - Throws: `StoreError`.
  package func attachment(
    _ attachment: TripAttachmentID, of id: TripID
  ) async throws -> (mediaType: String, name: String, bytes: [UInt8])? {
    try await translating {
      let found = try await database.query(
        "select media_type, name, bytes from trip_attachment where trip_id = \(id) and id = \(attachment)"
      ).decodeFirst(String.self, String.self, [UInt8].self)
      return found.map { (mediaType: $0.0, name: $0.1, bytes: $0.2) }
    }
  }
}

extension TripWriter {
  /// Enters an expense: true when it was entered, false when it is there already, nil when there are too many.
  package func enter(_ expense: TripExpenseID, by author: UserID, document: String) async throws -> Bool? {
    try await translating {
      let isKnown = try await transaction.query(
        "select exists (select from trip_expense where id = \(expense))"
      ).decodeOnly(Bool.self)
      if isKnown { return false }
      let count = try await transaction.execute(
        """
        insert into trip_expense (id, trip_id, document, author)
        select \(expense), \(id), \(document)::text::json, \(author)
        where (select count(*) from trip_expense where trip_id = \(id)) < \(Int64(TripLimits.expensesMax))
        """)
      return count > 0 ? true : nil
    }
  }

  /// Takes an expense out; false when there is none.
  package func remove(_ expense: TripExpenseID) async throws -> Bool {
    try await translating {
      try await transaction.execute("delete from trip_expense where trip_id = \(id) and id = \(expense)") > 0
    }
  }

  /// Keeps a file; false when there is no room for it.
  package func attach(_ attachment: TripAttachment, bytes: [UInt8]) async throws -> Bool {
    try await translating {
      try await transaction.execute(
        """
        insert into trip_attachment (id, trip_id, entry_id, name, media_type, bytes, author)
        select \(attachment.id), \(id), \(attachment.entry), \(attachment.name), \(attachment.mediaType), \(bytes),
          \(attachment.author)
        where (
          select count(*) < \(Int64(TripLimits.attachmentsMax))
            and coalesce(sum(length(bytes)), 0) + \(Int64(bytes.count)) <= \(Int64(TripLimits.attachedBytesMax))
          from trip_attachment where trip_id = \(id))
        """) > 0
    }
  }

  /// Takes a file away; false when there is none.
  package func detach(_ attachment: TripAttachmentID) async throws -> Bool {
    try await translating {
      try await transaction.execute("delete from trip_attachment where trip_id = \(id) and id = \(attachment)") > 0
    }
  }
}
