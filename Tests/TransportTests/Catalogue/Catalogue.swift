import Kernel
import Testing

@testable import Transport

/// A question to a tiny feed, and the answer: departure, arrival and trips of each journey, by the clock of Berlin.
struct CatalogueCase: CustomTestStringConvertible {
  let number: Int
  let title: String
  let feed: String
  /// `A to C at 8:00`, `A to C by 9:00`, `A to C from 8:00 to 9:00`; on 2026-06-01 unless a date follows with `on`.
  let question: String
  let answer: [String]
  var change: @Sendable (inout RouteRequest) -> Void = { _ in }
  var realtime: (@Sendable (inout RealtimeText) -> Void)?

  init(
    _ number: Int, _ title: String, _ feed: String, ask question: String, _ answer: [String],
    change: @escaping @Sendable (inout RouteRequest) -> Void = { _ in },
    realtime: (@Sendable (inout RealtimeText) -> Void)? = nil
  ) {
    (self.number, self.title, self.feed, self.question, self.answer) = (number, title, feed, question, answer)
    (self.change, self.realtime) = (change, realtime)
  }

  var testDescription: String { "\(number). \(title)" }
}

let catalogue: [CatalogueCase] = [
  CatalogueCase(
    1, "One vehicle goes there", "1 T: A 8:00, B 8:10, C 8:20", ask: "A to C at 7:50", ["08:00 08:20 T"]),
  CatalogueCase(
    2, "Who comes a minute late takes the next one", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20", ask: "A to B at 8:01",
    ["09:00 09:20 U"]),
  CatalogueCase(
    3, "After the last one today comes the first one tomorrow", "1 T: A 8:00, B 8:20", ask: "A to B at 12:00",
    ["08:00 08:20 T"]),
  CatalogueCase(4, "Against its direction nothing goes", "1 T: A 8:00, B 8:20", ask: "B to A at 7:00", []),
  CatalogueCase(
    5, "A change at one stop", "1 T: A 8:00, B 8:10\n2 U: B 8:15, C 8:30", ask: "A to C at 7:50", ["08:00 08:30 T U"]),
  CatalogueCase(
    6, "A change in the very minute is made", "1 T: A 8:00, B 8:10\n2 U: B 8:10, C 8:30", ask: "A to C at 7:50",
    ["08:00 08:30 T U"]),
  CatalogueCase(
    7, "A change that takes longer than there is time is not",
    "1 T: A 8:00, B 8:10\n2 U: B 8:12, C 8:30\n2 V: B 8:20, C 8:40\nchange B 3",
    ask: "A to C at 7:50", ["08:00 08:40 T V"]),
  CatalogueCase(
    8, "Faster with a change and slower without: both are told",
    "1 T: A 8:00, B 8:10\n2 U: B 8:15, C 8:25\n3 V: A 8:00, C 8:50", ask: "A to C at 7:50",
    ["08:00 08:25 T U", "08:00 08:50 V"]),
  CatalogueCase(
    9, "What is slower and has more changes is not told",
    "1 T: A 8:00, B 8:10\n2 U: B 8:15, C 8:45\n3 V: A 8:00, C 8:40", ask: "A to C at 7:50", ["08:00 08:40 V"]),
  CatalogueCase(
    10, "The express that leaves later overtakes", "1 T: A 8:00, B 8:30, C 9:00\n1 U: A 8:10, B 8:20, C 8:30",
    ask: "A to C at 7:50", ["08:10 08:30 U"]),
  CatalogueCase(
    11, "Before the express has left, the slow one is still earlier halfway",
    "1 T: A 8:00, B 8:05, C 9:00\n1 U: A 8:10, B 8:20, C 8:30", ask: "A to B at 7:50", ["08:00 08:05 T"]),
  CatalogueCase(
    12, "On foot between two stops", "1 T: A 8:00, B 8:10\n2 U: C 8:20, D 8:30\nwalk B C 5", ask: "A to D at 7:50",
    ["08:00 08:30 T walk U"]),
  CatalogueCase(
    13, "A walk that takes too long", "1 T: A 8:00, B 8:10\n2 U: C 8:20, D 8:30\n2 V: C 8:40, D 8:50\nwalk B C 11",
    ask: "A to D at 7:50", ["08:00 08:50 T walk V"]),
  CatalogueCase(
    14, "Walking all the way is told when nothing is faster", "1 T: A 8:00, B 8:20\nwalk A B 12", ask: "A to B at 7:50",
    ["07:50 08:02 walk"]),
  CatalogueCase(
    15, "Riding faster than walking: both, as walking needs no vehicle", "1 T: A 7:52, B 7:58\nwalk A B 12",
    ask: "A to B at 7:50", ["07:52 07:58 T", "07:50 08:02 walk"]),
  CatalogueCase(
    16, "The last stretch on foot", "1 T: A 8:00, B 8:10\n2 U: C 9:00, D 9:10\nwalk B C 7", ask: "A to C at 7:50",
    ["08:00 08:17 T walk"]),
  CatalogueCase(
    17, "Between two platforms of a station: the way and a minute",
    "1 T: A 8:00, B 8:10\n2 U: C 8:11, D 8:20\n2 V: C 8:12, D 8:25\nstation S B C\nat S 52 13\nat B 52 13\nat C 52 13",
    ask: "A to D at 7:50", ["08:00 08:20 T walk U"]),
  CatalogueCase(
    18, "Where the feed says that nobody can change, nobody does",
    "1 T: A 8:00, B 8:10\n2 U: C 8:15, D 8:20\nstation S B C\nat S 52 13\nat B 52 13\nat C 52 13\nnever B C",
    ask: "A to D at 7:50", []),
  CatalogueCase(
    19, "A loop is ridden to its end, though the stop was passed before",
    "1 T: A 8:00, B 8:10, C 8:20, B 8:30, D 8:40", ask: "C to B at 8:00", ["08:20 08:30 T"]),
  CatalogueCase(
    20, "Of two calls at a stop the first is where one alights, the last where one boards",
    "1 T: A 8:00, B 8:10, C 8:20, B 8:30, D 8:40", ask: "A to B at 7:50", ["08:00 08:10 T"]),
  CatalogueCase(
    21, "Where nobody may board one waits for another",
    "1 T: A 8:00, B 8:10, C 8:20\n1 U: A 9:00, B 9:10, C 9:20\nno board T B", ask: "B to C at 8:00", ["09:10 09:20 U"]),
  CatalogueCase(
    22, "Where nobody may alight one goes on and comes back",
    "1 T: A 8:00, B 8:10, C 8:20\n2 U: C 8:25, B 8:35\nno alight T B", ask: "A to B at 7:50", ["08:00 08:35 T U"]),
  CatalogueCase(
    23, "A trip at 25:10 belongs to the day before", "1 T: A 25:10, B 25:40", ask: "A to B at 1:00 on 2026-06-02",
    ["01:10 01:40 T"]),
  CatalogueCase(
    24, "A trip that began yesterday is boarded today", "1 T: A 23:00, B 24:30, C 25:30",
    ask: "B to C at 0:10 on 2026-06-02", ["00:30 01:30 T"]),
  CatalogueCase(
    25, "What runs on Saturday only is no help on Monday", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20\ndays T 20260606",
    ask: "A to B at 7:50", ["09:00 09:20 U"]),
  CatalogueCase(
    26, "In the night when clocks go forward an hour is missing, and the ride is an hour shorter on the clock",
    // Noon of 2026-03-29 minus twelve hours is 23:00 in winter time: 6:00 counts from there.
    "1 T: A 6:00, B 7:00\ndays T 20260329", ask: "A to B at 5:00 on 2026-03-29", ["06:00 07:00 T"]),
  CatalogueCase(
    27, "Repeated by a timetable: the next one counts", "1 T: A 0:00, B 0:20\nevery T 8:00 9:00 10 exactly",
    ask: "A to B at 8:11", ["08:20 08:40 T"]),
  CatalogueCase(
    28, "Repeated at a headway, the last one leaves before the end", "1 T: A 0:00, B 0:20\nevery T 8:00 9:00 10",
    ask: "A to B from 8:41 to 9:30", ["08:50 09:10 T"]),
  CatalogueCase(
    29, "The vehicle goes on as another line, and riders stay: no change",
    "1 T: A 8:00, B 8:10\n2 U: B 8:12, C 8:20\n3 V: A 8:00, C 8:30\nblock T U", ask: "A to C at 7:50",
    ["08:00 08:20 T U"]),
  CatalogueCase(
    30, "Where nobody may stay it is a change",
    "1 T: A 8:00, B 8:10\n2 U: B 8:12, C 8:20\n3 V: A 8:00, C 8:30\nblock T U\npart T U",
    ask: "A to C at 7:50", ["08:00 08:20 T U", "08:00 08:30 V"]),
  CatalogueCase(
    31, "Two zones, one clock: 8:30 in London is 9:30 in Berlin",
    "1 T: A 9:00, B 9:20\n2 U: B 8:30, C 8:50\nzone 2 Europe/London",
    ask: "A to C at 8:50", ["09:00 09:50 T U"]),
]
