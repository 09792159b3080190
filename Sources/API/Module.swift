/// `API` is the HTTP face: routes, the shapes that travel, and the only place where an error becomes a status code.
///
/// It holds no rule about travel, money or accounts and no SQL: a route reads a wire type, calls a domain or
/// the store, and writes a wire type.
///
/// Its five nouns: `Application` (the routes and middlewares, assembled), `Operations` (health, metrics,
/// runtime settings), `OperatorGate` (who may operate), `LiveSettings` (what every request heeds now) and the
/// wire types beside their routes.
