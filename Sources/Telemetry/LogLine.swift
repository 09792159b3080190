import JSON

/// How lines look.
public enum LogFormat: Sendable {
  /// One JSON object per line, for machines.
  case json
  /// Aligned columns for people, coloured by level only if asked.
  case text(isColored: Bool)
}

/// One line before it has bytes.
struct LogLine {
  /// No line has more bytes than this; a longer one is cut and says so.
  static let bytesMax = 16 << 10

  var time: String
  var level: LogLevel
  var logger: String
  var message: String
  var attributes: Attributes

  /// The line with its line break.
  func bytes(_ format: LogFormat) -> [UInt8] {
    let whole = rendered(format)
    if whole.count <= Self.bytesMax { return whole }
    // An escape makes up to six bytes of one: the last attempt fits whatever the text.
    for (textMax, pairsMax) in [(4096, 16), (1024, 8), (512, 0)] {
      let bytes = shortened(textMax: textMax, pairsMax: pairsMax).rendered(format)
      if bytes.count <= Self.bytesMax { return bytes }
    }
    return []
  }

  private func shortened(textMax: Int, pairsMax: Int) -> LogLine {
    var line = self
    line.logger = cut(logger, toBytes: min(textMax, 128))
    line.message = cut(message, toBytes: textMax)
    line.attributes = [:]
    for pair in attributes.pairs.prefix(pairsMax) {
      var value = pair.value
      if case .string(let text) = value { value = .string(cut(text, toBytes: textMax)) }
      line.attributes[cut(pair.key, toBytes: 128)] = value
    }
    line.attributes["line_cut"] = true
    return line
  }

  private func rendered(_ format: LogFormat) -> [UInt8] {
    switch format {
    case .json: json()
    case .text(let isColored): text(isColored: isColored)
    }
  }

  private func json() -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object {
      $0.field("time", time)
      $0.field("level", level.name)
      $0.field("message", message)
      $0.field("logger", logger)
      for pair in attributes.pairs {
        // A name may stand once only, and these four are taken.
        let isTaken = ["time", "level", "message", "logger"].contains(pair.key)
        $0.field(named: isTaken ? pair.key + "_" : pair.key, LogValue(value: pair.value))
      }
    }
    return writer.finish() + [UInt8(ascii: "\n")]
  }

  private func text(isColored: Bool) -> [UInt8] {
    let name = level.name.uppercased()
    let aligned = name + String(repeating: " ", count: 8 - name.utf8.count)
    var line = "\(time) \(isColored ? "\(level.color)\(aligned)\u{1B}[0m" : aligned) \(logger): \(onOneLine(message))"
    for pair in attributes.pairs {
      line += isColored ? " \u{1B}[2m\(onOneLine(pair.key))=\u{1B}[0m" : " \(onOneLine(pair.key))="
      line += pair.value.spelt
    }
    line += "\n"
    return Array(line.utf8)
  }
}

extension LogLevel {
  fileprivate var color: String {
    switch self {
    case .trace, .debug: "\u{1B}[2m"
    case .info: "\u{1B}[32m"
    case .notice: "\u{1B}[36m"
    case .warning: "\u{1B}[33m"
    case .error, .critical: "\u{1B}[31m"
    }
  }
}

/// A value as a log line's field.
private struct LogValue: JSONWritable {
  let value: AttributeValue

  /// Writes the value; a number that JSON lacks becomes text.
  func write(to writer: inout JSONWriter) {
    switch value {
    case .string(let value): writer.string(value)
    case .int(let value): writer.value(value)
    case .double(let value) where value.isFinite: writer.double(value)
    case .double(let value): writer.string(value.description)
    case .bool(let value): writer.bool(value)
    }
  }
}

extension AttributeValue {
  /// For people: quoted only if it would not stand as one word.
  fileprivate var spelt: String {
    switch self {
    case .string(let value):
      let isWord = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7F }
      return isWord && !value.unicodeScalars.contains(where: isControl)
        ? value : "\"\(onOneLine(value.replacingQuotes))\""
    case .int(let value): return String(value)
    case .double(let value): return value.description
    case .bool(let value): return String(value)
    }
  }
}

extension String {
  fileprivate var replacingQuotes: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}

/// Whatever could break the line or move a terminal's cursor.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
}

private func onOneLine(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case _ where isControl(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
