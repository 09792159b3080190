/// `Kernel` holds the words that two domains share and nothing else.
///
/// It is: values of time, money and chance, spelt and compared the same everywhere. It is not: a clock; it never imports
/// Foundation, and only the folder `ZoneFiles` reads anything, the machine's tz database.
///
/// Its nouns: ``Identifier`` (what something is called everywhere), ``Instant`` (a second of UTC), ``LocalDate`` and ``LocalDateTime`` (what calendar and clock of a place
/// show), ``ZoneRules`` (how one turns into the other; found by ``ZoneName`` in ``ZoneFiles``), ``Money`` (minor units of
/// a ``Currency``; a ``MoneyBag`` holds several), ``DecimalFraction`` (a rate or percentage, exactly),
/// ``SeededRandom`` (chance that can be replayed) and ``Elementary`` (logarithms that are the same on every machine).
