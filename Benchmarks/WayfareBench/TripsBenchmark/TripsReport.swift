import JSON

/// What was measured of trips.
struct TripsReport: JSONWritable {
  let options: TripsOptions
  var mix: TripsMix.Figures?
  var visible: EditRace.Figures?
  var listeners: ListenerMemory?

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("trips", options.trips)
      if let mix {
        object.object("mix") {
          $0.field("connections", options.connections)
          $0.field("bytesOfTrip", mix.bytesOfTrip)
          $0.field("requestsPerSecond", Spread(mix.requestsPerSecond))
          $0.field("selectsPerSecond", Spread(mix.selectsPerSecond))
          $0.field("ratio", Spread(mix.ratios))
          $0.field("serverMicroseconds", Spread(mix.processorMicroseconds))
          $0.field("databaseMicroseconds", Spread(mix.databaseMicroseconds))
          $0.field("halfLoad", mix.rate.rounded(toDecimals: 0))
          Self.write(mix.latency, "latencyMilliseconds", to: &$0)
          $0.field("generatorLatenessP99Milliseconds", Self.milliseconds(mix.lateness, 0.99))
        }
      }
      if let visible {
        object.object("editToVisible") {
          $0.field("editors", options.editors)
          $0.field("edits", visible.edits)
          $0.field("editsPerSecond", visible.editsPerSecond.rounded(toDecimals: 0))
          Self.write(visible.seen, "milliseconds", to: &$0)
        }
      }
      if let listeners {
        object.object("listeners") {
          $0.field("count", listeners.listeners)
          $0.field("residentMegabytesBefore", Self.megabytes(listeners.before))
          $0.field("residentMegabytes", Self.megabytes(listeners.after))
          $0.field("bytesEach", (listeners.after - listeners.before) / max(1, listeners.listeners))
          $0.field("processorsWhileSilent", listeners.silentShare.rounded(toDecimals: 3))
        }
      }
    }
  }

  var text: String {
    var table = TextTable("Trips (\(options.trips))", columns: ["median", "min", "max"])
    if let mix {
      table.add("mix, requests/s", Spread(mix.requestsPerSecond), decimals: 0)
      table.add("bare SELECT over the same pool, 1/s", Spread(mix.selectsPerSecond), decimals: 0)
      table.add("mix / SELECT, by pair", Spread(mix.ratios), decimals: 3)
      table.add("server CPU us/request", Spread(mix.processorMicroseconds), decimals: 1)
      table.add("database CPU us/request", Spread(mix.databaseMicroseconds), decimals: 1)
    }
    var times = TextTable("Times, ms", columns: ["p50", "p90", "p99", "max"])
    if let mix {
      times.add("mix at \(mix.rate.text(decimals: 0)) requests/s", Self.cells(mix.latency))
      times.add("of it this program's own lateness", Self.cells(mix.lateness))
    }
    if let visible {
      times.add("edit to visible, \(visible.editsPerSecond.text(decimals: 0)) edits/s", Self.cells(visible.seen))
    }
    var text = (mix == nil ? "" : table.text + "\n") + (mix == nil && visible == nil ? "" : times.text)
    if let listeners {
      text +=
        "\n\(listeners.listeners) listeners: \(Self.megabytes(listeners.before)) MB resident before, \(Self.megabytes(listeners.after)) MB with them, "
        + "\(listeners.silentShare.text(decimals: 3)) processors while nothing happens\n"
    }
    return text
  }

  private static func cells(_ times: Quantiles) -> [String] {
    [0.5, 0.9, 0.99].map { milliseconds(times, $0).text(decimals: 2) }
      + [(times.maximumMicroseconds / 1000).text(decimals: 2)]
  }

  private static func write(_ times: Quantiles, _ name: StaticString, to object: inout JSONObjectWriter) {
    object.object(name) {
      $0.field("p50", milliseconds(times, 0.5))
      $0.field("p90", milliseconds(times, 0.9))
      $0.field("p99", milliseconds(times, 0.99))
      $0.field("max", (times.maximumMicroseconds / 1000).rounded(toDecimals: 3))
    }
  }

  private static func milliseconds(_ times: Quantiles, _ share: Double) -> Double {
    (times.microseconds(share) / 1000).rounded(toDecimals: 3)
  }

  private static func megabytes(_ bytes: Int) -> Double { (Double(bytes) / 1e6).rounded(toDecimals: 1) }
}
