/// `BookingWire` is how what is sold travels: the JSON of offers and packages as the API shows them.
///
/// It is: writers, and a reader of what they write. It is not: the form in which any seller answers, which is `Providers`',
/// nor routes.
///
/// Its nouns: ``ShownOffer`` (an offer as JSON), ``OfferReader`` (the way back) and ``ShownPackage`` (several parts under
/// one price).
