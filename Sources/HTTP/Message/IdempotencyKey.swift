extension Request {
  /// The caller's name for a request that it may send twice, from the field `Idempotency-Key`; nil if there is none.
  ///
  /// It may stand in quotes, as a string of structured fields, or without.
  /// - Throws: a `Problem` with status 400 if it is there twice, empty, too long or not printable ASCII.
  public func idempotencyKey() throws(Problem) -> String? {
    let values = head.headerValues("idempotency-key")
    guard let value = values.first else { return nil }
    var key = Substring(value)
    if key.utf8.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
    let isPlain = key.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    guard values.count == 1, isPlain, (1...255).contains(key.utf8.count) else {
      throw .parameter(
        "Idempotency-Key",
        "The field Idempotency-Key must be there once, with 1 to 255 letters, digits and signs; a UUID is best.")
    }
    return String(key)
  }
}
