import CZlib
import Kernel

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
      var (type, size) = ("", -1)
      try fields(bytes[place..<(place + length)], start) { field in
        if field.number == 1 { type = field.text }
        if field.number == 3 { size = Int(truncatingIfNeeded: field.value) }
      }
      place += length
      guard size >= 0, size <= Self.blockMax, place + size <= bytes.count else {
        throw error(start, "it ends within a block: fetch it anew")
      }
      let content = bytes[place..<(place + size)]
      place += size
      switch type {
      case "OSMHeader": try checkFeatures(try unpacked(content, start), start)
      case "OSMData": try MapBlock(try unpacked(content, start)) { error(start, $0) }.read(each)
      default: break
      }
    }
  }

  private func error(_ place: Int, _ complaint: String) -> TableError {
    TableError(file: file.name, line: 1, complaint: "at byte \(place): \(complaint)")
  }

  private func fields(
    _ bytes: ArraySlice<UInt8>, _ place: Int, _ each: (ProtobufField) -> Void
  ) throws(TableError) {
    var reader = ProtobufReader(bytes)
    while let field = reader.next() { each(field) }
    if reader.isBroken { throw error(place, "a block is broken: fetch the file anew") }
  }

  private func checkFeatures(_ bytes: ArraySlice<UInt8>, _ place: Int) throws(TableError) {
    var unknown: String?
    try fields(bytes, place) { field in
      if field.number == 4, !Self.features.contains(field.text) { unknown = field.text }
    }
    if let unknown { throw error(place, "it needs \(unknown), which is not known here: write it as a plain extract") }
  }

  private func unpacked(_ bytes: ArraySlice<UInt8>, _ place: Int) throws(TableError) -> ArraySlice<UInt8> {
    var (plain, packed, size): (ArraySlice<UInt8>?, ArraySlice<UInt8>?, Int) = (nil, nil, 0)
    try fields(bytes, place) { field in
      switch field.number {
      case 1: plain = field.bytes
      case 2: size = Int(truncatingIfNeeded: field.value)
      case 3: packed = field.bytes
      default: break
      }
    }
    if let plain { return plain }
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
    return result[...]
  }
}

/// A block of points and ways, its texts and numbers looked up.
private struct MapBlock {
  private let error: (String) -> TableError
  private var texts: [ArraySlice<UInt8>] = []
  private var groups: [ArraySlice<UInt8>] = []
  private var granularity: Int64 = 100
  private var north: Int64 = 0
  private var east: Int64 = 0

  init(_ bytes: ArraySlice<UInt8>, _ error: @escaping (String) -> TableError) throws(TableError) {
    self.error = error
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch field.number {
      case 1:
        var table = ProtobufReader(field.bytes)
        while let text = table.next() { texts.append(text.bytes) }
      case 2: groups.append(field.bytes)
      case 17: granularity = Int64(truncatingIfNeeded: field.value)
      case 19: north = Int64(bitPattern: field.value)
      case 20: east = Int64(bitPattern: field.value)
      default: break
      }
    }
    if reader.isBroken { throw error("a block is broken: fetch the file anew") }
  }

  func read(_ each: (MapElement) throws(TableError) -> Void) throws(TableError) {
    for group in groups {
      var reader = ProtobufReader(group)
      while let field = reader.next() {
        switch field.number {
        case 1: try each(try point(field.bytes))
        case 2: try points(field.bytes, each)
        case 3: try each(try way(field.bytes))
        default: break
        }
      }
      if reader.isBroken { throw error("a block is broken: fetch the file anew") }
    }
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

  private func tags(_ keys: [UInt64], _ values: [UInt64]) throws(TableError) -> [String: String] {
    var tags: [String: String] = [:]
    for (key, value) in zip(keys, values) { tags[try text(key)] = try text(value) }
    return tags
  }

  private func point(_ bytes: ArraySlice<UInt8>) throws(TableError) -> MapElement {
    var reader = ProtobufReader(bytes)
    var (id, latitude, longitude): (Int64, Int64, Int64) = (0, 0, 0)
    var (keys, values): ([UInt64], [UInt64]) = ([], [])
    while let field = reader.next() {
      switch field.number {
      case 1: id = field.value.unzigzagged
      case 2: keys = field.numbers
      case 3: values = field.numbers
      case 8: latitude = field.value.unzigzagged
      case 9: longitude = field.value.unzigzagged
      default: break
      }
    }
    return MapElement(id: id, shape: .point(try coordinate(latitude, longitude)), tags: try tags(keys, values))
  }

  /// Points packed as differences, their tags behind each other with a zero between.
  private func points(
    _ bytes: ArraySlice<UInt8>, _ each: (MapElement) throws(TableError) -> Void
  ) throws(TableError) {
    var reader = ProtobufReader(bytes)
    var (ids, latitudes, longitudes, words): ([UInt64], [UInt64], [UInt64], [UInt64]) = ([], [], [], [])
    while let field = reader.next() {
      switch field.number {
      case 1: ids = field.numbers
      case 8: latitudes = field.numbers
      case 9: longitudes = field.numbers
      case 10: words = field.numbers
      default: break
      }
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

  private func way(_ bytes: ArraySlice<UInt8>) throws(TableError) -> MapElement {
    var reader = ProtobufReader(bytes)
    var id: Int64 = 0
    var (keys, values, corners): ([UInt64], [UInt64], [Int64]) = ([], [], [])
    while let field = reader.next() {
      switch field.number {
      case 1: id = Int64(bitPattern: field.value)
      case 2: keys = field.numbers
      case 3: values = field.numbers
      case 8:
        var corner: Int64 = 0
        corners = field.numbers.map { step in
          corner &+= step.unzigzagged
          return corner
        }
      default: break
      }
    }
    return MapElement(id: id, shape: .line(corners), tags: try tags(keys, values))
  }
}
