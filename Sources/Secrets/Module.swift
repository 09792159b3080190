/// `Secrets` is all cryptography there is: libsodium's and OpenSSL's, behind words that cannot be used wrongly.
///
/// Nothing is invented here: no cipher, no digest, no signature. It keeps nothing and decides nothing about accounts.
///
/// Its nouns: ``PasswordHash`` (argon2id), ``SigningKey`` and ``VerifyingKey`` (Ed25519; others' P-256), ``SealedBox``
/// (what only the holder of the ``MasterKey`` opens), ``Digest`` (SHA-256 and HMAC), ``RandomBytes``, and
/// ``JSONWebToken`` (RFC 7519 under the rules of RFC 8725).
