import Kernel

/// What an operator says about one trip: that it is late, cancelled, new, or leaves out stops.
package struct TripUpdate: Sendable {
  static let callsMax = 10_000

  var entity = ""
  private(set) var trip = TripDescriptor()
  private(set) var calls: [CallUpdate] = []
  /// How late the trip is where nothing more exact is said.
  private(set) var delay: Int32?
  private(set) var timestamp: Instant?
  private(set) var vehicle: String?
  private(set) var properties = TripProperties()

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    var hasTrip = false
    while let field = try reader.next() {
      switch field.number {
      case 1:
        trip = try reading("trip", try reader.message(field), TripDescriptor.init)
        hasTrip = true
      case 2:
        guard calls.count < Self.callsMax else { throw ProtobufError(.tooMany(limit: Self.callsMax), at: field.offset) }
        calls.append(try reading("stop_time_update[\(calls.count)]", try reader.message(field), CallUpdate.init))
      case 3: vehicle = try reading("vehicle", try reader.message(field), VehicleDescriptor.init).name
      case 4: timestamp = Instant(feedSeconds: try reader.signed(field))
      case 5: delay = try reader.int32(field)
      case 6: properties = try reading("trip_properties", try reader.message(field), TripProperties.init)
      default: try reader.skip(field)
      }
    }
    guard hasTrip else { throw ProtobufError(.missing("trip"), at: reader.offset) }
  }
}

/// Which trip is meant.
struct TripDescriptor: Hashable, Sendable {
  enum Relationship: Int, Sendable {
    case scheduled = 0
    case added = 1
    case unscheduled = 2
    case cancelled = 3
    case replacement = 5
    case duplicated = 6
    case deleted = 7
    case new = 8
  }

  private(set) var tripID: String?
  private(set) var routeID: String?
  private(set) var direction: Int?
  /// As in the feed: `25:10:00`.
  private(set) var startTime: String?
  /// As in the feed: `20260601`.
  private(set) var startDate: String?
  private(set) var relationship = Relationship.scheduled
  /// A relationship that is not in the table above.
  private(set) var unknownRelationship: Int?

  init() {}

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: tripID = try reader.text(field).orNil
      case 2: startTime = try reader.text(field).orNil
      case 3: startDate = try reader.text(field).orNil
      case 4:
        let number = Int(try reader.int32(field))
        if let known = Relationship(rawValue: number) { relationship = known } else { unknownRelationship = number }
      case 5: routeID = try reader.text(field).orNil
      case 6: direction = Int(try reader.int32(field))
      default: try reader.skip(field)
      }
    }
  }
}

/// What is new of a trip that is added or repeated.
struct TripProperties: Hashable, Sendable {
  private(set) var tripID: String?
  private(set) var startDate: String?
  private(set) var startTime: String?
  private(set) var headsign: String?

  init() {}

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: tripID = try reader.text(field).orNil
      case 2: startDate = try reader.text(field).orNil
      case 3: startTime = try reader.text(field).orNil
      case 5: headsign = try reader.text(field).orNil
      default: try reader.skip(field)
      }
    }
  }
}

/// What is said about one call of a trip, and holds until the next that something is said about.
struct CallUpdate: Hashable, Sendable {
  enum Relationship: Int, Sendable {
    case scheduled = 0
    case skipped = 1
    case noData = 2
    case unscheduled = 3
  }

  /// A delay, a moment, or both: then the moment counts.
  struct Event: Hashable, Sendable {
    private(set) var delay: Int32?
    private(set) var time: Int64?

    init(_ reader: inout ProtobufReader) throws(ProtobufError) {
      while let field = try reader.next() {
        switch field.number {
        case 1: delay = try reader.int32(field)
        case 2: time = try reader.signed(field)
        default: try reader.skip(field)
        }
      }
      // Some operators write nought for "not known".
      if time == 0 { time = nil }
    }

    var isEmpty: Bool { delay == nil && time == nil }
  }

  private(set) var sequence: UInt64?
  private(set) var stopID: String?
  private(set) var arrival: Event?
  private(set) var departure: Event?
  private(set) var relationship = Relationship.scheduled
  /// Another platform than planned.
  private(set) var assignedStopID: String?
  private(set) var dropOff: Int?
  private(set) var pickup: Int?

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: sequence = try reader.unsigned(field)
      case 2: arrival = try reading("arrival", try reader.message(field), Event.init)
      case 3: departure = try reading("departure", try reader.message(field), Event.init)
      case 4: stopID = try reader.text(field).orNil
      case 5: relationship = Relationship(rawValue: Int(try reader.int32(field))) ?? .scheduled
      case 6:
        var inner = try reader.message(field)
        do throws(ProtobufError) { try readProperties(&inner) } catch { throw error.within("stop_time_properties") }
      default: try reader.skip(field)
      }
    }
    if arrival?.isEmpty == true { arrival = nil }
    if departure?.isEmpty == true { departure = nil }
  }

  private mutating func readProperties(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: assignedStopID = try reader.text(field).orNil
      case 3: pickup = Int(try reader.int32(field))
      case 4: dropOff = Int(try reader.int32(field))
      default: try reader.skip(field)
      }
    }
  }
}

extension String {
  /// Nil for nothing: an empty text says as little as none.
  var orNil: String? { isEmpty ? nil : self }
}
