/// `TransportWire` is how journeys travel: the JSON that `wayfare route` prints and the API answers, and how times are
/// written by those who ask.
///
/// It is: writers of journeys, lines and stops, and a reader of times. It is not: the search, which is `Transport`, nor
/// commands or routes, which all speak this.
///
/// Its five nouns: ``RouteJSON`` (journeys), ``RealtimeJSON`` (what is known of just now), ``LineJSON``, ``NearbyJSON``
/// (stops around a point) and ``WrittenTime`` (a time with or without its offset).
