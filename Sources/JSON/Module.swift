/// `JSON` reads and writes typed values, strictly and fast.
///
/// It is: an RFC 8259 parser into one flat tape, typed reading whose every error names the place (RFC 6901 pointer) and
/// the mend, and a writer that appends straight to bytes. It is not: a tree of dynamic values, a key path language,
/// a schema checker, nor lenient in any way (no comments, trailing commas, duplicate names, byte order mark or lone
/// surrogates).
///
/// Its five nouns: ``JSONDocument`` (checked text), ``JSONNode`` (a place in it), ``JSONObject`` (a node whose names
/// were checked), ``JSONError`` (what is wrong where), ``JSONWriter`` (the way out).
