/// `ItineraryWire` is how trips travel: the JSON of requests and answers, and the pages that people read.
///
/// It is: a reader that finds places and names each fault by its place and mend, writers for programs, calendars, maps and
/// terminals. It is not: the planning, which is `Itinerary`, nor routes, commands or jobs, which all speak this.
///
/// Its four nouns: ``TripQuestion`` (a request as it was sent), ``TripAnswerJSON``, ``TripPage`` (for terminals) and
/// ``PlaceNames`` (what people call places).
