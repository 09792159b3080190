import Kernel
import Store
import Synchronization
import Trips

/// What trips say, kept for those who ask next.
///
/// What is kept goes with the version that it is. Each request asks the database for the version first, in the statement
/// in which it asks how its sender stands to the trip, so that nothing is told that the database would not have told; what
/// is spared is sending and reading a document that this process has read or written before.
final class TripShelf: Sendable {
  /// Bytes of documents as they are told.
  private static let textBytesMax = 32 << 20
  /// Bytes of the texts of those that are kept as values, which take about five times as much.
  private static let valueBytesMax = 8 << 20

  private struct Kept<Value: Sendable>: Sendable {
    let revision: Int64
    let value: Value
  }

  private let texts = Mutex(RecentValues<TripID, Kept<String>>(weightMax: textBytesMax))
  private let values = Mutex(RecentValues<TripID, Kept<TripDocument>>(weightMax: valueBytesMax))

  /// Which version of a trip's text is kept, with the text.
  func text(of trip: TripID) -> (revision: Int64, text: String)? {
    texts.withLock { $0.value(of: trip) }.map { ($0.revision, $0.value) }
  }

  /// Keeps what a trip says, as the database has told or stored it.
  func keep(_ text: String, of trip: TripID, revision: Int64) {
    texts.withLock { texts in
      // Whoever read it earlier may come later.
      if let known = texts.value(of: trip), known.revision > revision { return }
      texts.keep(Kept(revision: revision, value: text), weight: text.utf8.count, for: trip)
    }
  }

  /// Which version of a trip is kept as a value.
  func documentRevision(of trip: TripID) -> Int64? { values.withLock { $0.value(of: trip) }?.revision }

  /// A version of a trip as a value, if it is kept.
  func document(of trip: TripID, revision: Int64) -> TripDocument? {
    guard let kept = values.withLock({ $0.value(of: trip) }), kept.revision == revision else { return nil }
    return kept.value
  }

  /// Keeps what a transaction has stored, once it has been committed.
  func keep(_ saved: SavedDocument, of trip: TripID) {
    keep(saved.texts.document, of: trip, revision: saved.revision)
    values.withLock { values in
      if let known = values.value(of: trip), known.revision > saved.revision { return }
      values.keep(
        Kept(revision: saved.revision, value: saved.document), weight: saved.texts.stored.utf8.count, for: trip)
    }
  }
}
