/// `Catalogue` knows places: cities, what there is to see in them, and where one can stay.
///
/// It is: values, their reader from tables, and the look-up by name that forgives accents and typing. It is not: a store
/// or a search over millions (those are `Store`'s), opening hours as times (the planner reads them), prices by date.
///
/// Its five nouns: ``City``, ``Sight``, ``Lodging``, ``CityFinder`` and ``CatalogueTables`` (all of them together).
