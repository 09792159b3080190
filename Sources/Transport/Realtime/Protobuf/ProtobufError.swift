/// Bytes that are no message: what is wrong, at which byte, in which field.
package struct ProtobufError: Error, Hashable, Sendable {
  package enum Fault: Hashable, Sendable {
    /// The bytes end within a number or a text.
    case cutOff
    /// A number that goes on for more than ten bytes.
    case longNumber
    /// A kind of field that there is none of.
    case unknownKind(UInt8)
    /// A field with the number nought, or one too large.
    case badFieldNumber
    /// A length that leads beyond the end of what holds it.
    case tooLong(length: UInt64, left: Int)
    /// A field of another kind than it must be.
    case otherKind(wanted: String)
    /// Text that is no UTF-8.
    case notText
    /// A group that is not closed, or not the one that was opened.
    case badGroup
    /// More of one kind than any honest message has.
    case tooMany(limit: Int)
    /// A field that must be there is not.
    case missing(String)
  }

  package let fault: Fault
  /// From the start of the file.
  package let offset: Int
  /// Names of fields from the outermost to the innermost: `entity[3]`, `trip_update`.
  package private(set) var path: [String] = []

  init(_ fault: Fault, at offset: Int) {
    (self.fault, self.offset) = (fault, offset)
  }

  /// The same as seen from the message around it.
  func within(_ field: String) -> ProtobufError {
    var outer = self
    outer.path.insert(field, at: 0)
    return outer
  }

  /// What is wrong, in the middle of a sentence.
  package var reason: String {
    switch fault {
    case .cutOff: "it ends in the middle of a field"
    case .longNumber: "a number goes on for more than ten bytes"
    case .unknownKind(let kind): "there are no fields of kind \(kind)"
    case .badFieldNumber: "a field has a number that no field can have"
    case .tooLong(let length, let left): "a field of \(length) bytes begins where \(left) are left"
    case .otherKind(let wanted): "the field is not \(wanted)"
    case .notText: "a text is not UTF-8"
    case .badGroup: "a group does not end as it began"
    case .tooMany(let limit): "there are more than \(limit) of them"
    case .missing(let field): "\(field) is missing"
    }
  }
}
