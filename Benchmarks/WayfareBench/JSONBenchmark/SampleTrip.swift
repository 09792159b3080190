import JSON

/// A trip as an API would send it: text, whole numbers, coordinates, objects within objects.
struct SampleTrip: JSONReadable, JSONWritable, Equatable {
  let id: Int
  let title: String
  let days: Int
  let isShared: Bool
  let budget: Budget
  let stops: [Stop]

  struct Budget: JSONReadable, JSONWritable, Equatable {
    let currency: String
    let minorUnits: Int
  }

  struct Stop: JSONReadable, JSONWritable, Equatable {
    let name: String
    let latitude: Double
    let longitude: Double
    let note: String?

    static func sample(_ stop: Int, ofTrip trip: Int) -> Stop {
      // Whole millionths, as coordinates are sent.
      let latitude = Double(38_712_345 + trip * 11) / 1e6
      let longitude = Double(-9_123_456 + stop * 1001) / 1e6
      return Stop(
        name: "Stop \(stop) of trip \(trip)", latitude: latitude, longitude: longitude,
        note: stop == 1 ? "bring \"tickets\"" : nil)
    }
  }

  /// The same trips every time.
  static func all(count: Int) -> [SampleTrip] {
    (0..<count).map { number in
      SampleTrip(
        id: number * 7919, title: "Tage zwischen Köln und Lissabon, Teil \(number)", days: 1 + number % 20,
        isShared: number % 3 == 0, budget: Budget(currency: "EUR", minorUnits: 100 * number + 99),
        stops: (0..<3).map { Stop.sample($0, ofTrip: number) })
    }
  }

  init(id: Int, title: String, days: Int, isShared: Bool, budget: Budget, stops: [Stop]) {
    self.id = id
    self.title = title
    self.days = days
    self.isShared = isShared
    self.budget = budget
    self.stops = stops
  }

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "id", "title", "days", "shared", "budget", "stops")
    id = try object.required("id")
    title = try object.required("title", length: 1...200)
    days = try object.required("days", in: 1...60)
    isShared = try object.required("shared")
    budget = try object.required("budget")
    stops = try object.required("stops", count: 0...100)
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", id)
      $0.field("title", title)
      $0.field("days", days)
      $0.field("shared", isShared)
      $0.field("budget", budget)
      $0.field("stops", stops)
    }
  }
}

extension SampleTrip.Budget {
  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "currency", "minor_units")
    currency = try object.required("currency")
    minorUnits = try object.required("minor_units")
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("currency", currency)
      $0.field("minor_units", minorUnits)
    }
  }
}

extension SampleTrip.Stop {
  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "name", "latitude", "longitude", optional: "note")
    name = try object.required("name")
    latitude = try object.required("latitude", in: -90.0...90.0)
    longitude = try object.required("longitude", in: -180.0...180.0)
    note = try object.optional("note")
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("name", name)
      $0.field("latitude", latitude)
      $0.field("longitude", longitude)
      $0.field("note", ifPresent: note)
    }
  }
}
