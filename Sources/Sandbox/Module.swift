/// `Sandbox` is a seller for development and tests: a server of its own that speaks as real sellers do.
///
/// It answers in Duffel's and in Amadeus' shape for flights and in Hotelbeds' shape for beds, with an inventory, prices
/// and misfortunes that follow from a seed, and keeps books that can be asked for. It shares no code with the adapters
/// that are tested against it, and it is no model of what travel costs.
///
/// Its nouns: ``SandboxServer`` (the process), ``SandboxSettings`` (seed and misfortunes), `Inventory` (what there is
/// to sell), `Books` (what was sold) and `FaultDice` (what goes wrong next).
