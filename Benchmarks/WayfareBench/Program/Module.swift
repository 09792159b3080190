/// `wayfare-bench` measures what Wayfare promises, and fails when an answer on the way was wrong.
///
/// It is not a test (it judges speed against other programs, not behaviour against a contract) and not a general load
/// generator: everything stays on this machine's loopback.
///
/// Its five nouns: `LoadGenerator` (connections that ask and check), `ServerUnderTest` (whom they ask), `ChildProcess`
/// (what is started and surely ended), `Spread` and `Quantiles` (what many measurements come to).
