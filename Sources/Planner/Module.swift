/// `Planner` decides what to do, on which day and when, so that the score is highest within time windows, days, money
/// and other hard limits; and says how far from the best possible the answer may be.
///
/// It is: a pure engine over values. The orienteering problems of the literature (OPTW, TOPTW with several windows and
/// constraints, time-dependent travel) are special cases of its ``Problem``. It is not: a clock, a router or a
/// catalogue; travel times, opening hours and prices come to it as values, and the caller says when to stop.
///
/// Its five nouns: ``Activity`` (what could be done), ``Day`` (when and from where), ``Travel`` (what lies between),
/// ``Problem`` (all of it, checked) and ``Plan`` (what to do when; ``PlanCheck`` judges it independently).
