/// Writes messages of Protocol Buffers, for tests.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(_ fill: (inout ProtobufWriter) -> Void) { fill(&self) }

  mutating func number(_ field: Int, _ value: Int64) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func text(_ field: Int, _ value: String) { raw(field, Array(value.utf8)) }

  mutating func message(_ field: Int, _ fill: (inout ProtobufWriter) -> Void) {
    raw(field, ProtobufWriter(fill).bytes)
  }

  mutating func float(_ field: Int, _ value: Float) {
    varint(UInt64(field) << 3 | 5)
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift))) }
  }

  mutating func raw(_ field: Int, _ value: [UInt8]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// A message of GTFS-Realtime as a test wants it.
struct RealtimeText {
  private var writer = ProtobufWriter()
  private var count = 0

  init(timestamp: Int64? = nil) {
    writer.message(1) { header in
      header.text(1, "2.0")
      if let timestamp { header.number(3, timestamp) }
    }
  }

  /// What is said of a call.
  struct Call {
    var sequence: Int?
    var stop: String?
    var arrivalDelay: Int?
    var departureDelay: Int?
    var arrival: Int?
    var departure: Int?
    /// 1 skipped, 2 no data.
    var relationship: Int?
    var platform: String?

    init(_ stop: String? = nil, sequence: Int? = nil) { (self.stop, self.sequence) = (stop, sequence) }

    func with(_ change: (inout Call) -> Void) -> Call {
      var call = self
      change(&call)
      return call
    }
  }

  /// Adds what is said of a trip; a relationship as the format numbers them.
  mutating func trip(
    _ id: String?, date: String? = nil, start: String? = nil, route: String? = nil, direction: Int? = nil,
    relationship: Int? = nil, delay: Int? = nil, calls: [Call] = [], duplicate: (id: String, start: String)? = nil
  ) {
    entity(3) { update in
      update.message(1) { trip in
        if let id { trip.text(1, id) }
        if let start { trip.text(2, start) }
        if let date { trip.text(3, date) }
        if let relationship { trip.number(4, Int64(relationship)) }
        if let route { trip.text(5, route) }
        if let direction { trip.number(6, Int64(direction)) }
      }
      for call in calls { update.message(2) { Self.write(call, &$0) } }
      if let delay { update.number(5, Int64(delay)) }
      if let duplicate {
        update.message(6) { properties in
          properties.text(1, duplicate.id)
          if let date { properties.text(2, date) }
          properties.text(3, duplicate.start)
        }
      }
    }
  }

  /// Adds an alert about a route, a stop or a trip.
  mutating func alert(
    _ header: String, route: String? = nil, stop: String? = nil, trip: String? = nil, from: Int64? = nil,
    to: Int64? = nil
  ) {
    entity(5) { alert in
      if from != nil || to != nil {
        alert.message(1) { period in
          if let from { period.number(1, from) }
          if let to { period.number(2, to) }
        }
      }
      alert.message(5) { scope in
        if let route { scope.text(2, route) }
        if let trip { scope.message(4) { $0.text(1, trip) } }
        if let stop { scope.text(5, stop) }
      }
      alert.number(7, 3)
      alert.message(10) { texts in
        texts.message(1) { text in
          text.text(1, header)
          text.text(2, "en")
        }
      }
    }
  }

  /// Adds where the vehicle of a trip is.
  mutating func vehicle(_ trip: String, date: String, _ latitude: Float, _ longitude: Float) {
    entity(4) { vehicle in
      vehicle.message(1) { descriptor in
        descriptor.text(1, trip)
        descriptor.text(3, date)
      }
      vehicle.message(2) { position in
        position.float(1, latitude)
        position.float(2, longitude)
      }
    }
  }

  private static func write(_ call: Call, _ writer: inout ProtobufWriter) {
    if let sequence = call.sequence { writer.number(1, Int64(sequence)) }
    for (field, delay, time) in [(2, call.arrivalDelay, call.arrival), (3, call.departureDelay, call.departure)]
    where delay != nil || time != nil {
      writer.message(field) { event in
        if let delay { event.number(1, Int64(delay)) }
        if let time { event.number(2, Int64(time)) }
      }
    }
    if let stop = call.stop { writer.text(4, stop) }
    if let relationship = call.relationship { writer.number(5, Int64(relationship)) }
    if let platform = call.platform { writer.message(6) { $0.text(1, platform) } }
  }

  private mutating func entity(_ field: Int, _ fill: @escaping (inout ProtobufWriter) -> Void) {
    count += 1
    let id = "e\(count)"
    writer.message(2) { entity in
      entity.text(1, id)
      entity.message(field, fill)
    }
  }

  var bytes: [UInt8] { writer.bytes }
}
