package import Kernel

/// One message of GTFS-Realtime: what an operator says at one moment about trips, vehicles and disturbances.
package struct RealtimeFeed: Sendable {
  /// Bytes that are read at most; the largest feeds of whole countries have some dozens of megabytes.
  package static let bytesMax = 64 << 20
  static let entitiesMax = 1_000_000

  let version: String
  /// When it was made; nil if it does not say.
  package let timestamp: Instant?
  /// Only changes since the message before: nobody defines how, so it is taken for the whole.
  let isDifferential: Bool
  package private(set) var tripUpdates: [TripUpdate] = []
  package private(set) var vehicles: [VehiclePosition] = []
  package private(set) var alerts: [ServiceAlert] = []

  /// Reads a message.
  ///
  /// - Parameters:
  ///   - bytes: all of it.
  ///   - name: what to call it in errors.
  /// - Throws: `RealtimeError` with the byte and the field that are wrong.
  package init(_ bytes: [UInt8], name: String) throws(RealtimeError) {
    guard bytes.count <= Self.bytesMax else {
      throw .tooLarge(name: name, bytes: bytes.count, limit: Self.bytesMax)
    }
    do throws(ProtobufError) {
      try self.init(ProtobufReader(bytes))
    } catch {
      throw .malformed(
        name: name, offset: error.offset, field: error.path.joined(separator: "."), reason: error.reason)
    }
  }

  private init(_ reader: ProtobufReader) throws(ProtobufError) {
    var reader = reader
    var header: Header?
    var count = 0
    var (updates, vehicles, alerts): ([TripUpdate], [VehiclePosition], [ServiceAlert]) = ([], [], [])
    while let field = try reader.next() {
      switch field.number {
      case 1: header = try reading("header", try reader.message(field), Header.init)
      case 2:
        guard count < Self.entitiesMax else { throw ProtobufError(.tooMany(limit: Self.entitiesMax), at: field.offset) }
        let entity = try reading("entity[\(count)]", try reader.message(field), Entity.init)
        count += 1
        if entity.isDeleted { continue }
        if let update = entity.tripUpdate { updates.append(update) }
        if let vehicle = entity.vehicle { vehicles.append(vehicle) }
        if let alert = entity.alert { alerts.append(alert) }
      default: try reader.skip(field)
      }
    }
    guard let header else { throw ProtobufError(.missing("the header"), at: reader.offset) }
    (version, isDifferential) = (header.version, header.isDifferential)
    timestamp = header.timestamp
    (tripUpdates, self.vehicles, self.alerts) = (updates, vehicles, alerts)
  }

  private struct Header {
    let version: String
    let isDifferential: Bool
    let timestamp: Instant?

    init(_ reader: inout ProtobufReader) throws(ProtobufError) {
      var (version, isDifferential): (String?, Bool) = (nil, false)
      var timestamp: Instant?
      while let field = try reader.next() {
        switch field.number {
        case 1: version = try reader.text(field)
        case 2: isDifferential = try reader.unsigned(field) == 1
        case 3: timestamp = Instant(feedSeconds: try reader.signed(field))
        default: try reader.skip(field)
        }
      }
      guard let version else { throw ProtobufError(.missing("gtfs_realtime_version"), at: reader.offset) }
      (self.version, self.isDifferential, self.timestamp) = (version, isDifferential, timestamp)
    }
  }

  private struct Entity {
    private(set) var id = ""
    private(set) var isDeleted = false
    private(set) var tripUpdate: TripUpdate?
    private(set) var vehicle: VehiclePosition?
    private(set) var alert: ServiceAlert?

    init(_ reader: inout ProtobufReader) throws(ProtobufError) {
      while let field = try reader.next() {
        switch field.number {
        case 1: id = try reader.text(field)
        case 2: isDeleted = try reader.unsigned(field) == 1
        case 3: tripUpdate = try reading("trip_update", try reader.message(field), TripUpdate.init)
        case 4: vehicle = try reading("vehicle", try reader.message(field), VehiclePosition.init)
        case 5: alert = try reading("alert", try reader.message(field), ServiceAlert.init)
        default: try reader.skip(field)
        }
      }
      tripUpdate?.entity = id
      vehicle?.entity = id
      alert?.entity = id
    }
  }
}

/// Reads a message within another, and puts the field's name to whatever is wrong in it.
func reading<Message>(
  _ name: @autoclosure () -> String, _ reader: ProtobufReader,
  _ read: (inout ProtobufReader) throws(ProtobufError) -> Message
) throws(ProtobufError) -> Message {
  var reader = reader
  do throws(ProtobufError) {
    return try read(&reader)
  } catch {
    throw error.within(name())
  }
}

extension Instant {
  /// A moment in seconds since 1970; nil for nought, which stands for unknown, and for what no clock shows.
  init?(feedSeconds seconds: Int64) {
    guard seconds > 0, seconds <= Instant.last.secondsSinceEpoch else { return nil }
    self.init(secondsSinceEpoch: seconds)
  }
}
