/// `Kernel` holds the words that two domains share and nothing else.
///
/// It is: values of time and chance, spelt and compared the same everywhere. It is not: a clock, a calendar of time
/// zones, or any input and output; and it never imports Foundation.
///
/// Its nouns: ``Instant`` (a second of UTC), ``LocalDate`` (a day on a wall calendar), ``CivilTextError`` (text that is
/// neither), ``SeededRandom`` (chance that can be replayed).
