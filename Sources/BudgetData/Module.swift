/// `BudgetData` carries the tables of `data/budget` inside the program: places and their ceilings, defaults, seasons,
/// taxes, factors and exchange rates.
///
/// It is: bytes by name. It is not: their reader, which is `Budget`, nor the place to edit them, which is `data/budget`.
///
/// Its one noun: ``BudgetData``.
