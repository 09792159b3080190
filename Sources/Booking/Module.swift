/// `Booking` knows how a selection becomes tickets, or the money comes back.
///
/// It is pure: what was sold, paid and owed comes as values and goes as commands. What speaks to those who sell and to
/// those who collect money stands in `Providers`; what is kept stands in `Store`.
///
/// Its nouns: ``Offer`` (what somebody sells at a price, until when, on which terms), ``OfferSearch`` (what is looked
/// for), ``Seller`` (the port to whoever sells), ``SaleStanding`` (what a seller says of something we ordered) and
/// ``BookingReference`` (what we call an order towards a seller, the same however often it is tried).
