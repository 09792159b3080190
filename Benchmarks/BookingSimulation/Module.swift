/// `BookingSimulation` runs the booking saga through worlds in which everything goes wrong at every step.
///
/// A world follows from its seed alone: clock, network, sellers, whoever collects money, the customer, and crashes of ours
/// of which nothing is left but what was committed. The sellers and the collector keep their own books and are as unkind as
/// any: they know no idempotency, so that whatever is asked twice is done twice.
///
/// Its nouns: ``Schedule`` (one world from its beginning to its end), ``SellerModel`` and ``CollectorModel`` (the others'
/// books), ``Fate`` (what the network does to a request) and ``Violation`` (a law that was broken, with the trace).
