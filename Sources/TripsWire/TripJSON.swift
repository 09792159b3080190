package import JSON
import Kernel
package import Trips

/// The document as people see it: the trip's fields, its days with their items in order, and the ideas.
package struct TripJSON: JSONWritable {
  private let document: TripDocument

  package init(_ document: TripDocument) { self.document = document }

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    let items = document.itemsByDay
    writer.object { object in
      TripJSON.write(document.fields, to: &object)
      object.array("days") { array in
        for id in document.days {
          guard let day = document.entries[id] else { continue }
          array.object { object in
            object.field("id", id.description)
            TripJSON.write(day.fields, to: &object)
            object.array("items") { write(items[id] ?? [], to: &$0) }
          }
        }
      }
      object.array("ideas") { write(items[nil] ?? [], to: &$0) }
    }
  }

  private func write(_ ids: [EntryID], to array: inout JSONArrayWriter) {
    for id in ids {
      guard let item = document.entries[id] else { continue }
      array.object { object in
        object.field("id", id.description)
        object.field("kind", item.kind.rawValue)
        TripJSON.write(item.fields, to: &object)
      }
    }
  }

  static func write(_ fields: [TripField: Register], to object: inout JSONObjectWriter) {
    for (field, register) in fields.sorted(by: { $0.key < $1.key }) {
      if let value = register.value { object.field(named: field.rawValue, value) }
    }
  }
}

/// What a list shows of a trip: its title, dates and cover.
package struct TripHeadline: JSONWritable {
  private static let told: Set<TripField> = [.title, .startDate, .endDate, .cover]
  private let document: TripDocument

  package init(_ document: TripDocument) { self.document = document }

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    writer.object { TripJSON.write(document.fields.filter { Self.told.contains($0.key) }, to: &$0) }
  }
}
