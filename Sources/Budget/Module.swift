/// `Budget` answers money questions about a trip: what it costs, when, for whom, how sure that is, who owes whom, and
/// which choices are worth their price.
///
/// It is: a pure engine over values and tables handed to it as bytes. It is not: input and output, a store, JSON or a
/// clock. Amounts are exact minor units throughout; only chance (``Outlook``) is floating point, and never comes back
/// into an amount that somebody pays.
///
/// Its five nouns: ``TripPlan`` (what is to be priced), ``CostCatalogue`` (what things cost where and when),
/// ``Estimate`` (the priced lines), ``Settlement`` (who pays whom) and ``ChoiceProblem`` (what is worth its price).
