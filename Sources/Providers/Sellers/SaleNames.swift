package import Booking
import Synchronization

/// What sellers call our orders, by our reference: for those that cannot be asked by it.
package struct SaleNames: Sendable {
  /// The seller's name of an order; nil where none is known.
  package let find: @Sendable (BookingReference) async -> String?
  /// Keeps a seller's name of an order.
  package let note: @Sendable (BookingReference, String) async -> Void

  /// Names that are kept elsewhere.
  package init(
    find: @escaping @Sendable (BookingReference) async -> String?,
    note: @escaping @Sendable (BookingReference, String) async -> Void
  ) {
    self.find = find
    self.note = note
  }

  /// Names that are kept in memory, so many of them, and lost with the process.
  package static func inMemory(countMax: Int = 10_000) -> SaleNames {
    let shelf = NameShelf(countMax: countMax)
    return SaleNames(find: { shelf.find($0) }, note: { shelf.note($0, $1) })
  }
}

/// The last names noted.
private final class NameShelf: Sendable {
  private let state = Mutex<(names: [BookingReference: String], line: [BookingReference])>(([:], []))
  private let countMax: Int

  init(countMax: Int) { self.countMax = countMax }

  func find(_ reference: BookingReference) -> String? { state.withLock { $0.names[reference] } }

  func note(_ reference: BookingReference, _ name: String) {
    state.withLock { state in
      if state.names.updateValue(name, forKey: reference) == nil { state.line.append(reference) }
      guard state.line.count > countMax else { return }
      for old in state.line.prefix(countMax / 4) { state.names[old] = nil }
      state.line.removeFirst(countMax / 4)
    }
  }
}
