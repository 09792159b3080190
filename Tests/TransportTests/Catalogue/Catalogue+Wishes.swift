@testable import Transport

/// More cases: other questions, and wishes.
let catalogueOfWishes: [CatalogueCase] = [
  CatalogueCase(
    32, "Arriving by: the last that is in time", "1 T: A 8:00, B 8:20\n1 U: A 8:30, B 8:50\n1 V: A 9:00, B 9:20",
    ask: "A to B by 9:00", ["08:30 08:50 U"]),
  CatalogueCase(
    33, "Arriving by, with a change: as late as possible, all the way",
    "1 T: A 8:00, B 8:10\n1 U: A 8:10, B 8:20\n2 V: B 8:25, C 8:40", ask: "A to C by 8:45", ["08:10 08:40 U V"]),
  CatalogueCase(
    34, "A window: each departure that is worth it, none that a later one beats",
    "1 T: A 8:00, B 8:30\n1 U: A 8:10, B 8:25\n1 V: A 8:20, B 8:40", ask: "A to B from 7:55 to 9:00",
    ["08:10 08:25 U", "08:20 08:40 V"]),
  CatalogueCase(
    35, "Leaving as late as still reaches the connection",
    "1 T: A 8:00, B 8:10\n1 U: A 8:20, B 8:30\n2 V: B 8:35, C 8:50", ask: "A to C at 7:50", ["08:20 08:50 U V"]),
  CatalogueCase(
    36, "With a wheelchair only what is said to take it", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20\nwheels U",
    ask: "A to B at 7:50", ["09:00 09:20 U"], change: { $0.needsWheelchair = true }),
  CatalogueCase(
    37, "With a bicycle likewise", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20\nbikes U", ask: "A to B at 7:50",
    ["09:00 09:20 U"], change: { $0.needsBikes = true }),
  CatalogueCase(
    38, "By train only", "1 T: A 8:00, B 8:20\n2 U: A 8:00, B 8:40\nmode 2 2", ask: "A to B at 7:50",
    ["08:00 08:40 U"], change: { $0.modes = ["rail"] }),
  CatalogueCase(
    39, "Not by that line", "1 T: A 8:00, B 8:20\n2 U: A 8:00, B 8:40", ask: "A to B at 7:50", ["08:00 08:40 U"],
    change: { $0.lines.avoided = ["1"] }),
  CatalogueCase(
    40, "The preferred line is told beside the fastest", "1 T: A 8:00, B 8:20\n2 U: A 8:00, B 8:40",
    ask: "A to B at 7:50", ["08:00 08:20 T", "08:00 08:40 U"], change: { $0.preferredLines = ["2"] }),
  CatalogueCase(
    41, "Half an hour at a place on the way", "1 T: A 8:00, B 8:10, C 8:20\n1 U: A 8:30, B 8:40, C 8:50",
    ask: "A to C at 7:50", ["08:00 08:50 T U"],
    change: { $0.vias = [Via("stop:f:B", staySeconds: 1800)] }),
  CatalogueCase(
    42, "Less walking is a reason when it is weighed",
    "1 T: A 8:00, B 8:10\n2 U: A 8:00, C 8:30\n3 V: D 9:00, C 9:10\nwalk B C 10", ask: "A to C at 7:50",
    ["08:00 08:20 T walk", "08:00 08:30 U"], change: { $0.weighsWalking = true }),
  CatalogueCase(
    43, "A change that must take five minutes at least",
    "1 T: A 8:00, B 8:10\n2 U: B 8:14, C 8:30\n2 V: B 8:15, C 8:35",
    ask: "A to C at 7:50", ["08:00 08:35 T V"], change: { $0.changeSeconds = 300 }),
  CatalogueCase(
    44, "A flight wants an hour before and half an hour after",
    "1 T: A 8:00, B 9:00\n1 U: A 8:59, B 10:00\nmode 1 1100",
    ask: "A to B at 7:30", ["07:59 10:30 U"]),
  CatalogueCase(
    45, "A delay breaks the connection, and the next one is taken",
    "1 T: A 8:00, B 8:10\n2 U: B 8:15, C 8:30\n2 V: B 8:45, C 9:00", ask: "A to C at 7:50", ["08:00 09:00 T V"],
    realtime: { $0.trip("T", date: "20260601", calls: [.init("B").with { $0.arrivalDelay = 360 }]) }),
  CatalogueCase(
    46, "A delay makes a connection that was none", "1 T: A 8:00, B 8:10\n2 U: B 8:08, C 8:30", ask: "A to C at 7:50",
    ["08:00 08:35 T U"], realtime: { $0.trip("U", date: "20260601", delay: 300) }),
  CatalogueCase(
    47, "A cancelled trip is not ridden", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20", ask: "A to B at 7:50",
    ["09:00 09:20 U"], realtime: { $0.trip("T", date: "20260601", relationship: 3) }),
  CatalogueCase(
    48, "A late trip is overtaken by the next", "1 T: A 8:00, B 8:20\n1 U: A 8:10, B 8:30", ask: "A to B at 7:50",
    ["08:10 08:30 U"], realtime: { $0.trip("T", date: "20260601", delay: 1800) }),
  CatalogueCase(
    49, "Who missed it by the plan still catches it when it is late", "1 T: A 8:00, B 8:20\n1 U: A 9:00, B 9:20",
    ask: "A to B at 8:10", ["08:15 08:35 T"], realtime: { $0.trip("T", date: "20260601", delay: 900) }),
  CatalogueCase(
    50, "A vehicle that is late for its next trip loses those who would stay seated",
    "1 T: A 8:00, B 8:10\n2 U: B 8:12, C 8:20\n3 V: A 8:00, C 8:30\nblock T U", ask: "A to C at 7:50",
    ["08:00 08:30 V"], realtime: { $0.trip("T", date: "20260601", delay: 600) }),
]
