extension Request {
  /// The caller's name for a request that it may send twice, from the field `Idempotency-Key`; nil if there is none.
  ///
  /// It is a string of structured fields (RFC 9651); without quotes it is taken as it stands.
  /// - Throws: a `Problem` with status 400 if it is there twice, empty, too long or not printable ASCII.
  public func idempotencyKey() throws(Problem) -> String? {
    let values = head.headerValues("idempotency-key")
    guard let value = values.first else { return nil }
    let key = value.hasPrefix("\"") ? quoted(values) : values.count == 1 ? value : nil
    guard let key, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }),
      (1...255).contains(key.utf8.count)
    else {
      throw .parameter(
        "Idempotency-Key",
        "The field Idempotency-Key must be there once, with 1 to 255 letters, digits and signs; a UUID is best.")
    }
    return key
  }

  private func quoted(_ values: [String]) -> String? {
    // Why it is no string is nobody's matter: the answer says what it must be.
    guard case .string(let key)? = (try? StructuredField.item(values))?.value else { return nil }
    return key
  }
}
