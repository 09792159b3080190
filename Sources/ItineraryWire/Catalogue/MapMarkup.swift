import Kernel

/// Reads OpenStreetMap's XML, element by element, without keeping it.
struct MapMarkup {
  private let file: TableFile

  init(_ file: TableFile) { self.file = file }

  /// Bytes of one tag, at most.
  private static let tagMax = 64 << 10

  private struct Open {
    let id: Int64
    var point: Coordinate?
    var corners: [Int64] = []
    /// The ways around a relation; nil for what is none.
    var ways: [Int64]?
    var tags: [String: String] = [:]
    var element: MapElement {
      MapElement(id: id, shape: point.map { .point($0) } ?? ways.map { .area($0) } ?? .line(corners), tags: tags)
    }
  }

  /// Tells each point, way and relation.
  ///
  /// - Throws: `TableError` with the line, and what `each` throws.
  func read(_ each: (MapElement) throws(TableError) -> Void) throws(TableError) {
    var (place, line, isMap) = (0, 1, false)
    var open: Open?
    let bytes = file.bytes
    while let tag = try next(bytes, &place, &line) {
      switch tag.name {
      case "osm": isMap = true
      case "node", "way", "relation":
        let made = try opened(tag, line)
        if tag.isClosed { try each(made.element) } else { open = made }
      case "nd": if let corner = Int64(tag["ref"] ?? "") { open?.corners.append(corner) }
      case "member":
        if tag["type"] == "way", MapElement.isOutside(role: tag["role"] ?? ""), let way = Int64(tag["ref"] ?? "") {
          open?.ways?.append(way)
        }
      case "tag": if let key = tag["k"], let value = tag["v"] { open?.tags[key] = value }
      case "/node", "/way", "/relation":
        if let done = open { try each(done.element) }
        open = nil
      default: break
      }
    }
    guard isMap else { throw error(1, "it is no map: an OpenStreetMap file has an osm element") }
    if open != nil { throw error(line, "it ends within an element: fetch it anew") }
  }

  private func opened(_ tag: Tag, _ line: Int) throws(TableError) -> Open {
    guard let id = Int64(tag["id"] ?? "") else { throw error(line, "a \(tag.name) must have a number as id") }
    var open = Open(id: id)
    if tag.name == "relation" { open.ways = [] }
    if tag.name == "node" {
      guard let north = Double(tag["lat"] ?? ""), let east = Double(tag["lon"] ?? ""), abs(north) <= 90,
        abs(east) <= 180
      else { throw error(line, "node \(id) must have lat and lon in degrees") }
      open.point = Coordinate(north, east)
    }
    return open
  }

  private func error(_ line: Int, _ complaint: String) -> TableError {
    TableError(file: file.name, line: line, complaint: complaint)
  }

  // MARK: Markup

  private struct Tag {
    var name = ""
    var isClosed = false
    var attributes: [(String, String)] = []

    subscript(_ name: String) -> String? { attributes.first { $0.0 == name }?.1 }
  }

  /// The next tag; nil at the end.
  private func next(_ bytes: [UInt8], _ place: inout Int, _ line: inout Int) throws(TableError) -> Tag? {
    while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
      if bytes[place] == 10 { line += 1 }
      place += 1
    }
    guard place < bytes.count else { return nil }
    var end = place + 1
    var quote: UInt8 = 0
    // What stands in quotes may hold the sign that ends a tag.
    while end < bytes.count, quote != 0 || bytes[end] != UInt8(ascii: ">") {
      let byte = bytes[end]
      if byte == 10 { line += 1 }
      if quote == 0, byte == 34 || byte == 39 { quote = byte } else if byte == quote { quote = 0 }
      end += 1
      guard end - place <= Self.tagMax else { throw error(line, "a tag is longer than \(Self.tagMax >> 10) kB") }
    }
    guard end < bytes.count else { throw error(line, "it ends within a tag: fetch it anew") }
    defer { place = end + 1 }
    return tag(bytes[(place + 1)..<end])
  }

  private func tag(_ bytes: ArraySlice<UInt8>) -> Tag {
    var rest = bytes
    var tag = Tag()
    if rest.last == UInt8(ascii: "/") {
      tag.isClosed = true
      rest.removeLast()
    }
    tag.name = String(decoding: rest.prefix { $0 > 32 }, as: UTF8.self)
    guard ["node", "way", "relation", "nd", "member", "tag"].contains(tag.name) else { return tag }
    rest = rest.dropFirst(tag.name.utf8.count)
    while true {
      rest = rest.drop { $0 <= 32 }
      guard let sign = rest.firstIndex(of: UInt8(ascii: "=")) else { return tag }
      let name = String(decoding: rest[..<sign].prefix { $0 > 32 }, as: UTF8.self)
      rest = rest[(sign + 1)...].drop { $0 <= 32 }
      guard let quote = rest.first, quote == 34 || quote == 39 else { return tag }
      rest = rest.dropFirst()
      guard let end = rest.firstIndex(of: quote) else { return tag }
      tag.attributes.append((name, Self.text(rest[..<end])))
      rest = rest[(end + 1)...]
    }
  }

  private static let entities: [String: Character] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

  /// Text with its entities written as what they stand for.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var result = ""
    var rest = Substring(String(decoding: bytes, as: UTF8.self))
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...].dropFirst()
      guard let end = rest.firstIndex(of: ";") else { return result + "&" + rest }
      let name = rest[..<end]
      if let sign = entities[String(name)] {
        result.append(sign)
      } else if name.hasPrefix("#"),
        let code = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst()),
        let scalar = Unicode.Scalar(code)
      {
        result.unicodeScalars.append(scalar)
      }
      rest = rest[end...].dropFirst()
    }
    return result + rest
  }
}
