/// `Kernel` holds the words that two domains share and nothing else.
///
/// It is: values of time, money and chance, spelt and compared the same everywhere. It is not: a clock, a calendar of time
/// zones, or any input and output; and it never imports Foundation.
///
/// Its nouns: ``Instant`` (a second of UTC), ``LocalDate`` (a day on a wall calendar), ``Money`` (minor units of a
/// ``Currency``; a ``MoneyBag`` holds several), ``DecimalFraction`` (a rate or percentage, exactly) and ``SeededRandom``
/// (chance that can be replayed).
