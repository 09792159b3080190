/// The values bound to a statement, in the server's binary form, one after the other in one buffer.
struct Parameters: Sendable {
  private(set) var types: [UInt32] = []
  /// The length of each value in bytes; -1 is NULL.
  private(set) var lengths: [Int32] = []
  private(set) var bytes: [UInt8] = []

  var count: Int { types.count }
  var isEmpty: Bool { types.isEmpty }

  mutating func append<Value: PostgresEncodable>(_ value: Value) {
    types.append(Value.postgresType.oid)
    guard !value.isPostgresNull else {
      lengths.append(-1)
      return
    }
    let start = bytes.count
    value.encode(into: &bytes)
    lengths.append(Int32(clamping: bytes.count - start))
  }

  mutating func append(contentsOf other: Parameters) {
    types += other.types
    lengths += other.lengths
    bytes += other.bytes
  }

  /// Calls `body` with the arrays that libpq takes: types, pointers, lengths, and a format (binary) for each.
  func withArrays<Result>(
    _ body: (
      _ count: Int32, _ types: UnsafePointer<UInt32>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
      _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    if isEmpty { return body(0, nil, nil, nil, nil) }
    let formats = [Int32](repeating: 1, count: count)
    return bytes.withUnsafeBytes { buffer in
      // An empty buffer may have no address, and libpq reads a null pointer as NULL rather than as "".
      withUnsafeBytes(of: UInt64(0)) { nothing in
        var base = (buffer.baseAddress ?? nothing.baseAddress)?.assumingMemoryBound(to: CChar.self)
        let values = lengths.map { length -> UnsafePointer<CChar>? in
          guard length >= 0 else { return nil }
          defer { base = base?.advanced(by: Int(length)) }
          return base
        }
        return body(Int32(count), types, values, lengths, formats)
      }
    }
  }
}
