extension StructuredField {
  /// The one way to write an item; nil if a part of it has no way to be written.
  public static func text(of item: StructuredItem) -> String? {
    guard let value = text(of: item.value), let parameters = text(of: item.parameters) else { return nil }
    return value + parameters
  }

  /// The one way to write a list; an empty one is left out of a message.
  ///
  /// Nil if a part has no way to be written.
  public static func text(of list: [StructuredMember]) -> String? {
    joined(list.map { text(of: $0) }, ", ")
  }

  /// The one way to write a dictionary; an empty one is left out of a message.
  ///
  /// Nil if a part has no way to be written.
  public static func text(of dictionary: StructuredMap<StructuredMember>) -> String? {
    joined(
      dictionary.members.map { member in
        guard isKey(member.key) else { return nil }
        if case .item(let item) = member.value, item.value == .boolean(true) {
          return text(of: item.parameters).map { member.key + $0 }
        }
        return text(of: member.value).map { "\(member.key)=\($0)" }
      }, ", ")
  }

  private static func text(of member: StructuredMember) -> String? {
    switch member {
    case .item(let item): return text(of: item)
    case .innerList(let items, let parameters):
      guard let inner = joined(items.map { text(of: $0) }, " "), let after = text(of: parameters) else { return nil }
      return "(\(inner))\(after)"
    }
  }

  private static func text(of parameters: StructuredParameters) -> String? {
    joined(
      parameters.members.map { member in
        guard isKey(member.key) else { return nil }
        return member.value == .boolean(true) ? ";\(member.key)" : text(of: member.value).map { ";\(member.key)=\($0)" }
      }, "")
  }

  private static func text(of value: StructuredValue) -> String? {
    switch value {
    case .integer(let number): return isWritable(number) ? "\(number)" : nil
    case .decimal(let thousandths): return isWritable(thousandths) ? decimal(thousandths) : nil
    case .string(let text): return quoted(text)
    case .token(let text): return isToken(text) ? text : nil
    case .bytes(let bytes): return ":\(base64(bytes)):"
    case .boolean(let flag): return flag ? "?1" : "?0"
    case .date(let seconds): return isWritable(seconds) ? "@\(seconds)" : nil
    case .displayString(let text): return "%\"\(escaped(text))\""
    }
  }

  private static func joined(_ parts: [String?], _ separator: String) -> String? {
    let known = parts.compactMap { $0 }
    return known.count == parts.count ? known.joined(separator: separator) : nil
  }

  // MARK: Values

  /// Fifteen digits, whether all are whole or three stand after a point.
  private static func isWritable(_ number: Int64) -> Bool { number.magnitude <= 999_999_999_999_999 }

  private static func decimal(_ thousandths: Int64) -> String {
    let (units, rest) = (thousandths.magnitude / 1000, thousandths.magnitude % 1000)
    var part = Array(String(rest + 1000).utf8.dropFirst())
    while part.count > 1, part.last == UInt8(ascii: "0") { part.removeLast() }
    return "\(thousandths < 0 ? "-" : "")\(units).\(String(decoding: part, as: UTF8.self))"
  }

  private static func quoted(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  private static func isKey(_ text: String) -> Bool {
    func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    guard let first = text.utf8.first, isLower(first) || first == UInt8(ascii: "*") else { return false }
    return text.utf8.allSatisfy {
      isLower($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "_-.*".utf8.contains($0)
    }
  }

  private static func isToken(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20)
    return (isLetter || first == UInt8(ascii: "*"))
      && text.utf8.allSatisfy { ByteSet.token.contains($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        let digit = digits[Int(bits >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func escaped(_ text: String) -> String {
    let hexadecimal = Array("0123456789abcdef".utf8)
    var escaped: [UInt8] = []
    for byte in text.utf8 {
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%"), byte != UInt8(ascii: "\"") {
        escaped.append(byte)
      } else {
        escaped += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
