import Itinerary
import JSON

/// What the plans of a request came to.
struct ItineraryReport {
  let request: TripRequest
  let answer: TripAnswer
  let rounds: [ItineraryBenchmark.Round]
  let throughputs: [ItineraryBenchmark.Throughput]
  let peakBytes: Int

  private var processor: Spread { Spread(rounds.map(\.processorSeconds)) }
  private var clock: Spread { Spread(rounds.map(\.seconds)) }
  private var first: Spread? {
    let found = rounds.compactMap(\.firstSeconds)
    return found.isEmpty ? nil : Spread(found)
  }

  var text: String {
    var table = TextTable("seconds", columns: ["median", "least", "most"])
    table.add("processor time of a plan", processor, decimals: 3)
    table.add("by the clock", clock, decimals: 3)
    if let first { table.add("until the first trip", first, decimals: 3) }
    var lines = ["\(what)", table.text]
    for each in throughputs {
      lines.append(
        "\(each.workers) at a time: \(each.perSecond.text(decimals: 2)) plans a second, "
          + "\(each.perProcessorSecond.text(decimals: 2)) a second of processor time")
    }
    lines.append("most memory \((Double(peakBytes) / 1_048_576).text(decimals: 1)) MiB")
    return lines.joined(separator: "\n") + "\n"
  }

  private var what: String {
    "\(request.destinations.count) destinations, \(answer.options.count) options of \(answer.unbeatenCount), "
      + "\(answer.work.searches) searches for journeys, \(answer.work.candidates) sights looked at, "
      + "\(answer.work.stays) stays planned, \(answer.work.calendars) calendars"
  }

  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.field("destinations", request.destinations.count)
      object.field("options", answer.options.count)
      object.field("unbeaten", answer.unbeatenCount)
      object.field("candidates", answer.work.candidates)
      object.field("searches", answer.work.searches)
      object.field("stays", answer.work.stays)
      object.field("processorSeconds", processor)
      object.field("seconds", clock)
      object.field("firstSeconds", ifPresent: first)
      object.array("throughput") { array in
        for each in throughputs {
          array.object {
            $0.field("workers", each.workers)
            $0.field("perSecond", each.perSecond.rounded(toDecimals: 3))
            $0.field("perProcessorSecond", each.perProcessorSecond.rounded(toDecimals: 3))
          }
        }
      }
      object.field("peakMebibytes", (Double(peakBytes) / 1_048_576).rounded(toDecimals: 1))
    }
    return writer.finish() + [10]
  }
}
