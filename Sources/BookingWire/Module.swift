// `BookingWire` writes and reads what is sold and bought as the API shows it; it is no seller's own form.
//
// Its nouns: ``ShownOffer`` (an offer as JSON), ``OfferReader`` (the way back) and ``ShownPackage`` (several parts under
// one price).
