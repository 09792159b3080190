/// `Itinerary` is the composition: a request becomes a few complete trips of which none is beaten by another.
///
/// It is: candidate calendars (order, nights, dates), journeys between cities from `Transport`, days from `Planner`, money
/// from `Budget`, put together and compared in cost, experience, travel time, CO2 and comfort. It is not: a store, JSON, a
/// clock, or booking; it runs on one thread and says how far it is.
///
/// Its five nouns: ``TripRequest`` (what is wanted), ``TripGround`` (what is known), ``TripCalendar`` (where on which
/// dates), ``TripOption`` (a whole trip) and ``TripAnswer`` (the options, or what stands in their way).
