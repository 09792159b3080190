package import JSON
package import Kernel
package import Trips

extension JSONNode {
  /// An id.
  package func identifier<Noun>(of noun: Noun.Type = Noun.self) throws(JSONError) -> Identifier<Noun> {
    guard let id = Identifier<Noun>(try string) else {
      throw invalid("must be an id of 32 hexadecimal digits, as in \"0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55\"")
    }
    return id
  }

  /// An id, or nil for null.
  package func findIdentifier<Noun>(of noun: Noun.Type = Noun.self) throws(JSONError) -> Identifier<Noun>? {
    isNull ? nil : try identifier(of: noun)
  }

  /// The value of a field; nil for null.
  func value(of field: TripField) throws(JSONError) -> FieldValue? {
    if isNull { return nil }
    let value: FieldValue? =
      switch (field.rule, kind) {
      case (.flag, .bool): .flag(try bool)
      case (.whole, .number): .whole(try int)
      case (.number, .number): .number(try double)
      case (.flag, _), (.whole, _), (.number, _): nil
      case (_, .string): .text(try string)
      default: nil
      }
    guard let value else { throw wrongType(String(field.rule.expectation.dropFirst(8))) }
    if let complaint = field.rule.complaint(about: value) { throw invalid(complaint) }
    return value
  }

  /// The fields of an entry or of the trip, apart from the names that mean something else.
  func fields(
    of kind: EntryKind?, apart others: Set<String> = []
  ) throws(JSONError) -> [TripField: FieldValue?] {
    let known = TripField.fields(of: kind)
    var values: [TripField: FieldValue?] = [:]
    var errors: [JSONFieldError] = []
    for (name, node) in try members where !others.contains(name) {
      guard let field = TripField(rawValue: name), known.contains(field) else {
        errors.append(unknown(name, among: known.map(\.rawValue) + others.sorted()))
        continue
      }
      do throws(JSONError) {
        values[field] = .some(try node.value(of: field))
      } catch {
        errors += error.errors
      }
    }
    if !errors.isEmpty { throw JSONError(errors) }
    return values
  }

  private func unknown(_ name: String, among known: [String]) -> JSONFieldError {
    let nearest = nearestName(to: name, among: known)
    let shown = String(name.unicodeScalars.prefix(60).filter { $0.value >= 32 }.map(Character.init))
    let escaped = shown.utf8.flatMap { byte -> [UInt8] in
      byte == UInt8(ascii: "~") ? Array("~0".utf8) : byte == UInt8(ascii: "/") ? Array("~1".utf8) : [byte]
    }
    let place = pointer + "/" + String(decoding: escaped, as: UTF8.self)
    let mend = nearest.map { "did you mean \"\($0)\"?" } ?? "known are \(known.joined(separator: ", "))"
    return JSONFieldError(
      pointer: place, kind: .unknownField(nearest: nearest), detail: "\(place) is unknown: \(mend)")
  }
}

extension FieldValue: JSONWritable {
  /// Writes the value alone.
  package func write(to writer: inout JSONWriter) {
    switch self {
    case .text(let text): writer.string(text)
    case .whole(let number): writer.value(number)
    case .number(let number): writer.double(number)
    case .flag(let flag): writer.bool(flag)
    }
  }
}

extension EntryKind: JSONReadable {}
extension TripRole: JSONReadable, JSONWritable {}
