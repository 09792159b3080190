/// `Transport` knows how to travel by what runs on a timetable: from the feeds of operators to routes.
///
/// It is: reading and checking GTFS, the transit graph, and everything that is computed from it. It is not: a client of
/// any server, nor a store of trips; and it waits for nothing: its callers run it where work that computes belongs.
///
/// Its nouns: `Feed` (what an operator publishes), `Notice` (what is wrong with it, and the mend), `Graph` (all feeds,
/// checked and joined, in one SQLite file), `Timetable` (what runs on all days, compiled and mapped), `DaySlice` (two days
/// of it, as a search wants them), `Journey` (what a search found, told in names, times and places).
