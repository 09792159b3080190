/// `BudgetWire` is how budgets and splits travel: the JSON of requests and answers, and the ground they are reckoned on.
///
/// It is: readers that name each fault by its place and mend, writers, and the tables, loaded once. It is not: the
/// reckoning, which is `Budget`, nor routes, commands or jobs, which all speak this same JSON.
///
/// Its five nouns: ``BudgetGround`` (prices and rates), ``BudgetLibrary`` (the ground of a process), ``BudgetRequest``
/// and ``BudgetAnswer`` (a trip), ``SplitRequest`` (a group's expenses).
