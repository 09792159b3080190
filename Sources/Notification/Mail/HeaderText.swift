/// Text of people as it stands in a header: RFC 2047's encoded words where it is not plain, folded to lines of 76 characters.
///
/// The idea: whatever the text holds, what comes out is printable ASCII and single blanks, so that nothing in it can begin
/// another header. What controls a terminal or a line becomes a blank first.
enum HeaderText {
  /// Characters of a line, without its end (RFC 5322 wants 78, RFC 2047 wants 76).
  private static let lineMax = 76
  /// Bytes of UTF-8 in an encoded word: 45 give 60 characters of base64, which with `=?UTF-8?B?…?=` makes 72.
  private static let wordBytes = 45

  /// A header with its end of line.
  static func field(_ name: String, text: String) -> String {
    name + ": " + folded(text, from: name.utf8.count + 2) + "\r\n"
  }

  /// A header of a mailbox.
  static func field(_ name: String, _ mailbox: Mailbox) -> String {
    guard let shown = mailbox.name.map(cleaned), !shown.isEmpty else { return "\(name): \(mailbox.address)\r\n" }
    let isAtom = shown.utf8.allSatisfy { isAtomText($0) || $0 == 32 }
    let phrase: String
    if isAtom {
      phrase = folded(shown, from: name.utf8.count + 2)
    } else if isPlain(shown), shown.utf8.count < 60 {
      phrase = "\"" + shown.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    } else {
      phrase = encoded(shown, from: name.utf8.count + 2)
    }
    return "\(name): \(phrase)\r\n <\(mailbox.address)>\r\n"
  }

  /// A text as the rest of a line that has `start` characters already.
  static func folded(_ text: String, from start: Int) -> String {
    let clean = cleaned(text)
    let words = clean.split(separator: " ")
    let fits = words.allSatisfy { $0.utf8.count < lineMax - 2 } && (words.first?.utf8.count ?? 0) + start <= lineMax
    guard isPlain(clean), fits, !clean.contains("=?") else { return encoded(clean, from: start) }
    var out = ""
    var column = start
    for (index, word) in words.enumerated() {
      if index > 0 {
        let isOver = column + 1 + word.utf8.count > lineMax
        out += isOver ? "\r\n " : " "
        column = isOver ? 1 : column + 1
      }
      out += word
      column += word.utf8.count
    }
    return out
  }

  /// Encoded words, each whole in itself: no character is cut.
  private static func encoded(_ text: String, from start: Int) -> String {
    var words: [[UInt8]] = [[]]
    var room = max(15, (lineMax - start - 12) / 4 * 3)
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if let last = words.last, last.count + bytes.count > min(room, wordBytes) {
        words.append([])
        room = wordBytes
      }
      words[words.count - 1] += bytes
    }
    return words.map { "=?UTF-8?B?" + Base64.encode($0) + "?=" }.joined(separator: "\r\n ")
  }

  private static func cleaned(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      // Marks that turn the direction of what follows would let a name disguise what stands beside it.
      let isTurn = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      let isBreak = scalar.value == 0x2028 || scalar.value == 0x2029
      let next: Unicode.Scalar = isControl || isTurn || isBreak ? " " : scalar
      if next == " ", out.last == " " || out.isEmpty { continue }
      out.append(next)
    }
    if out.last == " " { out.removeLast() }
    return String(out)
  }

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 32 && $0 < 127 } }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "'"):
      true
    default: false
    }
  }
}

/// Base64 as RFC 4648, section 4, has it.
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      let second = count > 1 ? bytes[index + 1] : 0
      let third = count > 2 ? bytes[index + 2] : 0
      out.append(digits[Int(bytes[index] >> 2)])
      out.append(digits[Int((bytes[index] & 3) << 4 | second >> 4)])
      out.append(count > 1 ? digits[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
      out.append(count > 2 ? digits[Int(third & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }
}
