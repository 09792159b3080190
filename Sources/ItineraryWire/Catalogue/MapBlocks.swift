import CZlib
import Kernel
import Transport

/// Reads OpenStreetMap's binary form, block by block (wiki.openstreetmap.org/wiki/PBF_Format).
struct MapBlocks {
  private let file: TableFile

  /// What the format allows.
  private static let headerMax = 64 << 10
  private static let blockMax = 32 << 20
  private static let features = ["OsmSchema-V0.6", "DenseNodes"]

  init(_ file: TableFile) { self.file = file }

  /// Tells each point and way.
  ///
  /// - Throws: `TableError`, and what `each` throws.
  func read(_ each: (MapElement) throws(TableError) -> Void) throws(TableError) {
    var place = 0
    let bytes = file.bytes
    guard !bytes.isEmpty else { throw error(0, "it is empty") }
    while place < bytes.count {
      let start = place
      guard place + 4 <= bytes.count else { throw error(start, "it ends within a block: fetch it anew") }
      let length = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
      place += 4
      guard length <= Self.headerMax, place + length <= bytes.count else { throw error(start, "no block begins here") }
      let (type, size) = try header(ProtobufReader(bytes, from: place, to: place + length), start)
      place += length
      guard size >= 0, size <= Self.blockMax, place + size <= bytes.count else {
        throw error(start, "it ends within a block: fetch it anew")
      }
      let blob = ProtobufReader(bytes, from: place, to: place + size)
      place += size
      switch type {
      case "OSMHeader": try checkFeatures(try unpacked(blob, start), start)
      case "OSMData": try MapBlock(try unpacked(blob, start)) { error(start, $0) }.read(each)
      default: break
      }
    }
  }

  private func error(_ place: Int, _ complaint: String) -> TableError {
    TableError(file: file.name, line: 1, complaint: "at byte \(place): \(complaint)")
  }

  private func header(_ message: ProtobufReader, _ place: Int) throws(TableError) -> (type: String, size: Int) {
    try readable({ error(place, $0) }) { () throws(ProtobufError) in
      var (message, type, size) = (message, "", -1)
      while let field = try message.next() {
        switch field.number {
        case 1: type = try message.text(field)
        case 3: size = Int(try message.int32(field))
        default: try message.skip(field)
        }
      }
      return (type, size)
    }
  }

  private func checkFeatures(_ bytes: [UInt8], _ place: Int) throws(TableError) {
    let unknown = try readable({ error(place, $0) }) { () throws(ProtobufError) -> String? in
      var (message, unknown) = (ProtobufReader(bytes), String?.none)
      while let field = try message.next() {
        guard field.number == 4 else {
          try message.skip(field)
          continue
        }
        let feature = try message.text(field)
        if !Self.features.contains(feature) { unknown = feature }
      }
      return unknown
    }
    if let unknown { throw error(place, "it needs \(unknown), which is not known here: write it as a plain extract") }
  }

  private func unpacked(_ blob: ProtobufReader, _ place: Int) throws(TableError) -> [UInt8] {
    let (plain, packed, size) = try readable({ error(place, $0) }) {
      () throws(ProtobufError) -> (ArraySlice<UInt8>?, ArraySlice<UInt8>?, Int) in
      var (blob, plain, packed, size) = (blob, ArraySlice<UInt8>?.none, ArraySlice<UInt8>?.none, 0)
      while let field = try blob.next() {
        switch field.number {
        case 1: plain = try blob.bytes(field)
        case 2: size = Int(try blob.int32(field))
        case 3: packed = try blob.bytes(field)
        default: try blob.skip(field)
        }
      }
      return (plain, packed, size)
    }
    if let plain { return Array(plain) }
    guard let packed, (0...Self.blockMax).contains(size) else {
      throw error(place, "a block is packed otherwise than with zlib: write the extract anew")
    }
    var result = [UInt8](repeating: 0, count: size)
    var length = uLongf(size)
    let code = packed.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer {
        uncompress($0.baseAddress, &length, source.baseAddress, uLong(source.count))
      }
    }
    guard code == Z_OK, length == uLongf(size) else { throw error(place, "a block is broken: fetch the file anew") }
    return result
  }
}

/// Reads what is a message, or says in whose words that it is none.
private func readable<Value>(
  _ fault: (String) -> TableError, _ body: () throws(ProtobufError) -> Value
) throws(TableError) -> Value {
  do throws(ProtobufError) {
    return try body()
  } catch {
    throw fault("a block is broken, \(error.reason): fetch the file anew")
  }
}

/// A block of points, ways and relations, its texts and numbers looked up.
private struct MapBlock {
  private let error: (String) -> TableError
  private var texts: [ArraySlice<UInt8>] = []
  private var groups: [ProtobufReader] = []
  private var granularity: Int64 = 100
  private var north: Int64 = 0
  private var east: Int64 = 0

  init(_ bytes: [UInt8], _ error: @escaping (String) -> TableError) throws(TableError) {
    self.error = error
    do throws(ProtobufError) {
      try read(ProtobufReader(bytes))
    } catch {
      throw self.error("a block is broken, \(error.reason): fetch the file anew")
    }
  }

  private mutating func read(_ block: ProtobufReader) throws(ProtobufError) {
    var block = block
    while let field = try block.next() {
      switch field.number {
      case 1:
        var table = try block.message(field)
        while let text = try table.next() { texts.append(try table.bytes(text)) }
      case 2: groups.append(try block.message(field))
      case 17: granularity = Int64(try block.int32(field))
      case 19: north = try block.signed(field)
      case 20: east = try block.signed(field)
      default: try block.skip(field)
      }
    }
  }

  func read(_ each: (MapElement) throws(TableError) -> Void) throws(TableError) {
    for group in groups {
      var group = group
      while let (number, element) = try readable(error, { () throws(ProtobufError) in try Self.next(&group) }) {
        switch number {
        case 1: try each(try point(element))
        case 2: try points(element, each)
        case 3: try each(try way(element))
        default: try each(try relation(element))
        }
      }
    }
  }

  /// The next point (1), packed points (2), way (3) or relation (4) of a group.
  private static func next(_ group: inout ProtobufReader) throws(ProtobufError) -> (Int, ProtobufReader)? {
    while let field = try group.next() {
      if (1...4).contains(field.number) { return (field.number, try group.message(field)) }
      try group.skip(field)
    }
    return nil
  }

  private func text(_ number: UInt64) throws(TableError) -> String {
    guard number < UInt64(texts.count) else { throw error("a text is missing: fetch the file anew") }
    return String(decoding: texts[Int(number)], as: UTF8.self)
  }

  private func coordinate(_ latitude: Int64, _ longitude: Int64) throws(TableError) -> Coordinate {
    let point = Coordinate(
      Double(north &+ granularity &* latitude) / 1e9, Double(east &+ granularity &* longitude) / 1e9)
    guard abs(point.latitude) <= 90, abs(point.longitude) <= 180 else { throw error("a point lies beyond the earth") }
    return point
  }

  private func tags(_ words: Words) throws(TableError) -> [String: String] {
    var tags: [String: String] = [:]
    for (key, value) in zip(words.keys, words.values) { tags[try text(key)] = try text(value) }
    return tags
  }

  /// The numbers of an element's tags.
  private struct Words {
    var keys: [UInt64] = []
    var values: [UInt64] = []
  }

  private func point(_ element: ProtobufReader) throws(TableError) -> MapElement {
    let (id, words, latitude, longitude) = try readable(error) {
      () throws(ProtobufError) -> (Int64, Words, Int64, Int64) in
      var (element, id, words, latitude, longitude) = (element, Int64(0), Words(), Int64(0), Int64(0))
      while let field = try element.next() {
        switch field.number {
        case 1: id = try element.unsigned(field).unzigzagged
        case 2: words.keys = try element.packed(field)
        case 3: words.values = try element.packed(field)
        case 8: latitude = try element.unsigned(field).unzigzagged
        case 9: longitude = try element.unsigned(field).unzigzagged
        default: try element.skip(field)
        }
      }
      return (id, words, latitude, longitude)
    }
    return MapElement(id: id, shape: .point(try coordinate(latitude, longitude)), tags: try tags(words))
  }

  /// Points packed as differences, their tags behind each other with a zero between.
  private func points(
    _ element: ProtobufReader, _ each: (MapElement) throws(TableError) -> Void
  ) throws(TableError) {
    let (ids, latitudes, longitudes, words) = try readable(error) {
      () throws(ProtobufError) -> ([UInt64], [UInt64], [UInt64], [UInt64]) in
      var (element, lists) = (element, [Int: [UInt64]]())
      while let field = try element.next() {
        if [1, 8, 9, 10].contains(field.number) {
          lists[field.number] = try element.packed(field)
        } else {
          try element.skip(field)
        }
      }
      return (lists[1] ?? [], lists[8] ?? [], lists[9] ?? [], lists[10] ?? [])
    }
    guard ids.count == latitudes.count, ids.count == longitudes.count else {
      throw error("points lack coordinates: fetch the file anew")
    }
    var (id, latitude, longitude): (Int64, Int64, Int64) = (0, 0, 0)
    var word = 0
    for index in ids.indices {
      id &+= ids[index].unzigzagged
      latitude &+= latitudes[index].unzigzagged
      longitude &+= longitudes[index].unzigzagged
      var tags: [String: String] = [:]
      while word < words.count, words[word] != 0 {
        guard word + 1 < words.count else { throw error("a tag lacks its value: fetch the file anew") }
        tags[try text(words[word])] = try text(words[word + 1])
        word += 2
      }
      word += 1
      try each(MapElement(id: id, shape: .point(try coordinate(latitude, longitude)), tags: tags))
    }
  }

  private func way(_ element: ProtobufReader) throws(TableError) -> MapElement {
    let (id, words, steps) = try readable(error) { () throws(ProtobufError) -> (Int64, Words, [UInt64]) in
      var (element, id, words, steps) = (element, Int64(0), Words(), [UInt64]())
      while let field = try element.next() {
        switch field.number {
        case 1: id = try element.signed(field)
        case 2: words.keys = try element.packed(field)
        case 3: words.values = try element.packed(field)
        case 8: steps = try element.packed(field)
        default: try element.skip(field)
        }
      }
      return (id, words, steps)
    }
    var corner: Int64 = 0
    let corners = steps.map { step in
      corner &+= step.unzigzagged
      return corner
    }
    return MapElement(id: id, shape: .line(corners), tags: try tags(words))
  }

  private func relation(_ element: ProtobufReader) throws(TableError) -> MapElement {
    let (id, words, lists) = try readable(error) { () throws(ProtobufError) -> (Int64, Words, [Int: [UInt64]]) in
      var (element, id, words, lists) = (element, Int64(0), Words(), [Int: [UInt64]]())
      while let field = try element.next() {
        switch field.number {
        case 1: id = try element.signed(field)
        case 2: words.keys = try element.packed(field)
        case 3: words.values = try element.packed(field)
        case 8, 9, 10: lists[field.number] = try element.packed(field)
        default: try element.skip(field)
        }
      }
      return (id, words, lists)
    }
    let (roles, steps, types) = (lists[8] ?? [], lists[9] ?? [], lists[10] ?? [])
    guard roles.count == steps.count, types.count == steps.count else {
      throw error("a relation's members lack roles or types: fetch the file anew")
    }
    var (member, ways): (Int64, [Int64]) = (0, [])
    for index in steps.indices {
      member &+= steps[index].unzigzagged
      // 0 is a point, 1 a way, 2 a relation.
      if types[index] == 1, MapElement.isOutside(role: try text(roles[index])) { ways.append(member) }
    }
    return MapElement(id: id, shape: .area(ways), tags: try tags(words))
  }
}
