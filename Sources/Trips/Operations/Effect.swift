import Kernel

/// What an operation came to: what is in the log, and what everybody replays.
package enum Effect: Hashable, Sendable {
  case added(EntryID, EntryKind, Place, [TripField: FieldValue])
  /// A field's new value, and what it replaced if the field had been written before.
  case wrote(EntryID?, TripField, FieldValue?, over: Register?)
  case moved(EntryID, Place, from: Place, over: Stamp)
  /// The same order with another key; nobody's edit.
  case rekeyed(EntryID, OrderKey)
  case deleted(EntryID)
  case restored(EntryID)
  /// Deleted long ago, and now gone for good.
  case purged(EntryID)
}

extension TripDocument {
  /// Replays what an entry of the log came to.
  ///
  /// - Precondition: everything before it was replayed, and nothing after it.
  package mutating func replay(_ effects: [Effect], _ stamp: Stamp) {
    for effect in effects { replay(effect, stamp) }
  }

  private mutating func replay(_ effect: Effect, _ stamp: Stamp) {
    switch effect {
    case .added(let id, let kind, let place, let values):
      entries[id] = Entry(
        kind: kind, fields: values.mapValues { Register($0, stamp) }, place: place, placeStamp: stamp, lifeStamp: stamp)
    case .wrote(nil, let field, let value, _): fields[field] = Register(value, stamp)
    case .wrote(let id?, let field, let value, _): entries[id]?.fields[field] = Register(value, stamp)
    case .moved(let id, let place, _, _):
      entries[id]?.place = place
      entries[id]?.placeStamp = stamp
    case .rekeyed(let id, let key): entries[id]?.place.key = key
    case .deleted(let id), .restored(let id):
      entries[id]?.isDeleted = effect == .deleted(id)
      entries[id]?.lifeStamp = stamp
    case .purged(let id): entries[id] = nil
    }
  }
}

/// Why an operation is not carried out.
package enum Refusal: Error, Hashable, Sendable {
  case unknownEntry(EntryID)
  /// It is deleted: that wins over edits.
  case deleted(EntryID)
  case idTaken(EntryID)
  case noDay(EntryID)
  case dayOnDay(EntryID)
  case unknownField(TripField, EntryKind?)
  case badValue(TripField, String)
  case titleNeeded
  case tooManyDays
  case tooManyItems
  /// Somebody has written it since; only who asks for strictness hears this.
  case changedSince(EntryID?, TripField?, Stamp)
  case unknownChange(Int64)
  case notYours(Int64)
  case nothingLeftToUndo(Int64)
  /// The role does not allow it, or no longer.
  case forbidden(TripAction, TripStanding)

  /// Whether it is a meeting with somebody else's edit rather than a mistake.
  package var isConflict: Bool {
    switch self {
    case .deleted, .idTaken, .changedSince, .nothingLeftToUndo: true
    default: false
    }
  }
}

extension Refusal: CustomStringConvertible {
  /// One sentence: the place and the mend.
  package var description: String {
    switch self {
    case .unknownEntry(let id): "There is no day or item \(id) in this trip; read the trip again."
    case .deleted(let id): "\(id) has been deleted, which wins over edits; restore it first."
    case .idTaken(let id): "The id \(id) is taken in this trip; make a new one."
    case .noDay(let id): "\(id) is no day of this trip; name a day, or null for the ideas."
    case .dayOnDay(let id): "\(id) is a day, which stands on no other; leave \"day\" out."
    case .unknownField(let field, let kind):
      "\"\(field.rawValue)\" is no field of \(kind.map { $0 == .day ? "days" : "items" } ?? "the trip"); it has "
        + TripField.fields(of: kind).map(\.rawValue).joined(separator: ", ") + "."
    case .badValue(let field, let complaint): "\"\(field.rawValue)\" \(complaint)."
    case .titleNeeded: "A trip keeps a title: give it another rather than none."
    case .tooManyDays: "A trip has \(TripLimits.daysMax) days at most; delete some first."
    case .tooManyItems: "A trip has \(TripLimits.itemsMax) items at most; delete some first."
    case .changedSince(let id, let field, let stamp):
      "\(field.map { "\"\($0.rawValue)\"" } ?? "What you change") of \(id.map(\.description) ?? "the trip") was written"
        + " since, by change \(stamp.seq); read it again and repeat the edit."
    case .unknownChange(let seq): "The log has no change \(seq), or none any more."
    case .notYours(let seq): "Change \(seq) was made by somebody else; only who made it can take it back."
    case .nothingLeftToUndo(let seq): "Nothing of change \(seq) is left to take back: all of it was changed since."
    case .forbidden(let action, _): "Your role does not allow you to \(action.words)."
    }
  }
}
