import HTTP
import JSON

/// A value as the public suite tells it, made into one of ours.
struct StructuredFact {
  /// What becomes of it: its text, nil where it has none.
  struct Written {
    let text: String?
  }

  private enum Fault: Error {
    case strange(JSONValue)
    /// More digits behind the point than a value has.
    case tooFine
  }

  private let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  /// The field as it is written; nil where no value of ours is the suite's.
  func written(as kind: String) throws -> Written? {
    do {
      switch kind {
      case "item": return Written(text: StructuredField.text(of: try item(value)))
      case "list": return Written(text: StructuredField.text(of: try list(value).map(member)))
      default:
        var map = StructuredMap<StructuredMember>()
        for pair in try list(value) { map.set(try name(pair), try member(try part(pair, 1))) }
        return Written(text: StructuredField.text(of: map))
      }
    } catch Fault.tooFine {
      return nil
    }
  }

  private func list(_ value: JSONValue) throws -> [JSONValue] {
    guard case .array(let elements) = value else { throw Fault.strange(value) }
    return elements
  }

  private func part(_ value: JSONValue, _ index: Int) throws -> JSONValue {
    let parts = try list(value)
    guard parts.indices.contains(index) else { throw Fault.strange(value) }
    return parts[index]
  }

  private func name(_ pair: JSONValue) throws -> String {
    guard case .string(let name) = try part(pair, 0) else { throw Fault.strange(pair) }
    return name
  }

  private func item(_ value: JSONValue) throws -> StructuredItem {
    StructuredItem(try bare(try part(value, 0)), try parameters(try part(value, 1)))
  }

  private func member(_ value: JSONValue) throws -> StructuredMember {
    guard case .array(let items) = try part(value, 0) else { return .item(try item(value)) }
    return .innerList(try items.map(item), try parameters(try part(value, 1)))
  }

  private func parameters(_ value: JSONValue) throws -> StructuredParameters {
    var parameters = StructuredParameters()
    for pair in try list(value) { parameters.set(try name(pair), try bare(try part(pair, 1))) }
    return parameters
  }

  private func bare(_ value: JSONValue) throws -> StructuredValue {
    switch value {
    case .bool(let flag): return .boolean(flag)
    case .string(let text): return .string(text)
    case .number(let text): return try number(text)
    case .object(let map):
      guard case .string(let type) = map["__type"], let inner = map["value"] else { throw Fault.strange(value) }
      switch (type, inner) {
      case ("token", .string(let text)): return .token(text)
      case ("displaystring", .string(let text)): return .displayString(text)
      case ("binary", .string(let text)): return .bytes(bytes(base32: text))
      case ("date", .number(let text)): return .date(Int64(text) ?? 0)
      default: throw Fault.strange(value)
      }
    default: throw Fault.strange(value)
    }
  }

  private func number(_ text: String) throws -> StructuredValue {
    let parts = text.split(separator: ".")
    if parts.count == 1, let whole = Int64(text) { return .integer(whole) }
    guard parts.count == 2 else { throw Fault.strange(.number(text)) }
    guard parts[1].count <= 3 else { throw Fault.tooFine }
    let digits = "\(parts[0])\(parts[1])\(String(repeating: "0", count: 3 - parts[1].count))"
    guard let thousandths = Int64(digits) else { throw Fault.strange(.number(text)) }
    return .decimal(thousandths: thousandths)
  }

  private func bytes(base32 text: String) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let bits = text.compactMap { digits.firstIndex(of: $0) }.flatMap { digit in (0..<5).map { digit >> (4 - $0) & 1 } }
    return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
    }
  }
}
