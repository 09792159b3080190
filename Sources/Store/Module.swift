/// `Store` is all the SQL there is: rows become domain types here and nowhere else, one file per noun, and
/// the schema grows by numbered migrations that are part of the binary.
///
/// It is not an object mapper and has no rules of its own: what the database can hold (NOT NULL, CHECK,
/// UNIQUE, foreign keys), it holds; what it cannot, the domain decides before or after a statement.
///
/// Its five nouns: `Schema` (the migrations this binary knows), `RuntimeSettings` (what operators change
/// while everything runs), its `Revision` (whose change was last), `Change` (what an operator asks for) and
/// `RuntimeSettingsStore` (where they are kept and announced).
