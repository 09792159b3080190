import Kernel

/// Where a vehicle is.
package struct VehiclePosition: Sendable {
  var entity = ""
  private(set) var trip: TripDescriptor?
  private(set) var vehicle: String?
  private(set) var latitude: Double?
  private(set) var longitude: Double?
  private(set) var bearing: Double?
  private(set) var stopID: String?
  private(set) var sequence: Int?
  private(set) var timestamp: Instant?
  private(set) var occupancy: Int?

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: trip = try reading("trip", try reader.message(field), TripDescriptor.init)
      case 2:
        var inner = try reader.message(field)
        do throws(ProtobufError) { try readPosition(&inner) } catch { throw error.within("position") }
      case 3: sequence = Int(truncatingIfNeeded: try reader.unsigned(field))
      case 5: timestamp = Instant(feedSeconds: try reader.signed(field))
      case 7: stopID = try reader.text(field).orNil
      case 8: vehicle = try reading("vehicle", try reader.message(field), VehicleDescriptor.init).name
      case 9: occupancy = Int(try reader.int32(field))
      default: try reader.skip(field)
      }
    }
  }

  private mutating func readPosition(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: latitude = Double(try reader.float(field))
      case 2: longitude = Double(try reader.float(field))
      case 3: bearing = Double(try reader.float(field))
      default: try reader.skip(field)
      }
    }
  }
}

/// What a vehicle is called.
struct VehicleDescriptor: Hashable, Sendable {
  private(set) var id: String?
  private(set) var label: String?

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: id = try reader.text(field).orNil
      case 2: label = try reader.text(field).orNil
      default: try reader.skip(field)
      }
    }
  }

  /// What riders see of it, else what the operator calls it.
  var name: String? { label ?? id }
}
