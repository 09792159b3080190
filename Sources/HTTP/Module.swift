/// `HTTP` is Wayfare's HTTP/1.1: a strict parser, a router, middlewares, RFC 9457 problems, the server on the
/// event loop and the client over libcurl.
///
/// It is not a web framework with templates and sessions, it does not speak TLS or HTTP/2 (the gateway in front
/// does), and it knows nothing of trips: routes, wire types and what a status code means for a domain error live in
/// the `API` target.
///
/// Its five nouns: a `Request` (a checked head and a body that may still be arriving), a `Response` (status, fields
/// and a body that may be a stream), a `Handler` (one to the other), a `Middleware` (what is done around every
/// handler) and a `Problem` (what went wrong, said so that the caller can mend it).
///
/// Folders: `Message` are plain values, `Parsing` turns bytes into them and refuses what it should, `Routing` finds
/// the handler, `Middleware` and `Problem` are what their names say. None of these five does input or output.
