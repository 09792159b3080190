import JSON

/// What `wayfare-bench bookings` has done and found.
struct BookingsReport: JSONWritable {
  let options: BookingsOptions
  let markets: Int
  /// Until the last booking was made and run, and until the last one had come to its end.
  let makingSeconds: Double
  let seconds: Double
  let requests: Int
  let deeds: BookingCrowd.Deeds
  let faults: [String: Int]
  let ends: [String: Int]
  let violations: [String]

  private static let toldMax = 20

  /// All that went wrong on purpose, by kind.
  private var injected: [(name: String, count: Int)] {
    let own = [
      ("doubleSubmits", deeds.doubleSubmits), ("forgedEvents", deeds.forgedEvents), ("deaths", deeds.deaths),
      ("refusedCards", deeds.refusedCards),
    ]
    return (faults.map { ($0.key, $0.value) } + own).sorted { $0.0 < $1.0 }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("bookings", options.bookings)
      object.field("seed", options.seed)
      object.field("speed", options.speed)
      object.field("markets", markets)
      object.field("seconds", seconds.rounded(toDecimals: 1))
      object.field("making_seconds", makingSeconds.rounded(toDecimals: 1))
      object.field(
        "bookings_per_second", (Double(options.bookings) / max(0.001, makingSeconds)).rounded(toDecimals: 1))
      object.field("requests", requests)
      object.object("faults") { for (name, count) in injected { $0.field(named: name, count) } }
      object.field("called_off", deeds.calledOff)
      object.field("questions", deeds.answers)
      object.object("ends") {
        for (name, count) in ends.sorted(by: { $0.key < $1.key }) { $0.field(named: name, count) }
      }
      object.field("violations", violations.count)
      object.field("told", Array(violations.prefix(Self.toldMax)))
    }
  }

  /// The tables for people.
  var text: String {
    var table = TextTable("\(options.bookings) bookings, seed \(options.seed)", columns: [""])
    table.add("seconds until all were made and run", [makingSeconds.text(decimals: 1)])
    table.add("seconds until all had ended", [seconds.text(decimals: 1)])
    table.add("bookings/s", [(Double(options.bookings) / max(0.001, makingSeconds)).text(decimals: 1)])
    table.add("requests to sellers and collectors", ["\(requests)"])
    table.add("called off by their customers", ["\(deeds.calledOff)"])
    table.add("questions answered", ["\(deeds.answers)"])
    var wrong = TextTable("What went wrong on purpose", columns: [""])
    for (name, count) in injected { wrong.add(name, ["\(count)"]) }
    var ended = TextTable("How they ended", columns: [""])
    for (name, count) in ends.sorted(by: { $0.key < $1.key }) { ended.add(name, ["\(count)"]) }
    let note = """
      Time is compressed: the clock of bookings and sandboxes ran \(options.speed) times as fast as ours, and adapters' time
      limits were as much shorter. A loop of this program stood in for the queue.

      """
    let told =
      violations.isEmpty
      ? "no law was broken\n"
      : "\(violations.count) laws were broken:\n" + violations.prefix(Self.toldMax).map { "  \($0)\n" }.joined()
    return [table.text, wrong.text, ended.text, note + told].joined(separator: "\n")
  }
}
