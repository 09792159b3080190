/// `Wayfare` is the executable: it reads settings, wires the parts together and holds one file per command.
///
/// It decides nothing about travel: whatever has a rule lives in the module that owns the rule, and the
/// wiring here hands one to the other as values and closures.
///
/// Its five nouns: `Command` (what a user may type), `Arguments` (what was typed), `Settings` (flags, then
/// the environment, then a file), `Service` (what starts and stops in order) and `Runtime` (loops, pool, log).
