package import JSON
import Kernel
package import Trips

extension Place: JSONWritable, JSONReadable {
  /// Writes the day and the key.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("day", ifPresent: day?.description)
      $0.field("key", key.description)
    }
  }

  /// Reads what is written.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "key", optional: "day")
    self.init(day: try object.find("day")?.findIdentifier(), key: try object.required("key"))
  }
}

extension OrderKey: JSONReadable {
  /// Reads what ``description`` writes.
  package init(json: JSONNode) throws(JSONError) {
    guard let key = OrderKey(try json.string) else { throw json.invalid("must be an order key") }
    self = key
  }
}

extension Stamp: JSONWritable, JSONReadable {
  /// Writes the place in the log and who.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("seq", seq)
      $0.field("by", ifPresent: author?.description)
    }
  }

  /// Reads what is written.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "seq", optional: "by")
    self.init(seq: try object.required("seq"), author: try object.find("by")?.findIdentifier())
  }
}

extension Register: JSONWritable {
  /// Writes the value, and who wrote it when.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("value", value)
      $0.field("seq", stamp.seq)
      $0.field("by", ifPresent: stamp.author?.description)
    }
  }

  init(json: JSONNode, of field: TripField) throws(JSONError) {
    let object = try json.object(required: "value", "seq", optional: "by")
    self.init(
      try object.find("value")?.value(of: field),
      Stamp(seq: try object.required("seq"), author: try object.find("by")?.findIdentifier()))
  }
}
