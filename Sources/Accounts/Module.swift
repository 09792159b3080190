/// `Accounts` holds the rules about who somebody is, how they show it, and what they may do.
///
/// It is pure: no clock, no chance, no cryptography and no storage; digests and times come as values or closures. What is
/// computed with keys stands in `Secrets`, what is kept in `Store`.
///
/// Its nouns: ``PasswordPolicy`` (what may be a password), ``Throttle`` (how often may be tried), ``TimeCode`` (the
/// second factor's codes), ``RefreshStanding`` (what a shown refresh token means), ``TokenClaims`` (what an access token
/// says, and whether that holds), ``Permission`` (what a role or a key's scope lets do) and ``AuditEntry`` (what was done,
/// chained so that nothing vanishes unseen).
