/// `Providers` speaks to those who sell, each in its own words, and answers in ours.
///
/// It knows addresses, keys and documents of others; what is bought when, and what to do when nobody knows whether
/// something was bought, is `Booking`'s to say.
///
/// Its nouns: ``DuffelSeller``, ``AmadeusSeller`` and ``BedbankSeller`` (three sellers), ``SellerLine`` (the way to one
/// of them, and what its silence means) and ``SaleNames`` (what sellers call our orders).
