/// `locations.geojson`: areas that are served on demand.
///
/// SQLite takes the JSON apart.
enum LocationsFile {
  static let name = "locations.geojson"
  /// More than any feed's areas take.
  static let sizeMax = 64 << 20

  static func read(_ stream: any ByteStream, into context: ImportContext) throws(FeedError) {
    guard let text = try whole(stream) else {
      context.notices.add(.unreadableLocations, .fileLeftOut, file: name, value: "more than \(sizeMax >> 20) MB")
      return
    }
    do throws(GraphError) {
      try add(text, context)
    } catch {
      // What SQLite cannot take apart is no JSON; a disk that is full shows at the next row.
      context.notices.add(.unreadableLocations, .fileLeftOut, file: name)
    }
  }

  private static func add(_ text: String, _ context: ImportContext) throws(GraphError) {
    let statement = try context.writer.database.prepare(
      """
      select json_extract(value, '$.id'), json_extract(value, '$.properties.stop_name'),
        json_extract(value, '$.properties.stop_desc'), json_extract(value, '$.geometry')
      from json_each(?, '$.features')
      """)
    var parameters = statement.parameters
    parameters.bind(text)
    var index = 0
    while try statement.step() {
      index += 1
      var columns = statement.row
      let (id, stopName, about, geometry): (String?, String?, String?, String?) = (
        columns.next(), columns.next(), columns.next(), columns.next()
      )
      func notice(_ code: NoticeCode, _ field: String, _ value: String?) {
        context.notices.add(code, .rowLeftOut, file: name, line: nil, field: field, value: value ?? "feature \(index)")
      }
      guard let id, !id.isEmpty else {
        notice(.missingRequiredField, "id", nil)
        continue
      }
      guard let geometry else {
        notice(.missingRequiredField, "geometry", id)
        continue
      }
      guard withBytes(of: id, { context.locations.insert($0) }) else {
        notice(.duplicateKey, "id", id)
        continue
      }
      context.add(
        LocationRow(feed: context.feed, locationID: id, stopName: stopName, stopDesc: about, geometry: geometry))
    }
  }

  private static func whole(_ stream: any ByteStream) throws(FeedError) -> String? {
    let text = try TextStream(stream)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { piece.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try text.read(into: piece)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: piece[..<count])
      if bytes.count > sizeMax { return nil }
    }
  }
}
